"""What a formula makes of its inputs: units and natures worked out before anything is computed.

Only what has one unit is added or compared; a number written in the formula suits any. Values of
several periods are summed or averaged only where the nature says so (NATURES), and values of
several series are added only where they are summable; a mean, a difference, the least and the
greatest may be of any. A quotient of two units may be stated in the unit of its numerator, as
money per head is. Source: dimensional analysis, and natures.NATURES.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

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
)
from metrics.stats.formula_units import POINTS, Meaning, is_alike, suits
from metrics.stats.natures import NATURES, Nature
from metrics.stats.quantities import PERCENTAGES, Quantity

_SUMMED_OVER_TIME = frozenset({Nature.STOCK, Nature.CUMULATIVE})


def check_meaning(formula: Formula, inputs: Mapping[str, Quantity], output: Quantity) -> None:
    """Raise FormulaError, with the place, where a formula adds what cannot be added or its result
    does not suit the output. ``inputs``: the quantity of each name. Raises ValueError for a
    predicate, KeyError for a name that ``inputs`` lacks."""
    if isinstance(formula.tree, Comparison):
        raise ValueError(f"formula {formula.text!r}: expected no comparison")
    result = _of(formula.tree, inputs)
    if result.units is not None:
        _check_output(result, output)


def _of(node: Node, inputs: Mapping[str, Quantity]) -> Meaning:
    match node:
        case Number():
            return Meaning()
        case Reference():
            one = inputs[node.name]
            natures = frozenset({one.nature})
            return Meaning({one.unit: 1}, one, natures, node, True, {one.unit: one})
        case Negative():
            return replace(_of(node.operand, inputs), is_reference=False)
        case Chain() if node.rest[0][0] in "+-":
            parts = [("+", _of(node.first, inputs)), *((o, _of(n, inputs)) for o, n in node.rest)]
            return _added(parts)
        case Chain():
            result = _of(node.first, inputs)
            for operator, part in node.rest:
                result = _multiplied(result, _of(part, inputs), 1 if operator == "*" else -1)
            return result
        case Call():
            return _called(node.function, [_of(part, inputs) for part in node.arguments])


def _called(function: str, parts: Sequence[Meaning]) -> Meaning:
    if function == "sum":
        return _added([("+", part) for part in parts])
    result = _joined(parts)
    if function != "mean":
        return result
    for one in _over_time(parts):
        _require(one, "avg", "averaged")
        return replace(result, natures=result.natures | {Nature.PERIOD_AVERAGE})
    return result


def _added(terms: Sequence[tuple[str, Meaning]]) -> Meaning:
    parts = [part for _, part in terms]
    result = _joined(parts)
    plus = [part for operator, part in terms if operator == "+"]
    for one in _over_time(plus):
        _require(one, "sum", "summed")
    _require_summable(plus)
    if len(plus) == len(terms):
        return result
    natures = result.natures
    if _over_time(parts) and natures & _SUMMED_OVER_TIME:
        natures |= {Nature.FLOW}  # what a stock gained in a period
    return replace(_in_points(result, parts), natures=natures)


def _in_points(result: Meaning, parts: Sequence[Meaning]) -> Meaning:
    """A difference of two percentages is in points; a level less its change is a level."""
    kinds = [part.plain.unit_kind for part in parts if part.plain is not None]
    if result.plain is None or len(kinds) == 1 or not set(kinds) <= PERCENTAGES - {POINTS}:
        return result
    return replace(result, plain=replace(result.plain, unit_kind=POINTS))


def _joined(parts: Sequence[Meaning]) -> Meaning:
    """Parts of one unit; bare numbers take that of the others."""
    united = [part for part in parts if part.units is not None]
    if not united:
        return Meaning()
    first = united[0]
    for part in united[1:]:
        if not is_alike(first, part):
            at = part.reference.position if part.reference else 0
            raise FormulaError("units", at, first=first.unit_name, second=part.unit_name)
    level = next((p for p in united if p.plain and p.plain.unit_kind is not POINTS), first)
    same = all(part.natures == first.natures for part in united)
    is_plain = all(part.plain is not None for part in united)
    return replace(
        level,
        plain=level.plain if is_plain else None,
        natures=first.natures if same else frozenset(),
        reference=first.reference,
        is_reference=False,
    )


def _multiplied(left: Meaning, right: Meaning, power: int) -> Meaning:
    if right.units is None:
        return replace(left, plain=None, is_reference=False)
    if left.units is None and power == 1:
        return replace(right, plain=None, is_reference=False)
    units = dict(left.units or {})
    for unit, exponent in right.units.items():
        units[unit] = units.get(unit, 0) + power * exponent
    natures: frozenset[Nature] = frozenset()
    if power == -1 and left.dimension and right.dimension:
        natures = left.natures and left.natures | {Nature.RATIO, Nature.INDEX}
    return Meaning(
        units={unit: exponent for unit, exponent in units.items() if exponent},
        natures=natures,
        reference=left.reference or right.reference,
        quantities={**left.quantities, **right.quantities},
    )


def _over_time(parts: Sequence[Meaning]) -> list[Meaning]:
    """Inputs that stand here for several periods: the later mention of each."""
    seen: dict[str, tuple[int, int]] = {}
    found = []
    for part in parts:
        if not part.is_reference or part.reference is None:
            continue
        one = part.reference
        lag = (one.periods_before, one.years_before)
        if seen.setdefault(one.name, lag) != lag:
            found.append(part)
    return found


def _require(part: Meaning, aggregation: str, what: str) -> None:
    if part.plain is not None and aggregation not in NATURES[part.plain.nature].aggregations:
        at = part.reference.position if part.reference else 0
        name, nature = part.plain.name, part.plain.nature
        raise FormulaError("over-time", at, name=name, nature=nature, what=what)


def _require_summable(parts: Sequence[Meaning]) -> None:
    """Several inputs that are added as they are; a change in points may be added to its level."""
    inputs = [part for part in parts if part.is_reference and part.plain is not None]
    if len({part.reference.name for part in inputs if part.reference}) < 2:
        return
    if any(part.plain and part.plain.unit_kind is POINTS for part in inputs):
        return
    for part in inputs:
        if part.plain and part.reference and not NATURES[part.plain.nature].summable:
            name, nature = part.plain.name, part.plain.nature
            raise FormulaError("not-summable", part.reference.position, name=name, nature=nature)


def _check_output(result: Meaning, output: Quantity) -> None:
    if not suits(result, output):
        raise FormulaError(
            "output-unit",
            0,
            found=result.unit_name,
            expected=output.unit_name or output.unit,
        )
    if result.natures and output.nature not in result.natures:
        found = tuple(sorted(result.natures))
        raise FormulaError("output-nature", 0, found=found, expected=output.nature)
