"""How each transform makes one cell of its output from the series."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from metrics.stats.bounds import CONTEXT, Figure
from metrics.stats.breaks import BREAK, NO_BREAKS, Breaks
from metrics.stats.periods import Frequency, Period
from metrics.stats.rules import HUNDRED, INPUT_MISSING, difference, growth

Values = Mapping[Period, Figure]
INSUFFICIENT = Figure.missing("insufficient_history")
_ONE, _ZERO = Decimal(1), Decimal(0)


class TransformError(ValueError):
    """A transform that is unknown, lacks its argument or does not suit the nature."""


@dataclass(frozen=True, slots=True)
class Job:
    values: Values
    frequency: Frequency
    index_base: Period | None
    window: int | None
    span_start: Period | None
    breaks: Breaks = NO_BREAKS


Cell = Callable[[Period, Figure], Figure]
_Pair = Callable[[Figure, Figure], Figure]
_Base = Callable[[Period], Period | None]


def _against(base_of: _Base, compute: _Pair) -> Callable[[Job], Cell]:
    """Compare every period with the one that ``base_of`` names."""

    def bind(job: Job) -> Cell:
        def cell(period: Period, figure: Figure) -> Figure:
            base = base_of(period)
            return _compared(job, period, figure, base, compute)

        return cell

    return bind


def _compared(
    job: Job, period: Period, figure: Figure, base: Period | None, compute: _Pair
) -> Figure:
    """Compare a period with another of the series, if it is there and measured alike."""
    prior = None if base is None else job.values.get(base)
    if base is None or prior is None:
        return INSUFFICIENT
    has_both = figure.value is not None and prior.value is not None
    if has_both and job.breaks.between(period, base):
        return BREAK
    return compute(figure, prior)


def _annualised(
    compute: Callable[[Decimal, Decimal, int], Decimal | None],
) -> Callable[[Job], Cell]:
    """Compare with the previous period by a formula that knows the periods in a year."""

    def bind(job: Job) -> Cell:
        def pair(current: Figure, prior: Figure) -> Figure:
            return _same_sign(current, prior, lambda x, y: compute(x, y, job.frequency.per_year))

        return _against(Period.previous, pair)(job)

    return bind


def _same_sign(
    current: Figure, prior: Figure, compute: Callable[[Decimal, Decimal], Decimal | None]
) -> Figure:
    """Apply a formula of two values on one side of zero, or say why it has no value."""
    if current.value is None or prior.value is None:
        return INPUT_MISSING
    if not prior.value:
        return Figure.missing("base_zero")
    if current.value and (prior.value < 0) != (current.value < 0):
        return Figure.missing("sign_change")
    # Without bounds a one-sided input would read as an estimate.
    is_vague = current.is_one_sided or prior.is_one_sided
    value = None if is_vague else compute(current.value, prior.value)
    return Figure.missing("not_determinable") if value is None else Figure(value)


def _compound(current: Decimal, prior: Decimal, periods_in_year: int) -> Decimal:
    """((x_t / x_t-1) ** n - 1) x 100."""
    return _percent(CONTEXT.power(CONTEXT.divide(current, prior), Decimal(periods_in_year)))


def _percent(factor: Decimal) -> Decimal:
    return CONTEXT.multiply(CONTEXT.subtract(factor, _ONE), HUNDRED)


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
            return Figure.missing("not_determinable")
        return Figure(CONTEXT.ln(figure.value))

    return cell


def _index(job: Job) -> Cell:
    """x_t / x_base x 100."""
    if job.index_base is None or not job.index_base.fits(job.frequency):
        raise TransformError(
            f"transform 'idx': expected index_base, a period of frequency {job.frequency}"
        )

    def hundredfold(current: Decimal, prior: Decimal) -> Decimal:
        return CONTEXT.multiply(CONTEXT.divide(current, prior), HUNDRED)

    def pair(current: Figure, prior: Figure) -> Figure:
        return _same_sign(current, prior, hundredfold)

    return lambda period, figure: _compared(job, period, figure, job.index_base, pair)


def _rolling_mean(job: Job) -> Cell:
    """Mean of the last ``window`` periods, all of them needed."""
    window = job.window
    if window is None or window < 1:
        raise TransformError("transform 'rm': expected window, a number of periods from 1")

    def cell(period: Period, figure: Figure) -> Figure:
        total, is_broken = _ZERO, False
        for lag in range(window):
            base = period.previous(lag)
            member = None if base is None else job.values.get(base)
            if base is None or member is None:
                return INSUFFICIENT
            if member.value is None:
                return INPUT_MISSING
            if member.is_one_sided:
                return Figure.missing("not_determinable")
            is_broken = is_broken or job.breaks.between(period, base)
            total = CONTEXT.add(total, member.value)
        if is_broken:
            return BREAK
        return Figure(CONTEXT.divide(total, Decimal(window)))

    return cell


def _compound_annual(job: Job) -> Cell:
    """((x_t / x_s) ** (periods in a year / periods from s to t) - 1) x 100."""
    start = job.span_start or first_period(job.values)

    def cell(period: Period, figure: Figure) -> Figure:
        def pair(current: Figure, prior: Figure) -> Figure:
            if start is None:
                return INSUFFICIENT
            return compound_annual_growth(current, prior, period, start, job.frequency)

        return _compared(job, period, figure, start, pair)

    return cell


def compound_annual_growth(
    last: Figure, first: Figure, period: Period, start: Period, frequency: Frequency
) -> Figure:
    """Return 100 x ((last / first) ** (1 / years) - 1), years counted in periods of the frequency.

    Unit: percent a year. Minimum data: two values, the last after the first. Gaps: years without
    values in between do not matter. Example: 100 in 2016 and 121 in 2018 is 10%. Source:
    definition of the geometric mean growth rate.
    """
    if period.ordinal is None or start.ordinal is None or period.ordinal <= start.ordinal:
        return INSUFFICIENT
    steps = period.ordinal - start.ordinal
    exponent = CONTEXT.divide(Decimal(frequency.per_year), Decimal(steps))
    return _same_sign(
        last, first, lambda x, y: _percent(CONTEXT.power(CONTEXT.divide(x, y), exponent))
    )


def first_period(values: Values) -> Period | None:
    """Return the first regular period that has a value."""
    return min(
        (p for p, figure in values.items() if p.is_regular and figure.value is not None),
        default=None,
    )


CELLS: Mapping[str, Callable[[Job], Cell]] = {
    "lin": _lin,
    "chg": _against(Period.previous, difference),
    "ch1": _against(Period.year_ago, difference),
    "pch": _against(Period.previous, growth),
    "pc1": _against(Period.year_ago, growth),
    "pca": _annualised(_compound),
    "cch": _annualised(_log_change_once),
    "cca": _annualised(_log_change),
    "log": _log,
    "idx": _index,
    "rm": _rolling_mean,
    "cagr": _compound_annual,
}
