"""Values of series transformed on read, as rows of the same shape as stored ones."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from metrics.models import Unit
from metrics.selectors.observation_page import COLUMNS, AskedSeries, PageRequest, Row
from metrics.selectors.values import Value, series_values
from metrics.stats.bounds import Figure
from metrics.stats.natures import NATURES, Nature
from metrics.stats.periods import Frequency, Period
from metrics.stats.transforms import Transform, apply, output_unit_kind

# Codes of stats.transforms that need no argument of their own, in FRED's order.
UNITS_CODES = ("lin", "chg", "ch1", "pch", "pc1", "pca", "cch", "cca", "log")


def allowed_transforms(natures: Iterable[str]) -> tuple[str, ...]:
    """The codes that all the natures allow."""
    allowed = [NATURES[Nature(nature)].transforms for nature in natures]
    return tuple(code for code in UNITS_CODES if all(code in codes for codes in allowed))


def transformed_rows(asked: Sequence[AskedSeries], code: str, request: PageRequest) -> list[Row]:
    """Rows from the request's position on, one more than its limit where there are more.

    The whole series is transformed before the range is cut, so the first period of a range is
    compared with what came before it. Raises TransformError where a nature refuses the code.
    """
    values = series_values([series.id for series in asked])
    units = _unit_keys()
    rows = []
    for series in sorted(asked, key=lambda one: one.key):
        unit = _unit_of(series, code, units)
        rows += [
            (_place(series, period), _row(series.key, period, value, figure, unit, code))
            for period, value, figure in _transformed(series, values[series.id], code)
            if _is_within(period, request.start, request.end)
        ]
    return _page(rows, request)


def _transformed(
    series: AskedSeries, values: dict[Period, Value], code: str
) -> list[tuple[Period, Value, Figure]]:
    figures = {period: value.figure for period, value in values.items()}
    made = apply(code, figures, frequency=Frequency(series.frequency), nature=Nature(series.nature))
    return [(period, values[period], figure) for period, figure in made.items()]


def _page(rows: list[tuple[tuple[Any, ...], Row]], request: PageRequest) -> list[Row]:
    """Cut the page out of all rows, in the order asked for, backwards where asked for."""
    rows.sort(key=lambda row: row[0][1:], reverse=request.is_descending)
    rows.sort(key=lambda row: row[0][0])  # stable: periods keep their order within a series
    places = [place for place, _ in rows]
    if request.position is None:
        return [row for _, row in rows[: request.limit + 1]]
    wanted = (request.position.series, *request.position.place)
    before = sum(1 for place in places if _precedes(place, wanted, request.is_descending))
    if request.is_backward:
        return [row for _, row in reversed(rows[max(0, before - request.limit - 1) : before])]
    after = before + (wanted in places)
    return [row for _, row in rows[after : after + request.limit + 1]]


def _precedes(place: tuple[Any, ...], other: tuple[Any, ...], is_descending: bool) -> bool:
    if place[0] != other[0] or not is_descending:
        return place < other
    return place > other


def _place(series: AskedSeries, period: Period) -> tuple[Any, ...]:
    end, start, code = period.sort_key
    return (series.key, end, start, code)


def _is_within(period: Period, start: date | None, end: date | None) -> bool:
    """Whether the period touches the range; undated ones touch none."""
    if start is None and end is None:
        return True
    if period.start is None:
        return False
    starts_in_time = end is None or period.start <= end
    return starts_in_time and (start is None or period.end is None or period.end >= start)


def _unit_keys() -> dict[str, str]:
    """The unit of each kind that a transform can lead to: the first by key."""
    units = Unit.objects.filter(kind__in=("growth", "points")).order_by("-key")
    return {unit.kind: unit.key for unit in units}


def _unit_of(series: AskedSeries, code: str, units: dict[str, str]) -> str | None:
    """The key of the unit of the result; None for logarithms, which have none."""
    kind = output_unit_kind(code, series.unit_kind)
    if code == Transform.LOG:
        return None
    return series.unit if kind == series.unit_kind else units.get(kind)


def _row(
    key: str, period: Period, value: Value, figure: Figure, unit: str | None, code: str
) -> Row:
    fields = {
        "series": key,
        "period": period.code,
        "period_start": period.start,
        "period_end": period.end,
        "value": figure.value,
        "lower": figure.lower,
        "upper": figure.upper,
        "qualifier": str(figure.qualifier),
        "status": "F" if value.status == "F" else "E",
        "null_reason": figure.null_reason or None,
        "unit": unit,
        "rule": f"units:{code}",
    }
    return tuple(fields.get(column) for column in COLUMNS)
