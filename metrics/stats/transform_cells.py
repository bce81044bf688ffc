"""How each transform makes one cell of its output from the series."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from metrics.stats.bounds import CONTEXT, INPUT_MISSING, NOT_DETERMINABLE, Figure
from metrics.stats.calendars import Calendar
from metrics.stats.periods import Period
from metrics.stats.rolling import rolling_mean
from metrics.stats.rules import HUNDRED, difference, growth
from metrics.stats.transform_bases import compound_annual_cell, index_cell
from metrics.stats.transform_job import (
    Cell,
    Job,
    against,
    percent_of,
    same_sign,
)


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
    "rm": rolling_mean,
    "cagr": compound_annual_cell,
}
