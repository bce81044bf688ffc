"""How much the changes of a series vary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from operator import mul

from metrics.stats.bounds import CONTEXT, INSUFFICIENT, NOT_DETERMINABLE, Figure
from metrics.stats.breaks import NO_BREAKS, Breaks
from metrics.stats.calendars import EVERY_PERIOD, Calendar
from metrics.stats.natures import GrowthKind
from metrics.stats.periods import Period
from metrics.stats.rules import HUNDRED

_ZERO = Decimal(0)
_LEAST_CHANGES = 2  # a sample deviation of one change does not exist


def volatility(
    values: Mapping[Period, Figure],
    kind: GrowthKind,
    breaks: Breaks = NO_BREAKS,
    calendar: Calendar = EVERY_PERIOD,
) -> Figure:
    """Return the sample standard deviation of the changes from period to period.

    Formula: sqrt(sum (c - mean c)^2 / (n - 1)). Unit: percent, for ratios percentage points.
    Minimum data: two changes between consecutive periods. Gaps: a change across a gap or a
    redefinition is left out, and one that has no value. Bounds: none. Example: changes of 10% and
    20% give 7.071%.
    Source: sample standard deviation with Bessel's correction.
    """
    if kind is GrowthKind.NONE:
        return NOT_DETERMINABLE
    numbers = _levels(values, breaks, calendar)
    pairs = [
        (number, numbers[part, kind_of, place - 1])
        for (part, kind_of, place), number in numbers.items()
        if (part, kind_of, place - 1) in numbers
    ]
    with localcontext(CONTEXT):
        changes = _growths(pairs) if kind is GrowthKind.PERCENT else [x - y for x, y in pairs]
        return Figure(_deviation(changes)) if len(changes) >= _LEAST_CHANGES else INSUFFICIENT


def _levels(
    values: Mapping[Period, Figure], breaks: Breaks, calendar: Calendar
) -> dict[tuple[int, str, int], Decimal]:
    """Regular values by definition, kind and number; one-sided ones are no estimates."""
    return {
        (breaks.part(period), period.kind, place): figure.value
        for period, figure in values.items()
        if figure.value is not None
        and (place := calendar.number(period)) is not None
        and (figure.lower is None) == (figure.upper is None)
    }


def _growths(pairs: Iterable[tuple[Decimal, Decimal]]) -> list[Decimal]:
    """Growth in percent as rules.growth has it, without bounds: the deviation has none."""
    quotients = [current / prior for current, prior in pairs if prior]
    return [quotient * HUNDRED - HUNDRED for quotient in quotients if quotient >= _ZERO]


def _deviation(numbers: list[Decimal]) -> Decimal:
    """Sample standard deviation, in the current context."""
    centre = sum(numbers, _ZERO) / len(numbers)
    gaps = [number - centre for number in numbers]
    return (sum(map(mul, gaps, gaps), _ZERO) / (len(numbers) - 1)).sqrt()
