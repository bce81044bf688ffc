"""What can go wrong when the embedded database starts, in words for the person who ran it."""


class EmbeddedDatabaseError(Exception):
    """The message says what was found and what to do about it."""
