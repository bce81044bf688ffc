"""Rules that join two figures: shares, ratios, differences, growth, implied priors.

All arithmetic has 34 significant digits, half to even (bounds.CONTEXT); nothing else is rounded.
Each function returns a Figure: a missing input gives ``input_missing``, a zero denominator
``base_zero``, and one-sided inputs that leave no finite bound ``not_determinable``. A denominator
whose interval holds zero gives a value without bounds. Inputs count as independent.

``nonnegative`` says that no input can be below zero (counts, durations, amounts that are never
owed), which a stated "under" or "nearly" alone does not: 8,700亿 shared by nearly 1,200万 is then
over 72,083 each, where it is otherwise not determinable.

Rules over the members of a group (sum, rank, peer index) are in members.
"""

from __future__ import annotations

from decimal import Decimal

from metrics.stats.bounds import (
    BASE_ZERO,
    CONTEXT,
    INPUT_MISSING,
    SIGN_CHANGE,
    Bounds,
    Figure,
    combined,
    extremes,
)
from metrics.stats.members import peer_index, rank_of, sum_of

__all__ = [
    "BASE_ZERO",
    "HUNDRED",
    "INPUT_MISSING",
    "affine",
    "difference",
    "growth",
    "implied_prior",
    "implied_prior_points",
    "peer_index",
    "rank_of",
    "ratio",
    "share_of_total",
    "sum_of",
]

HUNDRED = Decimal(100)
_ZERO, _ONE, _CENT = Decimal(0), Decimal(1), Decimal("0.01")
# Looked up once: these run for every cell of every panel.
_add, _subtract = CONTEXT.add, CONTEXT.subtract
_multiply, _divide = CONTEXT.multiply, CONTEXT.divide


def ratio(numerator: Figure, denominator: Figure, *, nonnegative: bool = False) -> Figure:
    """Return numerator / denominator.

    Unit: times. Minimum data: both figures. Gaps: input_missing. Example: 12,000 / 5,000 = 2.4.
    Source: definition of a quotient; bounds by interval division (Moore, Interval Analysis, 1966).
    """
    x, y = numerator.value, denominator.value
    if x is None or y is None:
        return INPUT_MISSING
    if not y:
        return BASE_ZERO
    quick = _positive_quotients(numerator, denominator, x, y)
    if quick is not None:
        return Figure(*quick)
    bounds = _quotient_bounds(numerator, denominator, nonnegative)
    return combined(_divide(x, y), bounds, numerator, denominator)


def _positive_quotients(
    numerator: Figure, denominator: Figure, x: Decimal, y: Decimal
) -> tuple[Decimal, Decimal, Decimal] | None:
    """Value, lower and upper where both intervals are finite and above zero: the usual case."""
    a, b, c, d = numerator.lower, numerator.upper, denominator.lower, denominator.upper
    if a is None or b is None or c is None or d is None or a <= _ZERO or c <= _ZERO:
        return None
    return _divide(x, y), _divide(a, d), _divide(b, c)


def _quotient_bounds(numerator: Figure, denominator: Figure, nonnegative: bool) -> Bounds:
    is_vague = numerator.is_one_sided or denominator.is_one_sided
    if not (nonnegative and is_vague):
        if _holds_zero(denominator):
            return None, None
        return extremes(_divide, numerator, denominator)
    top, bottom = _floored(numerator), _floored(denominator)
    if not _holds_zero(bottom):
        lower, upper = extremes(_divide, top, bottom)
    elif top.lower is None or not bottom.upper:
        return None, None
    else:  # the denominator may be next to nothing, the quotient as large as you like
        lower, upper = _divide(top.lower, bottom.upper), None if top.upper else top.upper
    # A floor of zero is known of every such quotient and tells nothing of this one.
    return (None if lower is not None and not lower and upper != _ZERO else lower), upper


def _floored(figure: Figure) -> Figure:
    """Cut off what lies below zero, unless the figure says that all of it does, or nothing."""
    if (figure.lower is None and figure.upper is None) or (
        figure.upper is not None and figure.upper < _ZERO
    ):
        return figure
    if figure.lower is not None and figure.lower >= _ZERO:
        return figure
    return Figure(figure.value, _ZERO, figure.upper)


def share_of_total(part: Figure, total: Figure, *, nonnegative: bool = False) -> Figure:
    """Return 100 x part / total. More than 100 is not clipped: it is a finding.

    Unit: percent. Minimum data: both figures. Gaps: input_missing. Example: 8.17亿 of 8.29亿 is
    98.55%. Source: definition of a share, as for ratio.
    """
    x, y = part.value, total.value
    if x is not None and y:
        quick = _positive_quotients(part, total, x, y)
        if quick is not None:
            value, lower, upper = quick
            return Figure(
                _multiply(value, HUNDRED), _multiply(lower, HUNDRED), _multiply(upper, HUNDRED)
            )
    return affine(ratio(part, total, nonnegative=nonnegative), HUNDRED)


def difference(a: Figure, b: Figure) -> Figure:
    """Return a - b.

    Unit: that of both; percentage points for two percentages. Minimum data: both figures. Gaps:
    input_missing. Example: 18.3 - 16.7 = 1.6. Source: interval subtraction (Moore 1966).
    """
    if a.value is None or b.value is None:
        return INPUT_MISSING
    point = _subtract(a.value, b.value)
    if a.lower is None or a.upper is None or b.lower is None or b.upper is None:
        return combined(point, extremes(_subtract, a, b), a, b)
    return Figure(point, _subtract(a.lower, b.upper), _subtract(a.upper, b.lower))


def growth(current: Figure, prior: Figure, *, nonnegative: bool = False) -> Figure:
    """Return 100 x (current / prior - 1).

    Unit: percent. Minimum data: both figures. Gaps: input_missing; sign_change where the figures
    lie on different sides of zero; two lower bounds are not_determinable. Example: from 3,000 to
    3,300 is 10%. Source: FRED units pch and pc1.
    """
    x, y = current.value, prior.value
    if x is None or y is None:
        return INPUT_MISSING
    quick = _positive_quotients(current, prior, x, y)
    if quick is not None:
        value, lower, upper = quick
        return Figure(_risen(value), _risen(lower), _risen(upper))
    if x and y and (x < _ZERO) != (y < _ZERO):
        return SIGN_CHANGE
    return affine(ratio(current, prior, nonnegative=nonnegative), HUNDRED, -HUNDRED)


def _risen(quotient: Decimal) -> Decimal:
    return _subtract(_multiply(quotient, HUNDRED), HUNDRED)


def implied_prior(level: Figure, growth_percent: Figure, *, nonnegative: bool = False) -> Figure:
    """Return level / (1 + growth / 100): the level before a stated growth.

    Unit: that of the level. Minimum data: both figures. Gaps: input_missing; growth of -100% is
    base_zero. Example: 1.51亿 after 17.5% was 1.285亿. Source: growth solved for the prior.
    """
    if growth_percent.value is None:
        return INPUT_MISSING
    return ratio(level, affine(growth_percent, _CENT, _ONE), nonnegative=nonnegative)


def implied_prior_points(level: Figure, points: Figure) -> Figure:
    """Return level - points: the ratio before a stated change in percentage points.

    Unit: percent. Minimum data: both figures. Gaps: input_missing. Example: 34.6% after a rise of
    6.1 points was 28.5%. Source: difference solved for the prior.
    """
    return difference(level, points)


def affine(figure: Figure, factor: Decimal, shift: Decimal = _ZERO) -> Figure:
    """Return factor x figure + shift for a positive factor; missing stays missing."""

    def moved(number: Decimal | None) -> Decimal | None:
        return None if number is None else _add(_multiply(number, factor), shift)

    return Figure(moved(figure.value), moved(figure.lower), moved(figure.upper), figure.null_reason)


def _holds_zero(figure: Figure) -> bool:
    above = figure.lower is not None and figure.lower > _ZERO
    below = figure.upper is not None and figure.upper < _ZERO
    return not (above or below)
