"""Whether a figure that somebody prints is one that we published, exactly or rounded."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Final

from metrics.stats.bounds import resolution_of

LONGEST: Final = 60  # characters of a printed number
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)


class Match(StrEnum):
    """How a printed figure agrees with a published one."""

    EXACT = "match"
    ROUNDED = "rounded_match"


def printed_number(text: str) -> Decimal:
    """A number as printed, without exponent and separators; raises ValueError.

    The digits stay as they are: 8.30 is printed to a hundredth.
    """
    text = text.strip()
    if len(text) > LONGEST or not _NUMBER.fullmatch(text):
        raise ValueError(f"expected a number such as 829000000 or -8.29, not {text[:LONGEST]!r}")
    return Decimal(text)


def agreement(printed: Decimal, published: Decimal | None) -> Match | None:
    """How a printed number agrees with a published value; None where it does not.

    A rounded match: both differ by at most half a unit of the last significant digit that is
    printed, where trailing zeros of a whole number count as not significant as long as the first
    digit of what was published is: 60 million is not rounded to 100 million. Both in one unit.

    >>> agreement(Decimal("8.3"), Decimal("8.29"))
    <Match.ROUNDED: 'rounded_match'>
    """
    if published is None:
        return None
    if printed == published:
        return Match.EXACT
    shown = Decimal(1).scaleb(min(0, int(printed.as_tuple().exponent)))
    first = Decimal(1).scaleb(published.adjusted())
    unit = max(shown, min(resolution_of(format(printed, "f")), first))
    return Match.ROUNDED if abs(printed - published) * 2 <= unit else None
