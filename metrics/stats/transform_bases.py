"""Transforms that compare every period with one that the caller names: idx and cagr."""

from __future__ import annotations

from decimal import Decimal

from metrics.stats.aggregation import average_over, sub_periods
from metrics.stats.bounds import CONTEXT, INSUFFICIENT, Figure
from metrics.stats.breaks import BREAK
from metrics.stats.calendars import Calendar
from metrics.stats.natures import NATURES
from metrics.stats.periods import Frequency, Period
from metrics.stats.rules import HUNDRED
from metrics.stats.transform_job import (
    Cell,
    Job,
    TransformError,
    Values,
    compared,
    percent_of,
    same_sign,
)

_MOST_BASE_PERIODS = 4_000  # ten years of days
_DAYS_OF_WEEK = 7


def index_cell(job: Job) -> Cell:
    """x_t / x_base x 100; of a longer base period x_base is the average over it."""
    if job.index_base is None:
        raise _refused_base(job.frequency)
    base = job.index_base
    parts = base_parts(base, job.frequency, job.calendar)

    def pair(current: Figure, prior: Figure) -> Figure:
        return same_sign(current, prior, _hundredfold)

    if parts == (base,):
        return lambda period, figure: compared(job, period, figure, base, pair)
    if "avg" not in NATURES[job.nature].aggregations:
        raise TransformError(
            f"transform 'idx': index_base {base}: a series of nature {job.nature} is not averaged, "
            f"expected a period of frequency {job.frequency}"
        )
    prior = average_over(job.values, base, job.frequency, job.breaks)

    def cell(period: Period, figure: Figure) -> Figure:
        if prior.is_missing:
            return prior
        is_across = figure.value is not None and job.breaks.between(period, parts[-1])
        return BREAK if is_across else pair(figure, prior)

    return cell


def _hundredfold(current: Decimal, prior: Decimal) -> Decimal:
    return CONTEXT.multiply(CONTEXT.divide(current, prior), HUNDRED)


def base_parts(base: Period, frequency: Frequency, calendar: Calendar) -> tuple[Period, ...]:
    """Return the periods of the frequency that a base of idx stands for, in order.

    The base itself, or what a longer one (2015 of months, 1982/1984) is made of: a week belongs to
    the longer period that holds its last day. Raises TransformError for any other base, and for
    one of more than 4,000 periods.
    """
    if base.is_regular and base.kind == frequency:
        return (base,)
    if base.start is None or base.end is None:
        raise _refused_base(frequency)
    first, last = (Period.containing(day, frequency) for day in (base.start, base.end))
    is_made_of_them = (first.start, last.end) == (base.start, base.end)
    if frequency is Frequency.WEEK:
        is_made_of_them = (base.end - base.start).days >= _DAYS_OF_WEEK
    count = (last.ordinal or 0) - (first.ordinal or 0) + 1
    if not is_made_of_them or count > _MOST_BASE_PERIODS:
        raise _refused_base(frequency)
    return sub_periods(base, frequency, calendar)


def _refused_base(frequency: Frequency) -> TransformError:
    return TransformError(
        f"transform 'idx': expected index_base, a period of frequency {frequency} or a longer one "
        f"made of up to {_MOST_BASE_PERIODS} of them"
    )


def compound_annual_cell(job: Job) -> Cell:
    """((x_t / x_s) ** (periods in a year / periods from s to t) - 1) x 100."""
    start = job.span_start or first_period(job.values)

    def cell(period: Period, figure: Figure) -> Figure:
        def pair(current: Figure, prior: Figure) -> Figure:
            if start is None:
                return INSUFFICIENT
            span = job.calendar.number(start), job.calendar.number(period)
            return compound_annual_growth(current, prior, span, job.per_year)

        return compared(job, period, figure, start, pair)

    return cell


def compound_annual_growth(
    last: Figure, first: Figure, span: tuple[int | None, int | None], per_year: int
) -> Figure:
    """Return 100 x ((last / first) ** (1 / years) - 1), years counted in periods of the series.

    ``span``: the numbers (Calendar.number) of the first and the last period, ``per_year`` of them
    to a year. Unit: percent a year. Minimum data: two values, the last after the first. Gaps: years
    without values in between do not matter. Example: 100 in 2016 and 121 in 2018 is 10%. Source:
    definition of the geometric mean growth rate.
    """
    start, end = span
    if start is None or end is None or end <= start:
        return INSUFFICIENT
    exponent = CONTEXT.divide(Decimal(per_year), Decimal(end - start))
    return same_sign(
        last, first, lambda x, y: percent_of(CONTEXT.power(CONTEXT.divide(x, y), exponent))
    )


def first_period(values: Values) -> Period | None:
    """Return the first regular period that has a value."""
    return min(
        (p for p, figure in values.items() if p.is_regular and figure.value is not None),
        default=None,
    )
