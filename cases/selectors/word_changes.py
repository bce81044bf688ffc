"""What an author changed between two texts: title, standfirst, paragraphs and exhibits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from cases.markup.difference import Pair, Piece, paragraph_pairs, pieces_of
from cases.markup.paragraphs import Paragraph, paragraphs
from cases.markup.render import plain_line, plain_text
from cases.markup.text import TextParts
from cases.selectors.figures import Figures

# What a page lists of the changes; the rest is counted.
MOST_LISTED: Final = 60


class Shown(Protocol):
    """How the parts of a text are put into words before they are compared."""

    def line(self, text: str, /) -> str: ...
    def paragraph(self, source: str, /) -> str: ...


@dataclass(frozen=True, slots=True)
class AsRead:
    """As readers get it, with the figures of a moment; an exhibit is told by its captions."""

    figures: Figures

    def line(self, text: str, /) -> str:
        return plain_line(text, language=self.figures.language, resolver=self.figures)

    def paragraph(self, source: str, /) -> str:
        return plain_text(source, language=self.figures.language, resolver=self.figures)


@dataclass(frozen=True, slots=True)
class AsWritten:
    """As its author typed it."""

    def line(self, text: str, /) -> str:
        return text

    def paragraph(self, source: str, /) -> str:
        return source


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """A part of a text (title, standfirst, paragraph or exhibit) before and after, in pieces."""

    part: str
    pieces: tuple[Piece, ...]
    is_new: bool = False
    is_gone: bool = False

    @property
    def is_form_only(self) -> bool:
        """The words are the same: a link, an emphasis, or what an exhibit draws is not."""
        in_both = not (self.is_new or self.is_gone)
        return in_both and all(piece.kind == "same" for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Passage:
    """A part that changed, or how many paragraphs in a row are the same."""

    change: ParagraphChange | None = None
    same: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts side by side, in reading order; `further` changes are not listed."""

    passages: tuple[Passage, ...]
    further: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.further and all(one.change is None for one in self.passages)


def word_changes(
    before: TextParts, after: TextParts, shown: Shown, shown_after: Shown
) -> list[ParagraphChange]:
    """What an author changed, in reading order; a figure alone is no change of words."""
    parts = _parts(before, after, shown, shown_after)
    return [change for change in parts if change is not None]


def compared(
    before: TextParts, after: TextParts, shown: Shown, shown_after: Shown | None = None
) -> Compared:
    """The changes with the paragraphs between them counted; at most MOST_LISTED changes."""
    passages = list(_passages(_parts(before, after, shown, shown_after or shown)))
    changed = [at for at, passage in enumerate(passages) if passage.change is not None]
    if len(changed) <= MOST_LISTED:
        return Compared(tuple(passages))
    return Compared(tuple(passages[: changed[MOST_LISTED]]), len(changed) - MOST_LISTED)


def _passages(parts: Iterable[ParagraphChange | None]) -> Iterator[Passage]:
    same = 0
    for change in parts:
        if change is None:
            same += 1
            continue
        if same:
            yield Passage(same=same)
            same = 0
        yield Passage(change)
    if same:
        yield Passage(same=same)


def _parts(
    before: TextParts, after: TextParts, shown: Shown, shown_after: Shown
) -> Iterator[ParagraphChange | None]:
    """Every part that changed; None for a paragraph that is the same."""
    for part in ("title", "standfirst"):
        old, new = getattr(before, part), getattr(after, part)
        if old != new:
            yield _change(part, Pair(shown.line(old) or None, shown_after.line(new) or None))
    for pair in paragraph_pairs(_sources(before.body), _sources(after.body)):
        yield None if pair.is_same else _paragraph_change(pair, shown, shown_after)


def _paragraph_change(pair: Pair, shown: Shown, shown_after: Shown) -> ParagraphChange:
    old = None if pair.before is None else shown.paragraph(pair.before)
    new = None if pair.after is None else shown_after.paragraph(pair.after)
    return _change(_part(pair), Pair(old, new))


def _sources(body: str) -> list[str]:
    return [paragraph.source for paragraph in paragraphs(body)]


def _part(pair: Pair) -> str:
    source = pair.before if pair.after is None else pair.after
    return "exhibit" if Paragraph(1, source or "").is_exhibit else "paragraph"


def _change(part: str, words: Pair) -> ParagraphChange:
    return ParagraphChange(
        part, pieces_of(words), is_new=words.before is None, is_gone=words.after is None
    )
