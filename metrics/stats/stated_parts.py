"""The parts of a stated figure that is told in digits: sign, number, scale, unit, qualifiers."""

from __future__ import annotations

from decimal import Decimal

from metrics.stats.bounds import CONTEXT
from metrics.stats.digits import scaled
from metrics.stats.phrases import Phrase
from metrics.stats.scanner import (
    CURRENCIES,
    CURRENCY,
    MANTISSA,
    MARKS,
    MINUS_WORD,
    MORE,
    PERCENT_SIGN,
    SCALE,
    SIGN,
    TRAILING,
    Scanner,
    StatedFigureError,
)
from metrics.stats.stated_noun import take_noun
from metrics.stats.wording import SCALE_ABBREVIATIONS, TRAILING_QUALIFIERS, Qualifier

_ALLOWED_MARKS = {
    "percent": ("%",),
    "growth": ("%", "times"),
    "points": ("points",),
    "times": ("times",),
}
_MOST_DIGITS = CONTEXT.prec  # what arithmetic carries


def take_sign(scanner: Scanner, unit_kind: str) -> str:
    """Take a sign that stands before something else than the number: 负, −US$, -百分之."""
    if scanner.take(MINUS_WORD):
        return "-"
    if unit_kind == "currency":
        return scanner.take(SIGN)
    return scanner.take(PERCENT_SIGN) if unit_kind in ("percent", "growth") else ""


def take_mantissa(scanner: Scanner, sign: str) -> str:
    """Take the digits behind the sign; more than we can compute with are refused."""
    digits = scanner.take(MANTISSA)
    if not digits or (sign and digits[0] in "+-"):
        raise scanner.error(Phrase("a number"))
    excess = sum(map(str.isdigit, digits)) - _MOST_DIGITS
    if excess > 0:
        scanner.position -= excess
        raise scanner.error(Phrase("at most %(most)s digits", most=_MOST_DIGITS))
    return sign + digits


def shifted(number: Decimal, power: int) -> Decimal:
    """Return number x 10**power, exactly, without exponent or −0: 8.29亿 is 829000000."""
    return Decimal(format(scaled(number, -power) if number else abs(number), "f"))


def take_trailing(scanner: Scanner) -> Qualifier | None:
    return TRAILING_QUALIFIERS.get(scanner.take(TRAILING).lower())


def take_more(scanner: Scanner) -> Qualifier | None:
    return Qualifier.OVER if scanner.take(MORE) else None


def single_qualifier(scanner: Scanner, found: list[Qualifier | None]) -> Qualifier:
    words = {qualifier for qualifier in found if qualifier}
    if len(words) > 1:
        both = " and ".join(sorted(words))
        raise StatedFigureError(scanner.text, 1, Phrase("one qualifier, not %(found)s", found=both))
    return words.pop() if words else Qualifier.EXACT


def take_scale(scanner: Scanner, unit_kind: str) -> str:
    if unit_kind in ("percent", "points", "growth"):
        return ""
    start = scanner.position
    word = scanner.take(SCALE).lower()
    if word in SCALE_ABBREVIATIONS and unit_kind == "duration":  # 5 m: minutes, months or a million
        scanner.position = start
        raise scanner.error(Phrase("a unit of time in full"))
    return SCALE_ABBREVIATIONS.get(word, word)


def take_currency(scanner: Scanner) -> str:
    """Take a currency word or sign; return its code."""
    return CURRENCIES.get(scanner.take(CURRENCY).lower(), "")


def take_unit(scanner: Scanner, unit_kind: str, currency: str) -> str:
    if unit_kind == "currency":  # 人民币8亿元 names it twice
        start = scanner.position
        after = take_currency(scanner)
        if currency and after not in ("", currency):
            scanner.position = start
            raise scanner.error(Phrase("%(currency)s, as before the number", currency=currency))
        return after or currency
    for mark in _ALLOWED_MARKS.get(unit_kind, ()):
        if scanner.take(MARKS[mark]):
            return mark
    return "" if unit_kind in _ALLOWED_MARKS else take_noun(scanner)
