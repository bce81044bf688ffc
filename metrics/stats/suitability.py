"""Whether a rule suits what it joins: natures and units, before anything is computed.

NATURES says what may be summed and how growth is told; the rest follows from what a rule computes:
a share is of like in like, a difference has one unit, a ratio is a ratio.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from metrics.stats.natures import NATURES, GrowthKind, Nature
from metrics.stats.quantities import PERCENTAGES, PURE, Misfit, Quantity, UnitKind

# The quantities in each role of a rule; of a group, one for each that differs from the others.
Inputs = Mapping[str, Sequence[Quantity]]
Outputs = Sequence[Quantity]

GROWTH_UNITS: Mapping[GrowthKind, UnitKind] = {
    GrowthKind.PERCENT: UnitKind.GROWTH,
    GrowthKind.POINTS: UnitKind.POINTS,
}


def rule_misfits(kind: str, inputs: Inputs, outputs: Outputs) -> Iterator[Misfit]:
    """Every reason why a rule of the kind does not suit its quantities, the gravest first.

    ``inputs`` by role as in derivation.derive (of a formula see formula_meaning). A sum takes what
    is summable, of one unit and nature, and keeps both. A share takes the same of its parts and
    whole and is a ratio in percent. A rank takes one unit and nature. A peer index takes what
    has an index. A ratio takes no ranks; of one unit it is in times. A difference keeps unit and
    nature, points for percentages. Growth is in the unit that the nature of its level allows.
    """
    return _CHECKS[kind](inputs, outputs)


def _sum(inputs: Inputs, outputs: Outputs) -> Iterator[Misfit]:
    members = inputs.get("member", [])
    yield from _summable(members)
    yield from _alike(members)
    for output in outputs if members else []:
        yield from _of_nature(output, members[0].nature)
        yield from _in_unit(output, members[0])


def _share(inputs: Inputs, outputs: Outputs) -> Iterator[Misfit]:
    both = [*inputs.get("part", []), *inputs.get("whole", [])]
    yield from _summable(both)
    yield from _alike(both)
    for output in outputs:
        yield from _of_nature(output, Nature.RATIO)
        yield from _of_kind(output, UnitKind.PERCENT)


def _rank(inputs: Inputs, outputs: Outputs) -> Iterator[Misfit]:
    members = inputs.get("part", [])
    yield from _refused(members, "not-ranked", lambda one: one.nature is Nature.RANK)
    yield from _alike(members)
    for output in outputs:
        yield from _of_nature(output, Nature.RANK)
        yield from _of_kind(output, UnitKind.RANK)


def _peer_index(inputs: Inputs, outputs: Outputs) -> Iterator[Misfit]:
    members = inputs.get("part", [])
    yield from _refused(
        members, "no-index", lambda one: "idx" not in NATURES[one.nature].transforms
    )
    yield from _alike(members)
    for output in outputs:
        yield from _of_nature(output, Nature.INDEX)
        yield from _of_kind(output, UnitKind.INDEX)


def _ratio(inputs: Inputs, outputs: Outputs) -> Iterator[Misfit]:
    both = list(chain.from_iterable(inputs.values()))
    yield from _refused(both, "no-ratio", lambda one: one.nature is Nature.RANK)
    is_pure = len({one.unit for one in both}) == 1
    for output in outputs:
        if is_pure:
            yield from _of_kind(output, UnitKind.TIMES)
            yield from _of_nature(output, Nature.RATIO)
        elif output.nature is Nature.RANK or output.unit_kind in PERCENTAGES:
            yield from _of_nature(output, Nature.RATIO)
            yield from _of_kind(
                output, *(kind for kind in UnitKind if kind not in PURE), UnitKind.TIMES
            )


def _difference(inputs: Inputs, outputs: Outputs) -> Iterator[Misfit]:
    both = list(chain.from_iterable(inputs.values()))
    yield from _alike(both)
    for output in outputs if both else []:
        yield from _of_nature(output, both[0].nature)
        if both[0].unit_kind in PERCENTAGES:
            yield from _of_kind(output, UnitKind.POINTS)
        else:
            yield from _in_unit(output, both[0])


def _implied_prior(inputs: Inputs, outputs: Outputs) -> Iterator[Misfit]:
    for level in inputs.get("level", []):
        told = NATURES[level.nature].growth_kind
        if told is GrowthKind.NONE:
            yield Misfit("no-growth", {"name": level.name, "nature": level.nature})
            continue
        expected = GROWTH_UNITS[told]
        for growth in inputs.get("growth", []):
            yield from _of_nature(growth, Nature.RATIO)
            if growth.unit_kind is not expected:
                values = {"level": level.name, "nature": level.nature, "growth": told}
                values |= {"name": growth.name, "found": growth.unit_kind, "expected": expected}
                yield Misfit("growth-kind", values)


def _summable(quantities: Sequence[Quantity]) -> Iterator[Misfit]:
    return _refused(quantities, "not-summable", lambda one: not NATURES[one.nature].summable)


def _refused(
    quantities: Sequence[Quantity], code: str, is_refused: Callable[[Quantity], bool]
) -> Iterator[Misfit]:
    for one in quantities:
        if is_refused(one):
            yield Misfit(code, {"name": one.name, "nature": one.nature})


def _alike(quantities: Sequence[Quantity]) -> Iterator[Misfit]:
    """All in the unit and of the nature of the first."""
    for one in quantities[1:]:
        first = quantities[0]
        names = {"first": first.name, "second": one.name}
        if one.unit != first.unit:
            units = {"found": first.unit_name, "expected": one.unit_name}
            yield Misfit("two-units", names | units)
        if one.nature is not first.nature:
            yield Misfit("two-natures", names | {"found": first.nature, "expected": one.nature})


def _of_nature(output: Quantity, expected: Nature) -> Iterator[Misfit]:
    if output.nature is not expected:
        values = {"name": output.name, "found": output.nature, "expected": expected}
        yield Misfit("output-nature", values)


def _of_kind(output: Quantity, *expected: UnitKind) -> Iterator[Misfit]:
    if output.unit_kind not in expected:
        values = {"name": output.name, "found": output.unit_kind, "expected": expected}
        yield Misfit("output-kind", values)


def _in_unit(output: Quantity, like: Quantity) -> Iterator[Misfit]:
    if output.unit != like.unit:
        values = {"name": output.name, "found": output.unit_name, "expected": like.unit_name}
        yield Misfit("output-unit", values)


_CHECKS: Mapping[str, Callable[[Inputs, Outputs], Iterator[Misfit]]] = {
    "sum": _sum,
    "share": _share,
    "rank": _rank,
    "peer-index": _peer_index,
    "ratio": _ratio,
    "difference": _difference,
    "implied-prior": _implied_prior,
}
