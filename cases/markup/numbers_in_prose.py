"""Numbers typed by hand: what a body says in figures that no token binds.

A first detector, on purpose wide: digits, Chinese numerals with scale words, 成/倍/半/翻番,
English number words. What is no measurement is exempt, with the reason: a date, a name (5V, P2P),
a constant (marked ``[5万元]{constant}`` in the text, or listed by the caller).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from cases.markup.exhibits import Exhibit
from cases.markup.markdown import configured, parse_body
from cases.markup.prose_patterns import DATES, NAMES, NUMBERS
from cases.markup.tokens import TOKEN_SHAPE
from cases.markup.wording import CONSTANT, MARK

# Words bound to a condition, which may hold tokens; the condition itself is no prose.
_BOUND: Final = re.compile(rf"\[[^\[\]\n]{{1,400}}\](?={MARK.pattern})")
# Not prose: tokens, code spans, link targets, autolinks, entities, list numbers, table rules.
_HIDDEN: Final = (
    TOKEN_SHAPE,
    re.compile(r"(`+)(?!`)[^\n]*?(?<!`)\1(?!`)"),
    # only where a link follows its label: in [甲](55 家) there is none, and a title is read
    re.compile(r"""(?<=\])\([^()\s]*(?=\s*(?:"[^"\n]*"|'[^'\n]*')?\s*\))"""),
    re.compile(r"<[a-z][a-z0-9+.-]*:[^<>\s]*>", re.IGNORECASE),
    re.compile(r"&#?\w{1,31};", re.ASCII),
    MARK,
    re.compile(r"^[ \t]*(?:>[ \t]*)*\d{1,9}[.)](?=[ \t])", re.MULTILINE),
)


@dataclass(frozen=True, slots=True)
class ProseNumber:
    """A number found at a line and column (from 1); ``exempt`` is the reason, None = unbound.

    Reasons: date, name, constant, and wording for what a condition binds.
    """

    line: int
    column: int
    text: str
    exempt: str | None


def numbers_in_prose(body: str, *, constants: Collection[str] = ()) -> tuple[ProseNumber, ...]:
    """The numbers typed into a body, in order, exhibits' captions included.

    ``constants`` are phrases of the text, such as "低于5万元", whose numbers define something.
    """
    parsed = parse_body(body)
    found = list(_found(_without_fences(body), 1, constants))
    for exhibit in parsed.exhibits:
        found += _in_captions(exhibit, constants)
    return tuple(sorted(found, key=lambda number: (number.line, number.column)))


def unbound_numbers(body: str, *, constants: Collection[str] = ()) -> tuple[ProseNumber, ...]:
    """Only those that neither a token nor an exemption accounts for."""
    found = numbers_in_prose(body, constants=constants)
    return tuple(number for number in found if number.exempt is None)


def _in_captions(exhibit: Exhibit, constants: Collection[str]) -> Iterator[ProseNumber]:
    for prose in exhibit.texts:
        yield from _found(prose.text, prose.line, constants)


def _without_fences(body: str) -> str:
    """The body with its fences and code blocks blanked, line for line."""
    lines = body.split("\n")
    for node in configured().parse(body):
        if node.type in ("fence", "code_block") and node.map:
            for at in range(node.map[0], min(node.map[1], len(lines))):
                lines[at] = ""
    return "\n".join(lines)


def _found(text: str, line: int, constants: Collection[str]) -> Iterator[ProseNumber]:
    bound = [match.span() for match in _BOUND.finditer(text)]
    for pattern in _HIDDEN:
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    passed = 0
    for at, prose in enumerate(text.split("\n"), start=line):
        end = passed + len(prose)
        here = [(a - passed, b - passed, "wording") for a, b in bound if passed <= a and b <= end]
        yield from _in_line(prose, at, constants, here)
        passed = end + 1


def _in_line(
    prose: str, line: int, constants: Collection[str], bound: Iterable[tuple[int, int, str]]
) -> Iterator[ProseNumber]:
    exempt = [
        *bound,
        *(span for pattern in NAMES for span in _spans(pattern.finditer(prose), "name")),
        *(span for pattern in DATES for span in _spans(pattern.finditer(prose), "date")),
        *_phrases(prose, constants),
        *_spans(CONSTANT.finditer(prose), "constant"),
    ]
    reasons: list[str | None] = [None] * len(prose)
    for start, end, why in exempt:
        reasons[start:end] = [why] * (end - start)
    for start, end in _merged(m.span() for pattern in NUMBERS for m in pattern.finditer(prose)):
        reason = reasons[start] if all(reasons[start:end]) else None
        yield ProseNumber(line, start + 1, prose[start:end], reason)


def _spans(matches: Iterable[re.Match[str]], reason: str) -> Iterator[tuple[int, int, str]]:
    return ((match.start(), match.end(), reason) for match in matches)


def _phrases(prose: str, constants: Collection[str]) -> Iterator[tuple[int, int, str]]:
    for phrase in constants:
        yield from _spans(re.finditer(re.escape(phrase), prose), "constant")


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Overlapping spans as one."""
    open_start, open_end = -1, -1
    for start, end in sorted(spans):
        if start >= open_end:
            if open_end >= 0:
                yield open_start, open_end
            open_start, open_end = start, end
        open_end = max(open_end, end)
    if open_end >= 0:
        yield open_start, open_end
