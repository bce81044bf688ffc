"""Formulas and predicates over named inputs: values, bounds and null reasons.

Interval arithmetic (Moore 1966) with the rules of rules.py: an input that occurs twice counts as
two, so bounds may be wider than need be and never too narrow. Arithmetic as in bounds.CONTEXT.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from metrics.stats.bounds import (
    CONTEXT,
    INPUT_MISSING,
    INSUFFICIENT,
    Bounds,
    Figure,
    combined,
    extremes,
)
from metrics.stats.breaks import BREAK, NO_BREAKS, Breaks
from metrics.stats.calendars import EVERY_PERIOD, Calendar
from metrics.stats.formula_syntax import (
    Call,
    Chain,
    Comparison,
    Formula,
    FormulaError,
    Negative,
    Node,
    Number,
    Reference,
    names,
    parse_formula,
    references,
)
from metrics.stats.means import mean_of
from metrics.stats.periods import Period
from metrics.stats.rules import difference, ratio, sum_of

__all__ = [
    "Formula",
    "FormulaError",
    "Reference",
    "evaluate_formula",
    "evaluate_predicate",
    "names",
    "parse_formula",
    "references",
]

Inputs = Mapping[str, Mapping[Period, Figure]]
_ZERO = Decimal(0)
_UNBROKEN: Mapping[str, Breaks] = MappingProxyType({})
_EVERY_PERIOD: Mapping[str, Calendar] = MappingProxyType({})


def evaluate_formula(
    formula: Formula,
    inputs: Inputs,
    period: Period,
    breaks: Mapping[str, Breaks] = _UNBROKEN,
    calendars: Mapping[str, Calendar] = _EVERY_PERIOD,
) -> Figure:
    """Compute a formula for a period.

    ``inputs``: the values of each name by period; ``calendars``: which days those of days keep.
    Unit: what the formula makes of its inputs'.
    Minimum data: every input it names. Gaps: the first reason met from left to right: input_missing
    (an input has no value for the period), insufficient_history (nor for an earlier one), break
    (the
    input was measured differently in the earlier one, by ``breaks``), base_zero, not_determinable.
    Example: ``(a - a[-1]) / b`` with a 110 after 100 and b 50 is 0.2.
    Source: definition. Raises ValueError for a predicate and for a name that ``inputs`` lacks.
    """
    if isinstance(formula.tree, Comparison):
        raise ValueError(f"formula {formula.text!r}: expected no comparison")
    return _Evaluation(inputs, period, breaks, calendars).of(formula.tree)


def evaluate_predicate(formula: Formula, inputs: Inputs, period: Period) -> bool | None:
    """Tell whether a comparison holds for a period; None where the bounds leave it open.

    It is True (False) when it is so for every value within the bounds, None also where a side is
    missing. Examples: over 120 > 100 is True; about 100 > 100 and over 90 > 100 are None. Raises
    ValueError for a formula without comparison and for a name that ``inputs`` lacks.
    """
    if not isinstance(formula.tree, Comparison):
        raise ValueError(f"formula {formula.text!r}: expected a comparison")
    evaluation = _Evaluation(inputs, period)
    left, right = evaluation.of(formula.tree.left), evaluation.of(formula.tree.right)
    if left.value is None or right.value is None:
        return None
    return _COMPARISONS[formula.tree.operator](left, right)


@dataclass(frozen=True, slots=True)
class _Evaluation:
    inputs: Inputs
    period: Period
    breaks: Mapping[str, Breaks] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)

    def of(self, node: Node) -> Figure:
        match node:
            case Number():
                return Figure(node.value, node.value, node.value)
            case Reference():
                return self.referred(node)
            case Negative():
                return _valued(_negative, [self.of(node.operand)])
            case Chain():
                return self.chained(node)
            case Call():
                return _valued(_FUNCTIONS[node.function], [self.of(a) for a in node.arguments])

    def referred(self, reference: Reference) -> Figure:
        if reference.name not in self.inputs:
            known = ", ".join(sorted(self.inputs)) or "none"
            raise ValueError(f"input {reference.name!r}: expected one of {known}")
        calendar = self.calendars.get(reference.name, EVERY_PERIOD)
        period = reference.source_of(self.period, calendar)
        figure = None if period is None else self.inputs[reference.name].get(period)
        if figure is None:
            return INSUFFICIENT if reference.is_lagged else INPUT_MISSING
        if figure.value is None:
            return INPUT_MISSING
        is_across = period is not None and self.breaks.get(reference.name, NO_BREAKS).between(
            period, self.period
        )
        return BREAK if is_across else figure

    def chained(self, chain: Chain) -> Figure:
        result = self.of(chain.first)
        for operator, node in chain.rest:
            if result.value is None:
                return result
            result = _valued(_OPERATORS[operator], [result, self.of(node)])
        return result


_Many = Callable[[Sequence[Figure]], Figure]


def _valued(compute: _Many, figures: Sequence[Figure]) -> Figure:
    """Compute, or pass on the first figure that is missing."""
    return next((figure for figure in figures if figure.value is None), None) or compute(figures)


def _product(figures: Sequence[Figure]) -> Figure:
    first, second = figures
    if first.value is None or second.value is None:
        return INPUT_MISSING
    point = CONTEXT.multiply(first.value, second.value)
    return combined(point, extremes(CONTEXT.multiply, first, second), first, second)


def _negative(figures: Sequence[Figure]) -> Figure:
    (figure,) = figures

    def turned(number: Decimal | None) -> Decimal | None:
        return None if number is None else CONTEXT.minus(number)

    return Figure(turned(figure.value), turned(figure.upper), turned(figure.lower))


def _absolute(figures: Sequence[Figure]) -> Figure:
    (figure,) = figures
    lower, upper, value = figure.lower, figure.upper, figure.value
    if value is None or (lower is not None and lower >= _ZERO):
        return figure
    if upper is not None and upper <= _ZERO:
        return _negative(figures)
    if lower is None or upper is None:  # on either side of zero and open: nothing is known
        return combined(CONTEXT.abs(value), (None, None), figure)
    return Figure(CONTEXT.abs(value), _ZERO, max(CONTEXT.minus(lower), upper))


def _chosen(pick: Callable[[list[Decimal]], Decimal], open_side: int) -> _Many:
    """min or max: on its open side one unbounded argument unbounds it, on the other it does not."""

    def compute(figures: Sequence[Figure]) -> Figure:
        sides: list[Decimal | None] = []
        for side in (0, 1):
            ends = [(figure.lower, figure.upper)[side] for figure in figures]
            known = [end for end in ends if end is not None]
            is_open = not known or (side == open_side and len(known) < len(ends))
            sides.append(None if is_open else pick(known))
        has_about = any(figure.lower is None and figure.upper is None for figure in figures)
        bounds: Bounds = (None, None) if has_about else (sides[0], sides[1])
        point = pick([figure.value for figure in figures if figure.value is not None])
        return combined(point, bounds, *figures)

    return compute


_OPERATORS: Mapping[str, _Many] = {
    "+": sum_of,
    "-": lambda figures: difference(*figures),
    "*": _product,
    "/": lambda figures: ratio(*figures),
}
_FUNCTIONS: Mapping[str, _Many] = {
    "min": _chosen(min, 0),
    "max": _chosen(max, 1),
    "abs": _absolute,
    "sum": sum_of,
    "mean": mean_of,
}


def _above(left: Figure, right: Figure) -> bool | None:
    if left.lower is not None and right.upper is not None and left.lower > right.upper:
        return True
    if left.upper is not None and right.lower is not None and left.upper <= right.lower:
        return False
    return None


def _not_above(left: Figure, right: Figure) -> bool | None:
    above = _above(left, right)
    return None if above is None else not above


def _equal(left: Figure, right: Figure) -> bool | None:
    if _above(left, right) or _above(right, left):
        return False
    ends = {left.lower, left.upper, right.lower, right.upper}
    return True if len(ends) == 1 and None not in ends else None


_COMPARISONS: Mapping[str, Callable[[Figure, Figure], bool | None]] = {
    ">": _above,
    "<": lambda left, right: _above(right, left),
    "<=": _not_above,
    ">=": lambda left, right: _not_above(right, left),
    "==": _equal,
}
