"""A text as the markup sees it: a plain title, an inline standfirst, a Markdown body."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

from cases.markup.cells import references_of
from cases.markup.errors import MarkupError
from cases.markup.markdown import Parsed, parse_body, parse_line
from cases.markup.tokens import Reference, Token, find_tokens
from cases.markup.wording import WordingError, cells_of_line, wordings_of_line

MAX_TITLE: Final = 300
MAX_STANDFIRST: Final = 1_000


class TextParts(Protocol):
    """Anything with the three parts: a Document, a revision, a form's cleaned data."""

    @property
    def title(self) -> str: ...
    @property
    def standfirst(self) -> str: ...
    @property
    def body(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Text:
    """The three parts, for callers that hold them as strings."""

    title: str
    standfirst: str
    body: str


def tidied(title: str, standfirst: str, body: str) -> Text:
    """The three parts as they are stored, from what a browser sends.

    The title trimmed, the standfirst on one line, the body with LF line ends, without blank lines
    around it and with one final newline.
    """
    lines = body.replace("\r\n", "\n").replace("\r", "\n")
    return Text(title.strip(), " ".join(standfirst.split()), lines.strip("\n") + "\n")


@dataclass(frozen=True)
class ParsedText:
    """Faults carry the part they are in; their lines count from 1 in that part.

    ``title_cells`` are those of the conditions in the title.

    Rendering changes nothing in it, so it may be kept and rendered again.
    """

    title: tuple[Token, ...]
    title_cells: tuple[Reference, ...]
    standfirst: Parsed
    body: Parsed
    faults: tuple[MarkupError, ...]

    @cached_property
    def cells(self) -> tuple[Reference, ...]:
        """As ``references.cells_of`` gives them."""
        found = [token.reference for token in self.title]
        found += self.title_cells
        found += references_of(self.standfirst)
        found += references_of(self.body)
        return tuple(dict.fromkeys(reference.cell for reference in found))


def parse_text(text: TextParts) -> ParsedText:
    """All three parts parsed; never raises for what they say."""
    title, title_faults = _parse_title(text.title)
    standfirst, body = parse_line(text.standfirst), parse_body(text.body)
    faults = [
        *(fault.moved(part="title") for fault in title_faults),
        *(fault.moved(part="standfirst") for fault in standfirst.faults),
        *(fault.moved(part="body") for fault in body.faults),
    ]
    return ParsedText(title, tuple(cells_of_line(text.title)), standfirst, body, tuple(faults))


def problems_in(text: TextParts) -> tuple[MarkupError, ...]:
    """Every fault of a text, in reading order."""
    return parse_text(text).faults


def _parse_title(title: str) -> tuple[tuple[Token, ...], tuple[MarkupError, ...]]:
    wrong = [one for one in wordings_of_line(title) if isinstance(one, WordingError)]
    try:
        return find_tokens(title), tuple(wrong)
    except MarkupError as error:
        return (), (error, *wrong)
