"""From a shorter period to a longer one: averages, sums and ends of period.

The order is aggregation, then units: a transform of an aggregated series compares the longer
periods with each other (the growth of yearly sums, never the sum of monthly growth rates), as FRED
does. A series is only ever made coarser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from metrics.stats.bounds import INCOMPLETE, INSUFFICIENT, Figure
from metrics.stats.breaks import BREAK, NO_BREAKS, Breaks
from metrics.stats.calendars import EVERY_PERIOD, Calendar, calendar_of
from metrics.stats.means import mean_of
from metrics.stats.natures import NATURES, Nature
from metrics.stats.periods import Frequency, Period
from metrics.stats.rules import sum_of

# From short to long.
_LENGTHS = (
    Frequency.DAY,
    Frequency.WEEK,
    Frequency.MONTH,
    Frequency.QUARTER,
    Frequency.SEMESTER,
    Frequency.ANNUAL,
)


class AggregationError(ValueError):
    """An aggregation that makes no sense for the series; the message names what is allowed."""


class Aggregation(StrEnum):
    """Codes as in FRED's ``aggregation_method``."""

    AVG = "avg"
    SUM = "sum"
    EOP = "eop"


def aggregate(
    values: Mapping[Period, Figure],
    *,
    source: Frequency | str,
    target: Frequency | str,
    method: Aggregation | str,
    nature: Nature | str,
    breaks: Breaks = NO_BREAKS,
) -> dict[Period, Figure]:
    """Aggregate a series to a lower frequency; the result holds every period touched, in order.

    Unit: that of the series. ``avg`` is the unweighted mean of the sub-periods, ``sum`` their sum,
    ``eop`` the last of them. Minimum data: for avg and sum a value of every sub-period (every
    day that a daily series keeps, see calendars), for eop the last sub-period; without it the
    figure is missing, ``incomplete_period`` (a last sub-period that is there without a value keeps
    its own reason), and ``break`` where the definition changes between the sub-periods of an avg or
    a sum (``breaks``). Of a series of working days those are left out that the source itself lists
    without a figure (``not_reported``), as FRED leaves out holidays; the end of a period is then
    the last day that remains. A working day that nobody lists makes the period incomplete.
    FRED is laxer inside a series: it averages and sums what there is, and its eop is the last value
    there is; ours will not pass off October as the end of a year.
    Bounds: avg and sum as for a sum, eop as they are. A week belongs to the longer period that
    holds its last day, so a sum of weeks is exact for none and refused. Spans and undated values
    are parts of nothing and left out. To the same frequency values stay as they are.
    Example: 1, 2 and 6 in a quarter's months give avg 3, sum 9, eop 6. Raises AggregationError.
    Source: FRED API, parameters frequency and aggregation_method.
    """
    short, long = Frequency(source), Frequency(target)
    allowed = _allowed(short, long, str(method), Nature(nature))
    compute = _METHODS[allowed]
    parts = _regular(values, short)
    if long is short:
        return dict(sorted(parts.items()))
    calendar = calendar_of(parts)
    ends = [period.end for period in parts if period.end is not None]
    longer = sorted({Period.containing(end, long) for end in ends})
    made = {}
    for period in longer:
        subs = due_parts(parts, period, short, calendar)
        figure = compute([parts.get(part) for part in subs])
        is_mixed = allowed is not Aggregation.EOP and breaks.within(subs)
        made[period] = BREAK if is_mixed and not figure.is_missing else figure
    return made


def average_over(
    values: Mapping[Period, Figure], period: Period, frequency: Frequency, breaks: Breaks
) -> Figure:
    """Return the average of a series of the frequency over one longer period, or a span.

    Unit, minimum data, gaps and bounds as those of ``avg`` in ``aggregate``; without any value in
    the period the figure is missing, ``insufficient_history``. Source: as for ``aggregate``.
    """
    subs = due_parts(values, period, frequency, calendar_of(values))
    if not any(part in values for part in subs):
        return INSUFFICIENT
    figure = _METHODS[Aggregation.AVG]([values.get(part) for part in subs])
    return BREAK if breaks.within(subs) and not figure.is_missing else figure


def due_parts(
    values: Mapping[Period, Figure], period: Period, frequency: Frequency, calendar: Calendar
) -> tuple[Period, ...]:
    """Return the sub-periods that an aggregate of the period needs, in order.

    All of them, but for the holidays of a series of working days.
    """
    subs = sub_periods(period, frequency, calendar)
    if not calendar.is_working:
        return subs
    return tuple(one for one in subs if one not in values or not _is_holiday(values[one]))


def _is_holiday(figure: Figure) -> bool:
    return figure.is_missing and figure.null_reason == "not_reported"


@lru_cache(maxsize=16384)
def sub_periods(
    period: Period, frequency: Frequency, calendar: Calendar = EVERY_PERIOD
) -> tuple[Period, ...]:
    """Return the periods of the frequency whose last day lies in the period, in order.

    Of days those that the calendar keeps. An open span and an undated period have none.
    """
    if period.start is None or period.end is None:
        return ()
    last: Period | None = Period.containing(period.end, frequency)
    if last is not None and last.end != period.end:  # a week that ends in the next period
        last = last.previous()
    listed = []
    while last is not None and last.end is not None and last.end >= period.start:
        if calendar.keeps(last):
            listed.append(last)
        last = last.previous()
    return tuple(reversed(listed))


def _allowed(source: Frequency, target: Frequency, method: str, nature: Nature) -> Aggregation:
    coarser = _LENGTHS[_LENGTHS.index(source) :]
    if target not in coarser:
        raise AggregationError(
            f"frequency {target}: expected one of {', '.join(coarser)}, not higher than the "
            f"series' own {source}"
        )
    allowed = NATURES[nature].aggregations
    if source is Frequency.WEEK and target is not source:
        allowed = tuple(code for code in allowed if code != Aggregation.SUM)
    if method not in allowed:
        known = method in set(Aggregation)
        what = f"does not suit a series of nature {nature}" if known else "is unknown"
        if known and method in NATURES[nature].aggregations:
            what = "does not suit weeks, which straddle longer periods"
        raise AggregationError(f"aggregation {method!r} {what}: expected {', '.join(allowed)}")
    return Aggregation(method)


def _regular(values: Mapping[Period, Figure], source: Frequency) -> dict[Period, Figure]:
    for period in values:
        if not period.fits(source):
            raise AggregationError(f"period {period}: expected one of frequency {source}")
    return {period: figure for period, figure in values.items() if period.is_regular}


def _complete(
    compute: Callable[[Sequence[Figure]], Figure],
) -> Callable[[Sequence[Figure | None]], Figure]:
    """Compute only where every sub-period has a value."""

    def whole(parts: Sequence[Figure | None]) -> Figure:
        present = [part for part in parts if part is not None and part.value is not None]
        return compute(present) if present and len(present) == len(parts) else INCOMPLETE

    return whole


def _end(parts: Sequence[Figure | None]) -> Figure:
    return (parts[-1] if parts else None) or INCOMPLETE


_METHODS: Mapping[Aggregation, Callable[[Sequence[Figure | None]], Figure]] = {
    Aggregation.AVG: _complete(mean_of),
    Aggregation.SUM: _complete(sum_of),
    Aggregation.EOP: _end,
}
