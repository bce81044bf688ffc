"""Joining what two people made of the same text."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TypeVar

from cases.markup.paragraphs import paragraphs
from cases.markup.text import Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Merged:
    """The joined text; ``kept`` counts the places where both wrote and mine was kept."""

    text: Text
    kept: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Paragraphs start to end of base become these; none between start and end: they are put in."""

    start: int
    end: int
    sources: list[str]


@dataclass(slots=True)
class Place:
    """Where one side, or both, edited base."""

    start: int
    end: int
    mine: list[Edit] = field(default_factory=list)
    theirs: list[Edit] = field(default_factory=list)

    def overlaps(self, edit: Edit) -> bool:
        """Whether an edit that begins no earlier touches the same; side by side does not."""
        if edit.start == edit.end:
            return edit.start < self.end or self.start == self.end == edit.start
        return edit.start < self.end


def merged(base: Text, mine: Text, theirs: Text) -> Merged:
    """Both sets of changes to ``base``, paragraph by paragraph.

    Where only one of the two changed a paragraph, that change is taken; where both did, and not
    alike, mine stays.
    """
    title, title_kept = _one(base.title, mine.title, theirs.title)
    standfirst, standfirst_kept = _one(base.standfirst, mine.standfirst, theirs.standfirst)
    sources, kept = _body(*(_sources(text.body) for text in (base, mine, theirs)))
    body = "\n\n".join(sources) + "\n"
    return Merged(Text(title, standfirst, body), kept + title_kept + standfirst_kept)


def _one(base: T, mine: T, theirs: T) -> tuple[T, bool]:
    """What stands in one place, and whether mine was kept over theirs."""
    if theirs in (base, mine):
        return mine, False
    if mine == base:
        return theirs, False
    return mine, True


def _sources(body: str) -> list[str]:
    return [paragraph.source for paragraph in paragraphs(body)]


def _body(base: list[str], mine: list[str], theirs: list[str]) -> tuple[list[str], int]:
    """The joined paragraphs, and in how many places mine was kept over theirs."""
    joined: list[str] = []
    at = kept = 0
    for place in _places(_edits(base, mine), _edits(base, theirs)):
        joined += base[at : place.start]
        chosen, is_kept = _one(
            base[place.start : place.end],
            _applied(base, place, place.mine),
            _applied(base, place, place.theirs),
        )
        joined += chosen
        kept += is_kept
        at = place.end
    return joined + base[at:], kept


def _edits(base: list[str], changed: list[str]) -> list[Edit]:
    opcodes = SequenceMatcher(None, base, changed, autojunk=False).get_opcodes()
    return [Edit(i1, i2, changed[j1:j2]) for tag, i1, i2, j1, j2 in opcodes if tag != "equal"]


def _places(mine: list[Edit], theirs: list[Edit]) -> list[Place]:
    """Where base was edited; what overlaps is one place."""
    places: list[Place] = []
    both = [(edit, True) for edit in mine] + [(edit, False) for edit in theirs]
    for edit, is_mine in sorted(both, key=lambda pair: (pair[0].start, pair[0].end)):
        if not (places and places[-1].overlaps(edit)):
            places.append(Place(edit.start, edit.end))
        place = places[-1]
        place.end = max(place.end, edit.end)
        (place.mine if is_mine else place.theirs).append(edit)
    return places


def _applied(base: list[str], place: Place, edits: list[Edit]) -> list[str]:
    """The paragraphs of a place after the edits of one side."""
    result: list[str] = []
    at = place.start
    for edit in edits:
        result += base[at : edit.start] + edit.sources
        at = edit.end
    return result + base[at : place.end]
