"""A value with the interval it lies in, and the interval that a stated figure implies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from metrics.stats.wording import Qualifier

# The one context of all arithmetic here: 34 digits (IEEE 754 decimal128), half to even.
CONTEXT = Context(
    prec=34, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow]
)
_TWO = Decimal(2)
_INFINITY = Decimal("Infinity")

Bounds = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """A value and its interval, all in the unit of its series.

    A bound of None means unbounded on that side. A missing figure has no value and says why in
    ``null_reason``. The value of a one-sided figure is its finite bound.
    """

    value: Decimal | None
    lower: Decimal | None = None
    upper: Decimal | None = None
    null_reason: str = ""

    @classmethod
    def missing(cls, reason: str) -> Figure:
        """Return the figure that has no value, for the reason."""
        return cls(None, None, None, reason)

    @classmethod
    def stated(
        cls,
        value: Decimal,
        resolution: Decimal | None = None,
        qualifier: Qualifier = Qualifier.EXACT,
    ) -> Figure:
        """Return a stated value with the bounds it implies."""
        return cls(value, *stated_bounds(value, resolution, qualifier))

    @property
    def is_missing(self) -> bool:
        return self.value is None

    @property
    def is_one_sided(self) -> bool:
        """Whether exactly one side is bounded."""
        return (self.lower is None) != (self.upper is None)

    @property
    def qualifier(self) -> Qualifier:
        """Read the qualifier off the bounds: one side is over or under, neither is about.

        ``nearly`` cannot be told from ``under``: an observation keeps its own qualifier.
        """
        if (self.lower is not None and self.upper is not None) or self.value is None:
            return Qualifier.EXACT
        if self.lower is not None:
            return Qualifier.OVER
        return Qualifier.ABOUT if self.upper is None else Qualifier.UNDER


# Why arithmetic has no result; between definitions also breaks.BREAK.
INPUT_MISSING = Figure.missing("input_missing")
INSUFFICIENT = Figure.missing("insufficient_history")
INCOMPLETE = Figure.missing("incomplete_period")
BASE_ZERO = Figure.missing("base_zero")
SIGN_CHANGE = Figure.missing("sign_change")
NOT_DETERMINABLE = Figure.missing("not_determinable")


def stated_bounds(
    value: Decimal, resolution: Decimal | None, qualifier: Qualifier | str = Qualifier.EXACT
) -> Bounds:
    """Return the interval of a stated value, in its own unit.

    Formula: exact is value ± resolution/2 (no resolution: the value itself, as of a rank); over is
    [value, ∞); under and nearly are (−∞, value]; about has no bounds. Example: 8.29亿 with
    resolution 0.01亿 gives 8.285亿 and 8.295亿. Source: DESIGN section 4, Bounds.
    """
    if qualifier == Qualifier.OVER:
        return value, None
    if qualifier in (Qualifier.UNDER, Qualifier.NEARLY):
        return None, value
    if qualifier == Qualifier.ABOUT:
        return None, None
    half = CONTEXT.divide(abs(resolution or Decimal(0)), _TWO)
    return CONTEXT.subtract(value, half), CONTEXT.add(value, half)


def resolution_of(digits: str) -> Decimal:
    """Return one unit of the last significant digit of a mantissa as printed.

    Trailing zeros after the decimal point are significant, those of a whole mantissa are not.
    Examples: 8.29 gives 0.01, 8.0 gives 0.1, 8,700 gives 100, 0 gives 1. Thousand separators and
    a sign are allowed. Source: DESIGN section 4, Bounds.
    """
    whole, _, fraction = digits.replace(",", "").lstrip("+-−").partition(".")
    if fraction:
        return Decimal(1).scaleb(-len(fraction))
    significant = whole.rstrip("0")
    return Decimal(10 ** (len(whole) - len(significant))) if significant else Decimal(1)


def extremes(
    operation: Callable[[Decimal, Decimal], Decimal], first: Figure, second: Figure
) -> Bounds:
    """Return the bounds of an operation monotone in each argument, over two intervals.

    The extremes lie at corners of the box. A corner on an unbounded side is only a limit and
    bounds nothing, so an extreme reached only there is None; undefined corners (∞/∞, ∞−∞) lie
    between their neighbours and are skipped. Figures without bounds (about) give none.
    """
    a, b, c, d = first.lower, first.upper, second.lower, second.upper
    if a is not None and b is not None and c is not None and d is not None:
        corners = operation(a, c), operation(a, d), operation(b, c), operation(b, d)
        return min(corners), max(corners)
    if (a is None and b is None) or (c is None and d is None):
        return None, None
    return _limits(operation, first, second)


def _limits(
    operation: Callable[[Decimal, Decimal], Decimal], first: Figure, second: Figure
) -> Bounds:
    """Return the extremes where at least one side is unbounded."""
    finite: list[Decimal] = []
    limits: list[Decimal] = []
    for left in _sides(first):
        for right in _sides(second):
            try:
                result = operation(left, right)
            except InvalidOperation:
                continue
            is_limit = not (left.is_finite() and right.is_finite())
            (limits if is_limit else finite).append(result)
    low, high = min(finite), max(finite)
    return (
        None if any(limit < low for limit in limits) else low,
        None if any(limit > high for limit in limits) else high,
    )


def _sides(figure: Figure) -> tuple[Decimal, Decimal]:
    lower = -_INFINITY if figure.lower is None else figure.lower
    upper = _INFINITY if figure.upper is None else figure.upper
    return lower, upper


def combined(point: Decimal, bounds: Bounds, *inputs: Figure) -> Figure:
    """Return the figure of a result: its point value, its bounds and what its inputs allow.

    With a one-sided input the point is no estimate: the value is the finite bound, and without one
    the result is ``not_determinable``.
    """
    lower, upper = bounds
    if not any(figure.is_one_sided for figure in inputs):
        return Figure(point, lower, upper)
    if lower is not None and upper is not None:
        return Figure(point, lower, upper)
    value = lower if lower is not None else upper
    return NOT_DETERMINABLE if value is None else Figure(value, lower, upper)
