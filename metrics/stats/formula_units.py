"""The units of a part of a formula: what may be added to it, and which output it suits.

Source: dimensional analysis. A pure number (percent, times) multiplied with something leaves it
what it is; a change in points may be added to the percentage it changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from metrics.stats.formula_syntax import Reference
from metrics.stats.natures import Nature
from metrics.stats.quantities import PERCENTAGES, PURE, Quantity, UnitKind

POINTS = UnitKind.POINTS


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a part of the formula is.

    ``units``: exponent by unit (None: a bare number, which suits all). ``plain``: the quantity
    whose unit it has as it is, neither scaled nor combined. ``natures``: those the part may be said
    to have; empty: any. ``reference``: the input it is, or the first within.
    """

    units: Mapping[str, int] | None = None
    plain: Quantity | None = None
    natures: frozenset[Nature] = frozenset()
    reference: Reference | None = None
    is_reference: bool = False
    quantities: Mapping[str, Quantity] = field(default_factory=dict)

    @property
    def dimension(self) -> Mapping[str, int]:
        """The units without those of pure numbers."""
        kinds = {unit: one.unit_kind for unit, one in self.quantities.items()}
        return {u: n for u, n in (self.units or {}).items() if kinds[u] not in PURE}

    @property
    def unit_name(self) -> str:
        named = {unit: one.unit_name or unit for unit, one in self.quantities.items()}
        over = [named[u] for u, n in (self.units or {}).items() for _ in range(n)]
        under = [named[u] for u, n in (self.units or {}).items() for _ in range(-n)]
        return " / ".join([" × ".join(over) or "1", *under])


def is_alike(first: Meaning, second: Meaning) -> bool:
    """Whether two parts may be added or compared."""
    if first.plain is None or second.plain is None:
        return first.dimension == second.dimension
    if first.plain.unit == second.plain.unit:
        return True
    kinds = {first.plain.unit_kind, second.plain.unit_kind}
    return kinds <= PERCENTAGES and POINTS in kinds  # a level and its change


def suits(result: Meaning, output: Quantity) -> bool:
    """Whether what a formula makes may be stored in the unit of the output."""
    if result.plain is not None:
        if result.plain.unit_kind in PERCENTAGES:
            return output.unit_kind is result.plain.unit_kind
        return output.unit == result.plain.unit
    dimension = result.dimension
    if not dimension:
        return output.unit_kind in PURE - {UnitKind.RANK}
    if list(dimension.values()) == [1]:
        (unit,) = dimension
        return output.unit_kind is result.quantities[unit].unit_kind
    over = [unit for unit, exponent in dimension.items() if exponent > 0]
    if output.unit_kind in PURE:
        return output.unit_kind is UnitKind.TIMES and len(over) < len(dimension)
    # In a unit of its own (person-days), or in that of the only numerator (money per head).
    return output.unit not in dimension or (over == [output.unit] and dimension[output.unit] == 1)
