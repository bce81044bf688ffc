"""Which periods of a series a computed value takes: what its lineage goes on to.

Whatever a transform or an aggregation computes for a period depends on these periods and no others
(but for the calendar of a daily series, which all of its days show).
"""

from __future__ import annotations

from collections.abc import Mapping

from metrics.stats.aggregation import Aggregation, due_parts, sub_periods
from metrics.stats.bounds import Figure
from metrics.stats.calendars import Calendar, calendar_of
from metrics.stats.periods import Frequency, Period
from metrics.stats.transform_bases import base_parts, first_period
from metrics.stats.transforms import Transform

VALUE, BASE, PART = "value", "base", "part"
# (role, period)
Taken = list[tuple[str, Period]]
_ALONE = frozenset({Transform.LIN, Transform.LOG})
_YEARLY = frozenset({Transform.CH1, Transform.PC1})


def taken_by_transform(
    code: Transform | str,
    period: Period,
    values: Mapping[Period, Figure],
    *,
    frequency: Frequency,
    index_base: Period | None = None,
    window: int | None = None,
    span_start: Period | None = None,
) -> Taken:
    """Return what a transform takes for a period: the value itself, then what it compares with.

    Arguments as in ``transforms.apply``; a period may be absent from ``values``. Of a rolling mean
    the parts, the latest first; of a base longer than a period of the series all that it holds.
    """
    transform, calendar = Transform(code), calendar_of(values)
    if transform in _ALONE:
        return [(VALUE, period)]
    if transform is Transform.RM:
        window_of = [calendar.previous(period, lag) for lag in range(window or 1)]
        return [(PART, one) for one in window_of if one is not None]
    bases: list[Period | None]
    if transform is Transform.IDX and index_base is not None:
        bases = list(_base_parts(index_base, values, frequency, calendar))
    elif transform is Transform.CAGR:
        bases = [span_start or first_period(values)]
    else:
        bases = [(calendar.year_ago if transform in _YEARLY else calendar.previous)(period)]
    return [(VALUE, period), *((BASE, base) for base in bases if base is not None)]


def taken_by_aggregation(
    method: Aggregation | str,
    period: Period,
    values: Mapping[Period, Figure],
    *,
    frequency: Frequency,
) -> Taken:
    """Return what an aggregate of a period takes of a series of the (shorter) frequency."""
    calendar = calendar_of(values)
    parts = due_parts(values, period, frequency, calendar)
    if not parts:  # nothing but holidays: they are why there is no value
        parts = sub_periods(period, frequency, calendar)
    return [(PART, one) for one in (parts[-1:] if method == Aggregation.EOP else parts)]


def _base_parts(
    base: Period, values: Mapping[Period, Figure], frequency: Frequency, calendar: Calendar
) -> tuple[Period, ...]:
    parts = base_parts(base, frequency, calendar)
    return parts if parts == (base,) else due_parts(values, base, frequency, calendar)
