"""Digits of a decimal: rounding, scaling by a power of ten, grouping. Exact unless told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal

MINUS = "−"
_EXACT = Context(prec=200)  # wide enough that scaling loses nothing
_NEAT_DIGITS, _NEAT_DECIMALS = 6, 2


def scaled(number: Decimal, power: int) -> Decimal:
    """Return number / 10**power, exactly."""
    return number.scaleb(-power, _EXACT)


def significant(
    number: Decimal, digits: int, rounding: str = ROUND_HALF_EVEN, decimals: int | None = None
) -> Decimal:
    """Round to a count of significant digits and at most ``decimals``; drop needless zeros."""
    if not number:
        return Decimal(0)
    exponent = number.adjusted() - digits + 1
    if decimals is not None:
        exponent = max(exponent, -decimals)
    return stripped(number.quantize(Decimal(1).scaleb(exponent), rounding, _EXACT))


def stripped(number: Decimal) -> Decimal:
    """Drop trailing zeros after the decimal point, and any exponent."""
    text = format(number, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def decimals_of(number: Decimal) -> int:
    """Count the digits after the decimal point."""
    return len(format(number, "f").partition(".")[2])


def grouped(number: Decimal, decimals: int, rounding: str = ROUND_HALF_EVEN) -> str:
    """Print with thousand separators, a fixed count of decimals and a true minus sign."""
    rounded = number.quantize(Decimal(1).scaleb(-decimals), rounding, _EXACT)
    sign = MINUS if rounded < 0 else ""
    return sign + format(abs(rounded), ",f")


def neat_scale(number: Decimal, names: Iterable[str], powers: Mapping[str, int]) -> str:
    """Return the largest scale with a mantissa of at least 1 that needs few digits, else none.

    Few: six digits in all, or two after the decimal point.
    """
    for name in names:
        mantissa = stripped(scaled(number, powers[name]))
        if abs(mantissa) < 1:
            continue
        if len(mantissa.as_tuple().digits) <= _NEAT_DIGITS:
            return name
        if decimals_of(mantissa) <= _NEAT_DECIMALS:
            return name
    return ""
