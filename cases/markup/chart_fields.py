"""The fields that only charts have: types, periods, names."""

from __future__ import annotations

import re
from typing import Final

from cases.markup.errors import ExhibitError, not_found
from cases.markup.tokens import RELATIVE_PERIODS, TRANSFORMS, parse_period
from cases.markup.yaml_reader import Fields
from metrics.stats.periods import Period
from metrics.stats.phrases import Phrase

CHART_TYPES: Final = (
    "bar", "line", "column", "step", "grouped", "stacked", "multiples", "slope", "dots",
)  # fmt: skip
# Types that compare several series at one period, and those that show a course.
OF_ONE_PERIOD: Final = frozenset({"bar", "dots"})
OF_ALL_PERIODS: Final = frozenset({"line", "step", "multiples", "slope"})
# Transforms that may be added up where the values themselves may.
ADDITIVE_UNITS: Final = ("lin", "chg", "ch1")
MAX_CHART_NAME: Final = 40
_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_PLACE_NAME: Final = re.compile(r"(chart|timeline)-[0-9]+", re.ASCII)


def fixed_period(text: str) -> str:
    """A period that does not move with what is published."""
    if text in RELATIVE_PERIODS:
        raise ExhibitError(not_found(Phrase("expected a period such as 2018"), text))
    return parse_period(text)


def read_units(fields: Fields) -> str:
    """The transform of an exhibit, "lin" where it names none."""
    return fields.choice("units", TRANSFORMS) if "units" in fields else "lin"


def chart_name(text: str) -> str:
    """The name of a drawing in its addresses, told apart from those that count."""
    if not _NAME.fullmatch(text) or _PLACE_NAME.fullmatch(text) or len(text) > MAX_CHART_NAME:
        expected = Phrase(
            "expected a short name in a-z, 0-9 and hyphens such as users, and not chart-1, "
            "which names one by its place"
        )
        raise ExhibitError(not_found(expected, text))
    return text


def check_period(fields: Fields, kind: str, period: str | None) -> None:
    """Whether a chart of the type names one period or shows several. Raises ExhibitError."""
    if kind in OF_ONE_PERIOD and period is None:
        message = Phrase(
            "expected the key 'period' in a chart of the type %(type)s, which shows several "
            "series at one",
            type=kind,
        )
        raise fields.place.fault(message, fields.nodes["type"].start_mark)
    if kind in OF_ALL_PERIODS and period is not None:
        message = Phrase(
            "expected no 'period' in a chart of the type %(type)s, which shows several", type=kind
        )
        raise fields.place.fault(message, fields.nodes["period"].start_mark)


def slope_periods(fields: Fields, kind: str) -> tuple[str, ...]:
    """The two periods of a slope, () for the first and the last. Raises ExhibitError."""
    if "periods" not in fields:
        return ()
    mark = fields.nodes["periods"].start_mark
    if kind != "slope":
        message = Phrase(
            "expected no 'periods' in a chart of the type %(type)s; only a slope takes two",
            type=kind,
        )
        raise fields.place.fault(message, mark)
    periods = fields.values("periods", fixed_period, most=2)
    if len(periods) != 2 or Period.parse(periods[0]) >= Period.parse(periods[1]):
        raise fields.place.fault(
            Phrase("expected two periods of a slope, the earlier one first"), mark
        )
    return periods


def check_stacked_units(fields: Fields, kind: str) -> None:
    """Whether what is stacked may be added up. Raises ExhibitError."""
    if kind == "stacked" and "units" in fields and read_units(fields) not in ADDITIVE_UNITS:
        message = Phrase(
            "expected one of %(allowed)s as 'units' of stacked columns: growth rates, indices and "
            "logarithms do not add up",
            allowed=", ".join(ADDITIVE_UNITS),
        )
        raise fields.place.fault(message, fields.nodes["units"].start_mark)
