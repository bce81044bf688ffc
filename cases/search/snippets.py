"""What is shown of a text that was found: a passage of it with the terms marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cases.search.queries import Query
from cases.search.tokens import TOKEN, fold, lexemes_of

LENGTHS: Final = {"en": 220}  # characters of a snippet
LENGTH: Final = 110  # of a Chinese one
MOST_MARKS: Final = 60  # looked at to choose the passage
ELLIPSIS: Final = "…"
_AHEAD: Final = 0.25  # of a snippet before its first mark


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of plain text, not escaped."""

    text: str
    is_marked: bool = False


# start, end, and what was found
Mark = tuple[int, int, str]


def marked(text: str, query: Query) -> tuple[Part, ...]:
    """The whole text, its terms marked."""
    return _parts(text, list(marks(text, query)), 0, len(text))


def snippet(text: str, query: Query, language: str) -> tuple[Part, ...]:
    """The passage with the most different terms, marked; the beginning where there is none."""
    length = LENGTHS.get(language, LENGTH)
    found = list(_some(marks(text, query)))
    start = _start(text, found, length)
    end = _edge(text, min(len(text), start + length))
    return (
        *((Part(ELLIPSIS),) if start else ()),
        *_parts(text, found, start, end),
        *((Part(ELLIPSIS),) if end < len(text) else ()),
    )


def marks(text: str, query: Query) -> Iterator[Mark]:
    """Where the terms of a query stand in a text, in order."""
    starts = tuple({lexeme[:3] for lexeme in query.lexemes})
    for match in TOKEN.finditer(fold(text)):
        token = match[0]
        if match["han"]:
            yield from _runs(match, query)
        elif token.startswith(starts) or match["number"]:  # before a stem is looked for
            found = next((one for together in lexemes_of(match) for one in together
                          if one in query.lexemes), "")  # fmt: skip
            if found:
                name = "word" if match["word"] else "number"
                yield match.start(name), match.end(name), found


def _runs(match: re.Match[str], query: Query) -> Iterator[Mark]:
    run, at = match[0], 0
    while found := min(
        ((place, one) for one in query.runs if (place := run.find(one, at)) >= 0), default=None
    ):
        place, one = found
        at = place + len(one)
        yield match.start() + place, match.start() + at, one


def _some(found: Iterator[Mark]) -> Iterator[Mark]:
    for _number, mark in zip(range(MOST_MARKS), found, strict=False):
        yield mark


def _start(text: str, found: list[Mark], length: int) -> int:
    """Where the passage begins: at a word, a little before its first mark."""
    if not found or len(text) <= length:
        return 0

    def richness(first: Mark) -> int:
        reach = first[0] + int(length * (1 - _AHEAD))
        return len({what for start, end, what in found if start >= first[0] and end <= reach})

    best = max(found, key=richness)[0]  # the first of those
    start = max(0, best - int(length * _AHEAD))
    line = text.rfind("\n", start, best)
    if line >= 0:
        return line + 1
    return _edge(text, start) if start else 0


def _edge(text: str, at: int) -> int:
    """The nearest place before `at` that is not inside of a Latin word."""
    edge = at
    while 0 < edge < len(text) and at - edge < 20 and _is_within(text, edge):
        edge -= 1
    return edge if at - edge < 20 else at


def _is_within(text: str, at: int) -> bool:
    return text[at - 1 : at + 1].isascii() and text[at - 1 : at + 1].isalnum()


def _parts(text: str, found: list[Mark], start: int, end: int) -> tuple[Part, ...]:
    parts, at = [], start
    for first, last, _what in found:
        if first < at or last > end:
            continue
        parts += [Part(text[at:first]), Part(text[first:last], is_marked=True)]
        at = last
    parts.append(Part(text[at:end]))
    return tuple(part for part in parts if part.text)
