"""What a transform works on, and how two periods of a series are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from metrics.stats.bounds import (
    BASE_ZERO,
    CONTEXT,
    INPUT_MISSING,
    INSUFFICIENT,
    NOT_DETERMINABLE,
    SIGN_CHANGE,
    Figure,
)
from metrics.stats.breaks import BREAK, NO_BREAKS, Breaks
from metrics.stats.calendars import EVERY_PERIOD, Calendar
from metrics.stats.natures import Nature
from metrics.stats.periods import Frequency, Period
from metrics.stats.rules import HUNDRED

Values = Mapping[Period, Figure]
_ONE = Decimal(1)


class TransformError(ValueError):
    """A transform that is unknown, lacks its argument or does not suit the nature."""


@dataclass(frozen=True, slots=True)
class Job:
    values: Values
    frequency: Frequency
    nature: Nature
    index_base: Period | None
    window: int | None
    span_start: Period | None
    breaks: Breaks = NO_BREAKS
    calendar: Calendar = EVERY_PERIOD

    @property
    def per_year(self) -> int:
        return self.calendar.per_year(self.frequency)


Cell = Callable[[Period, Figure], Figure]
Pair = Callable[[Figure, Figure], Figure]
Base = Callable[[Calendar, Period], Period | None]


def against(base_of: Base, compute: Pair) -> Callable[[Job], Cell]:
    """Compare every period with the one that ``base_of`` names."""

    def bind(job: Job) -> Cell:
        def cell(period: Period, figure: Figure) -> Figure:
            base = base_of(job.calendar, period)
            return compared(job, period, figure, base, compute)

        return cell

    return bind


def compared(
    job: Job, period: Period, figure: Figure, base: Period | None, compute: Pair
) -> Figure:
    """Compare a period with another of the series, if it is there and measured alike."""
    prior = None if base is None else job.values.get(base)
    if base is None or prior is None:
        return INSUFFICIENT
    has_both = figure.value is not None and prior.value is not None
    if has_both and job.breaks.between(period, base):
        return BREAK
    return compute(figure, prior)


def same_sign(
    current: Figure, prior: Figure, compute: Callable[[Decimal, Decimal], Decimal | None]
) -> Figure:
    """Apply a formula of two values on one side of zero, or say why it has no value."""
    if current.value is None or prior.value is None:
        return INPUT_MISSING
    if not prior.value:
        return BASE_ZERO
    if current.value and (prior.value < 0) != (current.value < 0):
        return SIGN_CHANGE
    # Without bounds a one-sided input would read as an estimate.
    is_vague = current.is_one_sided or prior.is_one_sided
    value = None if is_vague else compute(current.value, prior.value)
    return NOT_DETERMINABLE if value is None else Figure(value)


def percent_of(factor: Decimal) -> Decimal:
    """(factor - 1) x 100."""
    return CONTEXT.multiply(CONTEXT.subtract(factor, _ONE), HUNDRED)
