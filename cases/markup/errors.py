"""Errors that name the place in the text and say what is expected there."""

from __future__ import annotations

from typing import Self

from metrics.stats.phrases import Phrase


class MarkupError(ValueError):
    """Something in a text cannot be read. Lines and columns count from 1.

    ``message`` is a Phrase wherever the markup raises it (``metrics.translation`` says it again).
    ``part`` is "title", "standfirst" or "body" where the text is not a file; ``filename`` is set
    where it is one, and ``line`` then counts in the file.
    """

    def __init__(
        self, message: str, line: int = 1, column: int = 1, *, filename: str = "", part: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.filename = filename
        self.part = part

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}"
        if self.filename:
            place = f"{self.filename}:{self.line}:{self.column}"
        elif self.part:
            place = f"{self.part}, {place}"
        return f"{place}: {self.message}"

    def moved(
        self, *, lines: int = 0, columns: int = 0, filename: str = "", part: str = ""
    ) -> Self:
        """The same error seen from a larger text: ``lines`` further down, in ``filename``.

        ``columns`` moves the first line only, since the others start at the margin.
        """
        column = self.column + (columns if self.line == 1 else 0)
        return type(self)(
            self.message,
            self.line + lines,
            column,
            filename=filename or self.filename,
            part=part or self.part,
        )


class TokenError(MarkupError):
    """A ``{{ series@period }}`` token does not follow the grammar."""


class ExhibitError(MarkupError):
    """The YAML of a fenced exhibit is not what the exhibit expects."""


class DocumentError(MarkupError):
    """A content file lacks its front matter, or holds what no document may hold."""


def not_found(expected: str, found: str) -> Phrase:
    """What is expected, and the text that stands there instead."""
    return Phrase("%(expected)s, not %(found)s", expected=expected, found=repr(found))
