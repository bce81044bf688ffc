"""Tokens: references in prose to stored values, ``{{ series@period | filter | … }}``.

Grammar (spaces around every part are free, a token stays on one line):

    token   = "{{" series "@" period { "|" filter } "}}"
    series  = entity "." indicator [ "." frequency ]
    period  = a period code ("2018", "2018-Q4", "2007/2018", "undated") | "latest" | "previous"
    filter  = transform | "round:" digits | "scale:" name | "plain" | "unit"
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from cases.markup.errors import TokenError, not_found
from metrics.stats.periods import Period, PeriodError
from metrics.stats.phrases import Phrase

TRANSFORMS: Final = ("lin", "chg", "ch1", "pch", "pc1", "pca", "cch", "cca", "log")
SCALES: Final = (
    "个", "万", "亿", "万亿", "one", "thousand", "million", "billion", "trillion",
)  # fmt: skip
RELATIVE_PERIODS: Final = ("latest", "previous")
ALL_PERIODS: Final = "*"  # what an exhibit without a period quotes; never written in a token
MAX_TOKEN_LENGTH: Final = 240
MAX_DECIMALS: Final = 9

SERIES_KEY: Final = re.compile(r"[a-z0-9-]+\.[a-z0-9-]+(\.[smqwda])?", re.ASCII)
TOKEN_SHAPE: Final = re.compile(rf"\{{\{{[^{{}}\n]{{1,{MAX_TOKEN_LENGTH}}}\}}\}}")

EXPECTED_SHAPE: Final = Phrase("expected {{ series@period }}, closed on the same line")
EXPECTED_SERIES: Final = Phrase("expected a series key such as webank.registered-users")
EXPECTED_PERIOD: Final = Phrase(
    "expected a period such as 2018, 2018-Q4, 2018-12, 2007/2018, undated, latest or previous"
)
EXPECTED_FILTER: Final = Phrase(
    "expected one of %(transforms)s, round:n, scale:name, plain, unit",
    transforms=", ".join(TRANSFORMS),
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell (series, period expression, transform) and how it is to be printed.

    ``period`` is a canonical period code, "latest", "previous", or "*" for all periods (exhibits
    only). ``round_to`` is a number of decimals after scaling; None leaves it to the value.
    """

    series: str
    period: str
    transform: str = "lin"
    round_to: int | None = None
    scale: str | None = None
    plain: bool = False
    unit: bool = False

    @property
    def cell(self) -> Reference:
        """The same cell without any wish about print: what has to be loaded."""
        return Reference(self.series, self.period, self.transform)

    @property
    def text(self) -> str:
        """The canonical token for this reference."""
        filters = [] if self.transform == "lin" else [self.transform]
        filters += [] if self.round_to is None else [f"round:{self.round_to}"]
        filters += [] if self.scale is None else [f"scale:{self.scale}"]
        filters += [name for name in ("plain", "unit") if getattr(self, name)]
        return "{{ " + " | ".join([f"{self.series}@{self.period}", *filters]) + " }}"


@dataclass(frozen=True, slots=True)
class Token:
    """A reference found in a text, at ``text[start:end] == raw``."""

    reference: Reference
    raw: str
    start: int
    end: int

    @property
    def series(self) -> str:
        return self.reference.series

    @property
    def period(self) -> str:
        return self.reference.period


def parse_token(text: str) -> Token:
    """The token that ``text`` is, braces included; TokenError with the column of the fault."""
    if not TOKEN_SHAPE.fullmatch(text):
        raise TokenError(EXPECTED_SHAPE)
    try:
        reference = parse_reference(text[2:-2])
    except TokenError as error:
        raise error.moved(columns=2) from None
    return Token(reference, text, 0, len(text))


def find_tokens(text: str) -> tuple[Token, ...]:
    """Every token of a plain text, in order; any other ``{{`` is a TokenError.

    Code spans and fences mean nothing here: this reads titles and captions. For a Markdown body
    see ``cases.markup.markdown.parse_body``.
    """
    found: list[Token] = []
    start = text.find("{{")
    while start != -1:
        token = token_at(text, start)
        found.append(token)
        start = text.find("{{", token.end)
    return tuple(found)


def token_at(text: str, start: int) -> Token:
    """The token that begins at ``start``; TokenError places are those of ``text``."""
    match = TOKEN_SHAPE.match(text, start)
    try:
        if match is None:
            raise TokenError(EXPECTED_SHAPE)
        return replace(parse_token(match[0]), start=start, end=match.end())
    except TokenError as error:
        line, column = place_of(text, start)
        raise error.moved(lines=line - 1, columns=column - 1) from None


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset into ``text``."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def parse_reference(text: str) -> Reference:
    """The inside of a token, ``series@period | filter``, as exhibits also write it."""
    head, *filters = text.split("|")
    reference = _parse_cell(head)
    column = len(head) + 2
    seen: set[str] = set()
    for part in filters:
        reference = _with_filter(reference, part, column, seen)
        column += len(part) + 1
    return reference


def _parse_cell(head: str) -> Reference:
    series, at, period = head.partition("@")
    column = 1 + len(series) - len(series.lstrip())
    if not SERIES_KEY.fullmatch(series.strip()):
        raise TokenError(not_found(EXPECTED_SERIES, series.strip()), 1, column)
    column = len(series) + len(at) + 1
    if not at:
        raise TokenError(Phrase("%(expected)s, after an @", expected=EXPECTED_PERIOD), 1, column)
    column += len(period) - len(period.lstrip())
    return Reference(series.strip(), parse_period(period.strip(), column=column))


def parse_period(text: str, *, line: int = 1, column: int = 1) -> str:
    """The canonical code of a period expression; TokenError where it is none."""
    if text in RELATIVE_PERIODS:
        return text
    try:
        return Period.parse(text).code
    except PeriodError:
        raise TokenError(not_found(EXPECTED_PERIOD, text), line, column) from None


def _with_filter(reference: Reference, part: str, column: int, seen: set[str]) -> Reference:
    text = part.strip()
    column += len(part) - len(part.lstrip())
    name, _, argument = (piece.strip() for piece in text.partition(":"))
    slot = "transform" if text in TRANSFORMS else name
    if slot in seen:
        message = Phrase(
            "expected each filter once, and one transform; %(found)s is one more", found=repr(text)
        )
        raise TokenError(message, 1, column)
    seen.add(slot)
    if slot == "transform":
        return replace(reference, transform=text)
    if text == "plain":
        return replace(reference, plain=True)
    if text == "unit":
        return replace(reference, unit=True)
    if name == "round":
        return replace(reference, round_to=_decimals(argument, column))
    if name == "scale":
        return replace(reference, scale=_scale(argument, column))
    raise TokenError(not_found(EXPECTED_FILTER, text), 1, column)


def _decimals(argument: str, column: int) -> int:
    if not re.fullmatch(r"[0-9]", argument):
        expected = Phrase("expected round:0 to round:%(most)s", most=MAX_DECIMALS)
        raise TokenError(not_found(expected, f"round:{argument}"), 1, column)
    return int(argument)


def _scale(argument: str, column: int) -> str:
    if argument not in SCALES:
        expected = Phrase("expected scale: and one of %(scales)s", scales=", ".join(SCALES))
        raise TokenError(not_found(expected, f"scale:{argument}"), 1, column)
    return argument
