"""What kind of quantity a series is, and what may therefore be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Nature(StrEnum):
    STOCK = "stock"
    CUMULATIVE = "cumulative"
    FLOW = "flow"
    PERIOD_AVERAGE = "period-average"
    RATIO = "ratio"
    INDEX = "index"
    RANK = "rank"


class GrowthKind(StrEnum):
    """How a change is told: in percent, in percentage points, or not at all."""

    PERCENT = "percent"
    POINTS = "points"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class NatureRules:
    """What a nature allows.

    ``transforms``: codes of ``transforms.Transform``. ``aggregations``: from a shorter to a longer
    period, of ``avg``, ``sum``, ``eop``. ``growth_kind``: how its growth is told. ``summable``:
    whether values of different series for one period may be added (a group total); adding over
    time is the aggregation ``sum``, which stocks refuse.
    """

    nature: Nature
    transforms: tuple[str, ...]
    aggregations: tuple[str, ...]
    growth_kind: GrowthKind
    summable: bool


_ALL = ("lin", "chg", "ch1", "pch", "pc1", "pca", "cch", "cca", "log", "idx", "rm", "cagr")
_POINTS = ("lin", "chg", "ch1", "rm")
_PERCENT = GrowthKind.PERCENT

NATURES: Mapping[Nature, NatureRules] = MappingProxyType(
    {
        rules.nature: rules
        for rules in (
            NatureRules(Nature.STOCK, _ALL, ("avg", "eop"), _PERCENT, True),
            NatureRules(Nature.CUMULATIVE, _ALL, ("eop",), _PERCENT, True),
            NatureRules(Nature.FLOW, _ALL, ("avg", "sum"), _PERCENT, True),
            NatureRules(Nature.PERIOD_AVERAGE, _ALL, ("avg",), _PERCENT, True),
            NatureRules(Nature.RATIO, _POINTS, ("avg", "eop"), GrowthKind.POINTS, False),
            NatureRules(Nature.INDEX, _ALL, ("avg", "eop"), _PERCENT, False),
            NatureRules(Nature.RANK, ("lin", "chg", "ch1"), ("eop",), GrowthKind.NONE, False),
        )
    }
)
