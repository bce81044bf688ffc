"""How each transform makes one cell of its output from the series."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from metrics.stats.bounds import CONTEXT, INPUT_MISSING, INSUFFICIENT, NOT_DETERMINABLE, Figure
from metrics.stats.breaks import BREAK
from metrics.stats.calendars import Calendar
from metrics.stats.periods import Period
from metrics.stats.rules import HUNDRED, difference, growth
from metrics.stats.transform_bases import compound_annual_cell, index_cell
from metrics.stats.transform_job import (
    Cell,
    Job,
    TransformError,
    against,
    percent_of,
    same_sign,
)

_ZERO = Decimal(0)


def _annualised(
    compute: Callable[[Decimal, Decimal, int], Decimal | None],
) -> Callable[[Job], Cell]:
    """Compare with the previous period by a formula that knows the periods in a year."""

    def bind(job: Job) -> Cell:
        def pair(current: Figure, prior: Figure) -> Figure:
            return same_sign(current, prior, lambda x, y: compute(x, y, job.per_year))

        return against(Calendar.previous, pair)(job)

    return bind


def _compound(current: Decimal, prior: Decimal, periods_in_year: int) -> Decimal:
    """((x_t / x_t-1) ** n - 1) x 100."""
    return percent_of(CONTEXT.power(CONTEXT.divide(current, prior), Decimal(periods_in_year)))


def _log_change(current: Decimal, prior: Decimal, periods_in_year: int) -> Decimal | None:
    """(ln x_t - ln x_t-1) x 100 x n; None where a value is not positive."""
    if current <= 0 or prior <= 0:
        return None
    change = CONTEXT.subtract(CONTEXT.ln(current), CONTEXT.ln(prior))
    return CONTEXT.multiply(change, HUNDRED * periods_in_year)


def _log_change_once(current: Decimal, prior: Decimal, periods_in_year: int) -> Decimal | None:
    return _log_change(current, prior, 1)


def _lin(job: Job) -> Cell:
    return lambda period, figure: figure


def _log(job: Job) -> Cell:
    def cell(period: Period, figure: Figure) -> Figure:
        if figure.value is None:
            return INPUT_MISSING
        if figure.value <= 0 or figure.is_one_sided:
            return NOT_DETERMINABLE
        return Figure(CONTEXT.ln(figure.value))

    return cell


def _rolling_mean(job: Job) -> Cell:
    """Mean of the last ``window`` periods, all of them needed."""
    window = job.window
    if window is None or window < 1:
        raise TransformError("transform 'rm': expected window, a number of periods from 1")

    def cell(period: Period, figure: Figure) -> Figure:
        total, is_broken = _ZERO, False
        for lag in range(window):
            base = job.calendar.previous(period, lag)
            member = None if base is None else job.values.get(base)
            if base is None or member is None:
                return INSUFFICIENT
            if member.value is None:
                return INPUT_MISSING
            if member.is_one_sided:
                return NOT_DETERMINABLE
            is_broken = is_broken or job.breaks.between(period, base)
            total = CONTEXT.add(total, member.value)
        if is_broken:
            return BREAK
        return Figure(CONTEXT.divide(total, Decimal(window)))

    return cell


CELLS: Mapping[str, Callable[[Job], Cell]] = {
    "lin": _lin,
    "chg": against(Calendar.previous, difference),
    "ch1": against(Calendar.year_ago, difference),
    "pch": against(Calendar.previous, growth),
    "pc1": against(Calendar.year_ago, growth),
    "pca": _annualised(_compound),
    "cch": _annualised(_log_change_once),
    "cca": _annualised(_log_change),
    "log": _log,
    "idx": index_cell,
    "rm": _rolling_mean,
    "cagr": compound_annual_cell,
}
