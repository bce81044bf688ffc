"""Figures as sources state them, read into numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from metrics.stats.wording import Qualifier

__all__ = ["UNIT_KINDS", "Qualifier", "StatedFigure", "StatedFigureError"]

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


class StatedFigureError(ValueError):
    """A text that is no stated figure; names the place (``position`` counts from 1)."""

    def __init__(self, text: str, position: int, expected: str) -> None:
        self.text, self.position, self.expected = text, position, expected
        super().__init__(f"{text!r}, character {position}: expected {expected}")


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
