"""Words that claim something of values and are bound to none: what a condition could say of them.

A list of words in both languages. A hint blocks nothing: 增长 is as often a noun as a claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cases.markup.claims import BODY, STANDFIRST, TITLE
from cases.markup.errors import MarkupError
from cases.markup.text import TextParts
from cases.markup.tokens import TOKEN_SHAPE, parse_token
from cases.markup.wording import SPAN

MOST_HINTS: Final = 100


@dataclass(frozen=True, slots=True)
class Hint:
    """Unbound words at a line (from 1) of a part, and a condition to begin from."""

    part: str
    line: int
    words: str
    suggestion: str


def _english(words: str) -> str:
    return rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])"


# What words say → how a condition begins; {cell} is series@period, {rank} that of a rank.
_CLAIMS: Final = tuple(
    (re.compile(f"{chinese}|{_english(english)}", re.IGNORECASE), condition)
    for chinese, english, condition in (
        ("翻番|翻倍|翻一番|增加一倍|增长一倍",
         "more than doubled?|doubled|twice as (?:many|much|large)", "{cell} | pc1 > 100"),
        ("上升|增长|增加|提高|上涨|攀升|扩大",
         "rose|risen|grew|grown|increased|climbed|gained|expanded|up from", "{cell} | chg > 0"),
        ("下降|减少|降低|下滑|下跌|缩减",
         "fell|fallen|dropped|declined|decreased|shrank|down from", "{cell} | chg < 0"),
        ("过半|逾半|超过一半|一半以上|多数|大部分",
         "over half|more than half|a majority|most of", "{cell} > 50"),
        ("不到一半|少数", "under half|less than half|a minority", "{cell} < 50"),
        ("最大|最高|最多|第一|首位|居首|领先|龙头",
         "largest|biggest|highest|leading|ranked? first|number one|the top", "{rank} == 1"),
    )
)  # fmt: skip


def hints(text: TextParts) -> tuple[Hint, ...]:
    """The unbound words of a text, at most MOST_HINTS, in reading order."""
    found = [
        hint
        for part in (TITLE, STANDFIRST, BODY)
        for line, prose in enumerate(getattr(text, part).split("\n"), 1)
        for hint in _in_line(part, line, prose)
    ]
    return tuple(found[:MOST_HINTS])


def _in_line(part: str, line: int, prose: str) -> Iterator[Hint]:
    cell = _cell(prose)
    for shape in (SPAN, TOKEN_SHAPE):
        prose = shape.sub(lambda match: " " * len(match[0]), prose)
    taken: list[tuple[int, int]] = []
    matches = ((one, condition) for claim, condition in _CLAIMS for one in claim.finditer(prose))
    for match, condition in matches:
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        taken.append(match.span())
        yield Hint(part, line, match[0], condition.format(cell=cell, rank=_rank(cell)))


def _cell(prose: str) -> str:
    """The first cell that the line quotes: likely what its words are about."""
    token = TOKEN_SHAPE.search(prose)
    try:
        reference = parse_token(token[0]).reference if token else None
    except MarkupError:
        reference = None
    return f"{reference.series}@{reference.period}" if reference else "series@period"


def _rank(cell: str) -> str:
    series, _, period = cell.partition("@")
    return f"{series}-rank@{period}"
