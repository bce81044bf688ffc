"""What a series is of, as far as arithmetic goes, and why quantities do not fit together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from metrics.stats.natures import Nature


class UnitKind(StrEnum):
    """How the numbers of a unit are read, and what may be added to them."""

    COUNT = "count"
    CURRENCY = "currency"
    PERCENT = "percent"
    GROWTH = "growth"
    POINTS = "points"
    TIMES = "times"
    DURATION = "duration"
    RANK = "rank"
    INDEX = "index"


# Kinds of pure numbers: multiplied with something they leave it what it is.
PURE = frozenset(
    {
        UnitKind.PERCENT,
        UnitKind.GROWTH,
        UnitKind.POINTS,
        UnitKind.TIMES,
        UnitKind.RANK,
        UnitKind.INDEX,
    }
)
# Their differences are in percentage points.
PERCENTAGES = frozenset({UnitKind.PERCENT, UnitKind.GROWTH, UnitKind.POINTS})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A series or indicator under the name an editor knows it by.

    ``unit`` tells units apart (a key); ``unit_name`` is shown.
    """

    name: str
    nature: Nature
    unit: str
    unit_kind: UnitKind
    unit_name: str = ""


# What a misfit says, by its code. Translated where it is shown.
MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "not-summable": "%(name)s is of nature %(nature)s, which is not summed",
        "not-ranked": "%(name)s is of nature %(nature)s, which is not ranked",
        "no-ratio": "%(name)s is of nature %(nature)s, of which no ratio is taken",
        "no-index": "%(name)s is of nature %(nature)s, of which no index is made",
        "no-growth": "%(name)s is of nature %(nature)s, whose growth is not told",
        "two-units": "%(first)s is in %(found)s and %(second)s in %(expected)s: expected one unit",
        "two-natures": (
            "%(first)s is of nature %(found)s and %(second)s of nature %(expected)s: expected one "
            "nature"
        ),
        "output-unit": "%(name)s is in %(found)s: expected %(expected)s",
        "output-kind": "%(name)s is in %(found)s: expected a unit of the kind %(expected)s",
        "output-nature": "%(name)s is of nature %(found)s: expected %(expected)s",
        "growth-kind": (
            "%(level)s is of nature %(nature)s and its growth told in %(growth)s: expected a unit "
            "of the kind %(expected)s for %(name)s, not %(found)s"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why quantities do not fit: a code of MESSAGES and its values.

    A value is a name, a Nature, a GrowthKind, a UnitKind, or a tuple of alternatives of these.
    """

    code: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return MESSAGES[self.code] % {name: told(value) for name, value in self.values.items()}


def told(value: object) -> str:
    """A value of a message in words; alternatives with commas."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
