"""Figures as sources state them, read into numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from metrics.stats.bounds import CONTEXT, resolution_of
from metrics.stats.digits import scaled
from metrics.stats.scanner import (
    CURRENCIES,
    CURRENCY,
    LEADING,
    MANTISSA,
    MARKS,
    MINUS_WORD,
    MORE,
    PERCENT_WORD,
    SCALE,
    SCALE_WORDS,
    SIGN,
    TRAILING,
    Scanner,
    StatedFigureError,
)
from metrics.stats.stated_noun import take_noun
from metrics.stats.stated_rank import RANKS, rank_number
from metrics.stats.stated_verbs import Verb, flipped, take_verb
from metrics.stats.stated_words import Spoken, spoken
from metrics.stats.wording import (
    LEADING_QUALIFIERS,
    SCALE_ABBREVIATIONS,
    TRAILING_QUALIFIERS,
    Qualifier,
)

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

_ALLOWED_MARKS = {
    "percent": ("%",),
    "growth": ("%", "times"),
    "points": ("points",),
    "times": ("times",),
}
_TWO_SHIFTS = 2  # a factor of one is a hundred percent
_MOST_DIGITS = CONTEXT.prec  # what arithmetic carries


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
    sign = "-" if scanner.take(MINUS_WORD) else ""
    if unit_kind == "currency":
        sign += scanner.take(SIGN)
    currency = _currency(scanner) if unit_kind == "currency" else ""
    is_percent = unit_kind in ("percent", "growth") and bool(scanner.take(PERCENT_WORD))
    mantissa = _mantissa(scanner, sign)
    qualifiers.append(_more(scanner))
    scale = _scale(scanner, unit_kind)
    qualifiers.append(_more(scanner))
    hint = "%" if is_percent else _unit(scanner, unit_kind, currency)
    qualifiers.append(_more(scanner))
    qualifiers.append(_trailing(scanner))
    scanner.finish()
    is_factor = unit_kind == "growth" and hint == "times"
    power = _TWO_SHIFTS if is_factor else SCALE_WORDS.get(scale, 0)
    return StatedFigure(
        value=_shift(Decimal(mantissa.replace(",", "")), power),
        resolution=_shift(resolution_of(mantissa), power),
        qualifier=_single(scanner, qualifiers),
        scale="倍" if is_factor else scale,
        unit_hint=hint,
        text=scanner.text,
    )


def _mantissa(scanner: Scanner, sign: str) -> str:
    """Take the digits behind the sign; more than we can compute with are refused."""
    digits = scanner.take(MANTISSA)
    if not digits or (sign and digits[0] in "+-"):
        raise scanner.error("a number")
    excess = sum(map(str.isdigit, digits)) - _MOST_DIGITS
    if excess > 0:
        scanner.position -= excess
        raise scanner.error(f"at most {_MOST_DIGITS} digits")
    return sign + digits


def _told_by(verb: Verb, figure: StatedFigure, scanner: Scanner, unit_kind: str) -> StatedFigure:
    """Check the verb against the unit, and tell a fall or what a figure became as its change."""
    if verb is Verb.NONE:
        return figure
    is_multiple = figure.unit_hint == "times"
    if unit_kind == "times" and verb is not Verb.BECAME:
        raise StatedFigureError(scanner.text, 1, "no change but what it grew to, in times")
    if unit_kind != "times" and verb is Verb.BECAME and not is_multiple:
        raise StatedFigureError(scanner.text, 1, "a change, or a multiple such as 增至2倍")
    if figure.value < 0:
        raise StatedFigureError(scanner.text, 1, "a verb or a sign, not both")
    if verb is Verb.FELL:
        return replace(figure, value=-figure.value, qualifier=flipped(figure.qualifier))
    if verb is Verb.BECAME and unit_kind == "growth":
        return replace(figure, value=figure.value - 100)
    return figure


def _spelled(scanner: Scanner, words: Spoken, qualifiers: list[Qualifier | None]) -> StatedFigure:
    """Finish a figure in words: after it only a qualifier may follow."""
    qualifiers.append(_more(scanner))
    qualifiers.append(_trailing(scanner))
    scanner.finish()
    return StatedFigure(
        value=words.value,
        resolution=words.resolution,
        qualifier=_single(scanner, qualifiers),
        scale=words.scale,
        unit_hint=words.unit_hint,
        text=scanner.text,
    )


def _shift(number: Decimal, power: int) -> Decimal:
    """Return number x 10**power, exactly, without exponent or −0: 8.29亿 is 829000000."""
    return Decimal(format(scaled(number, -power) if number else abs(number), "f"))


def _trailing(scanner: Scanner) -> Qualifier | None:
    return TRAILING_QUALIFIERS.get(scanner.take(TRAILING).lower())


def _more(scanner: Scanner) -> Qualifier | None:
    return Qualifier.OVER if scanner.take(MORE) else None


def _single(scanner: Scanner, found: list[Qualifier | None]) -> Qualifier:
    words = {qualifier for qualifier in found if qualifier}
    if len(words) > 1:
        raise StatedFigureError(
            scanner.text, 1, f"one qualifier, not {' and '.join(sorted(words))}"
        )
    return words.pop() if words else Qualifier.EXACT


def _scale(scanner: Scanner, unit_kind: str) -> str:
    if unit_kind in ("percent", "points", "growth"):
        return ""
    start = scanner.position
    word = scanner.take(SCALE).lower()
    if word in SCALE_ABBREVIATIONS and unit_kind == "duration":  # 5 m: minutes, months or a million
        scanner.position = start
        raise scanner.error("a unit of time in full")
    return SCALE_ABBREVIATIONS.get(word, word)


def _currency(scanner: Scanner) -> str:
    """Take a currency word or sign; return its code."""
    return CURRENCIES.get(scanner.take(CURRENCY).lower(), "")


def _unit(scanner: Scanner, unit_kind: str, currency: str) -> str:
    if unit_kind == "currency":  # 人民币8亿元 names it twice
        start = scanner.position
        after = _currency(scanner)
        if currency and after not in ("", currency):
            scanner.position = start
            raise scanner.error(f"{currency}, as before the number")
        return after or currency
    for mark in _ALLOWED_MARKS.get(unit_kind, ()):
        if scanner.take(MARKS[mark]):
            return mark
    return "" if unit_kind in _ALLOWED_MARKS else take_noun(scanner)


def _rank(scanner: Scanner) -> StatedFigure:
    word = scanner.take(RANKS)
    if not word:
        raise scanner.error("a rank, such as 首位, 第18位 or 18th")
    scanner.finish()
    if not rank_number(word):
        scanner.position = 0
        raise scanner.error("a rank from 1")
    return StatedFigure(Decimal(rank_number(word)), None, Qualifier.EXACT, "", "", scanner.text)
