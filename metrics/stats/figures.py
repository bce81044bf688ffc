"""Figures as sources state them, read into numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from metrics.stats.bounds import resolution_of
from metrics.stats.phrases import Phrase
from metrics.stats.scanner import (
    LEADING,
    PERCENT_WORD,
    SCALE_WORDS,
    Scanner,
    StatedFigureError,
)
from metrics.stats.stated_parts import (
    shifted,
    single_qualifier,
    take_currency,
    take_mantissa,
    take_more,
    take_scale,
    take_sign,
    take_trailing,
    take_unit,
)
from metrics.stats.stated_rank import RANKS, rank_number
from metrics.stats.stated_verbs import Verb, flipped, take_verb
from metrics.stats.stated_words import Spoken, spoken
from metrics.stats.wording import LEADING_QUALIFIERS, Qualifier

__all__ = ["UNIT_KINDS", "Qualifier", "StatedFigure", "StatedFigureError", "parse_stated"]

UNIT_KINDS = (
    "count",
    "currency",
    "percent",
    "growth",
    "points",
    "times",
    "duration",
    "rank",
    "index",
)

_TWO_SHIFTS = 2  # a factor of one is a hundred percent


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """What a stated figure says.

    ``value`` and ``resolution`` in the unit of the series (percent units for percent, growth and
    points; resolution None where the value is exact by nature, as a rank). ``scale`` is the scale
    word in full (``亿``, ``billion``, ``倍`` of a growth, else empty). ``unit_hint`` is a currency
    code, ``%``, ``points``, ``times`` or the counted noun as printed. ``text`` is the input.
    """

    value: Decimal
    resolution: Decimal | None
    qualifier: Qualifier
    scale: str
    unit_hint: str
    text: str


def parse_stated(text: str, *, unit_kind: str) -> StatedFigure:
    """Read a figure as a source prints it, in Chinese or English.

    ``unit_kind`` is one of UNIT_KINDS and settles the meaning: ``1.2倍`` is 120 for growth and 1.2
    for times; ``增至1.2倍`` is a growth of 20, ``下降5%`` one of -5 (stated_verbs); ``首位`` is 1
    for rank; 四成, 一半, 翻番, doubled and the like are in stated_words.
    Resolution is one unit of the last significant digit, trailing zeros of a whole mantissa not
    being significant. Raises StatedFigureError naming the place, and ValueError for an unknown
    unit kind.
    """
    if unit_kind not in UNIT_KINDS:
        raise ValueError(f"unit kind {unit_kind!r}: expected one of {', '.join(UNIT_KINDS)}")
    scanner = Scanner(text)
    return _rank(scanner) if unit_kind == "rank" else _quantity(scanner, unit_kind)


def _quantity(scanner: Scanner, unit_kind: str) -> StatedFigure:
    verb = take_verb(scanner, unit_kind)
    qualifiers = [LEADING_QUALIFIERS.get(scanner.take(LEADING).lower())]
    words = spoken(scanner, unit_kind)
    figure = (
        _spelled(scanner, words, qualifiers)
        if words
        else _in_digits(scanner, unit_kind, qualifiers)
    )
    return _told_by(verb, figure, scanner, unit_kind)


def _in_digits(
    scanner: Scanner, unit_kind: str, qualifiers: list[Qualifier | None]
) -> StatedFigure:
    is_relative = unit_kind in ("percent", "growth")
    sign = take_sign(scanner, unit_kind)
    currency = take_currency(scanner) if unit_kind == "currency" else ""
    is_percent = is_relative and bool(scanner.take(PERCENT_WORD))
    mantissa = take_mantissa(scanner, sign)
    qualifiers.append(take_more(scanner))
    scale = take_scale(scanner, unit_kind)
    qualifiers.append(take_more(scanner))
    hint = "%" if is_percent else take_unit(scanner, unit_kind, currency)
    qualifiers.append(take_more(scanner))
    qualifiers.append(take_trailing(scanner))
    scanner.finish()
    is_factor = unit_kind == "growth" and hint == "times"
    power = _TWO_SHIFTS if is_factor else SCALE_WORDS.get(scale, 0)
    return StatedFigure(
        value=shifted(Decimal(mantissa.replace(",", "")), power),
        resolution=shifted(resolution_of(mantissa), power),
        qualifier=single_qualifier(scanner, qualifiers),
        scale="倍" if is_factor else scale,
        unit_hint=hint,
        text=scanner.text,
    )


def _told_by(verb: Verb, figure: StatedFigure, scanner: Scanner, unit_kind: str) -> StatedFigure:
    """Check the verb against the unit, and tell a fall or what a figure became as its change."""
    if verb is Verb.NONE:
        return figure
    is_multiple = figure.unit_hint == "times"
    if unit_kind == "times" and verb is not Verb.BECAME:
        expected = Phrase("no change but what it grew to, in times")
        raise StatedFigureError(scanner.text, 1, expected)
    if unit_kind != "times" and verb is Verb.BECAME and not is_multiple:
        expected = Phrase("a change, or a multiple such as 增至2倍")
        raise StatedFigureError(scanner.text, 1, expected)
    if figure.value < 0:
        raise StatedFigureError(scanner.text, 1, Phrase("a verb or a sign, not both"))
    if verb is Verb.FELL:
        return replace(figure, value=-figure.value, qualifier=flipped(figure.qualifier))
    if verb is Verb.BECAME and unit_kind == "growth":
        return replace(figure, value=figure.value - 100)
    return figure


def _spelled(scanner: Scanner, words: Spoken, qualifiers: list[Qualifier | None]) -> StatedFigure:
    """Finish a figure in words: after it only a qualifier may follow."""
    qualifiers.append(take_more(scanner))
    qualifiers.append(take_trailing(scanner))
    scanner.finish()
    return StatedFigure(
        value=words.value,
        resolution=words.resolution,
        qualifier=single_qualifier(scanner, qualifiers),
        scale=words.scale,
        unit_hint=words.unit_hint,
        text=scanner.text,
    )


def _rank(scanner: Scanner) -> StatedFigure:
    word = scanner.take(RANKS)
    if not word:
        raise scanner.error(Phrase("a rank, such as 首位, 第18位 or 18th"))
    scanner.finish()
    if not rank_number(word):
        scanner.position = 0
        raise scanner.error(Phrase("a rank from 1"))
    return StatedFigure(Decimal(rank_number(word)), None, Qualifier.EXACT, "", "", scanner.text)
