"""What was said without a language, in the language in force."""

from django.utils.translation import gettext

from metrics.stats.phrases import Phrase


def translated(words: str) -> str:
    """A Phrase in the language in force, its params likewise; any other text as it is."""
    if not isinstance(words, Phrase):
        return words
    params = {
        name: translated(value) if isinstance(value, str) else value
        for name, value in words.params.items()
    }
    return gettext(words.template) % params
