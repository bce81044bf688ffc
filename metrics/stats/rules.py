"""Rules that join figures: shares, ratios, sums, differences, growth, implied priors, ranks.

All arithmetic has 34 significant digits, half to even (bounds.CONTEXT); nothing else is rounded.
Each function returns a Figure: a missing input gives ``input_missing``, a zero denominator
``base_zero``, and one-sided inputs that leave no finite bound ``not_determinable``. A denominator
whose interval holds zero gives a value without bounds. Inputs count as independent.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

from metrics.stats.bounds import CONTEXT, Figure, combined, extremes

Key = TypeVar("Key", bound=Hashable)
HUNDRED = Decimal(100)
_ZERO, _ONE, _INFINITY = Decimal(0), Decimal(1), Decimal("Infinity")
INPUT_MISSING = Figure.missing("input_missing")
BASE_ZERO = Figure.missing("base_zero")


def ratio(numerator: Figure, denominator: Figure) -> Figure:
    """Return numerator / denominator.

    Unit: times. Minimum data: both figures. Gaps: input_missing. Example: 12,000 / 5,000 = 2.4.
    Source: definition of a quotient; bounds by interval division (Moore, Interval Analysis, 1966).
    """
    if numerator.value is None or denominator.value is None:
        return INPUT_MISSING
    if not denominator.value:
        return BASE_ZERO
    point = CONTEXT.divide(numerator.value, denominator.value)
    if _holds_zero(denominator):
        return combined(point, (None, None), numerator, denominator)
    bounds = extremes(CONTEXT.divide, numerator, denominator)
    return combined(point, bounds, numerator, denominator)


def share_of_total(part: Figure, total: Figure) -> Figure:
    """Return 100 x part / total. More than 100 is not clipped: it is a finding.

    Unit: percent. Minimum data: both figures. Gaps: input_missing. Example: 8.17亿 of 8.29亿 is
    98.55%. Source: definition of a share, as for ratio.
    """
    return affine(ratio(part, total), HUNDRED)


def difference(a: Figure, b: Figure) -> Figure:
    """Return a - b.

    Unit: that of both; percentage points for two percentages. Minimum data: both figures. Gaps:
    input_missing. Example: 18.3 - 16.7 = 1.6. Source: interval subtraction (Moore 1966).
    """
    if a.value is None or b.value is None:
        return INPUT_MISSING
    point = CONTEXT.subtract(a.value, b.value)
    return combined(point, extremes(CONTEXT.subtract, a, b), a, b)


def sum_of(figures: Iterable[Figure]) -> Figure:
    """Return the sum of the figures; one missing member makes the sum missing.

    Unit: that of the members. Minimum data: one figure. Gaps: input_missing. Example: 1 + 2 + 4 =
    7. A side is bounded when it is bounded in every member. Source: interval addition (Moore
    1966).
    """
    members = list(figures)
    point = lower = upper = _ZERO
    has_lower = has_upper = bool(members)
    for member in members:
        if member.value is None:
            return INPUT_MISSING
        point = CONTEXT.add(point, member.value)
        has_lower, has_upper = (
            has_lower and member.lower is not None,
            has_upper and (member.upper is not None),
        )
        lower = CONTEXT.add(lower, member.lower or _ZERO)
        upper = CONTEXT.add(upper, member.upper or _ZERO)
    if not members:
        return INPUT_MISSING
    bounds = (lower if has_lower else None, upper if has_upper else None)
    return combined(point, bounds, *members)


def growth(current: Figure, prior: Figure) -> Figure:
    """Return 100 x (current / prior - 1).

    Unit: percent. Minimum data: both figures. Gaps: input_missing; sign_change where the figures
    lie on different sides of zero; two lower bounds are not_determinable. Example: from 3,000 to
    3,300 is 10%. Source: FRED units pch and pc1.
    """
    if current.value is None or prior.value is None:
        return INPUT_MISSING
    if prior.value and current.value and (prior.value < 0) != (current.value < 0):
        return Figure.missing("sign_change")
    return affine(ratio(current, prior), HUNDRED, -HUNDRED)


def implied_prior(level: Figure, growth_percent: Figure) -> Figure:
    """Return level / (1 + growth / 100): the level before a stated growth.

    Unit: that of the level. Minimum data: both figures. Gaps: input_missing; growth of -100% is
    base_zero. Example: 1.51亿 after 17.5% was 1.285亿. Source: growth solved for the prior.
    """
    if growth_percent.value is None:
        return INPUT_MISSING
    return ratio(level, affine(growth_percent, Decimal("0.01"), _ONE))


def implied_prior_points(level: Figure, points: Figure) -> Figure:
    """Return level - points: the ratio before a stated change in percentage points.

    Unit: percent. Minimum data: both figures. Gaps: input_missing. Example: 34.6% after a rise of
    6.1 points was 28.5%. Source: difference solved for the prior.
    """
    return difference(level, points)


def rank_of(figures: Mapping[Key, Figure]) -> dict[Key, Figure]:
    """Return each figure's place by value, 1 the largest; ties share the better place.

    Unit: rank. Minimum data: one figure. Gaps: a missing figure is input_missing and takes no
    place. Bounds: the best and worst place that the figures' intervals allow. Example: 30, 20, 20,
    10 rank 1, 2, 2, 4. Source: standard competition ranking.
    """
    present = [figure for figure in figures.values() if figure.value is not None]
    places = _places(figure.value for figure in present if figure.value is not None)
    lowers = sorted(_lower(figure) for figure in present)
    uppers = sorted(_upper(figure) for figure in present)
    count = len(present)

    def placed(figure: Figure) -> Figure:
        if figure.value is None:
            return INPUT_MISSING
        lower, upper = _lower(figure), _upper(figure)
        surely_above = count - bisect_right(lowers, upper)
        perhaps_above = count - bisect_right(uppers, lower) - (upper > lower)  # less itself
        return Figure(places[figure.value], Decimal(1 + surely_above), Decimal(1 + perhaps_above))

    return {key: placed(figure) for key, figure in figures.items()}


def _places(values: Iterable[Decimal]) -> dict[Decimal, Decimal]:
    places: dict[Decimal, Decimal] = {}
    for place, value in enumerate(sorted(values, reverse=True), start=1):
        places.setdefault(value, Decimal(place))
    return places


def _lower(figure: Figure) -> Decimal:
    return -_INFINITY if figure.lower is None else figure.lower


def _upper(figure: Figure) -> Decimal:
    return _INFINITY if figure.upper is None else figure.upper


def affine(figure: Figure, factor: Decimal, shift: Decimal = _ZERO) -> Figure:
    """Return factor x figure + shift for a positive factor; missing stays missing."""

    def moved(number: Decimal | None) -> Decimal | None:
        return None if number is None else CONTEXT.add(CONTEXT.multiply(number, factor), shift)

    return Figure(moved(figure.value), moved(figure.lower), moved(figure.upper), figure.null_reason)


def _holds_zero(figure: Figure) -> bool:
    above = figure.lower is not None and figure.lower > 0
    below = figure.upper is not None and figure.upper < 0
    return not (above or below)
