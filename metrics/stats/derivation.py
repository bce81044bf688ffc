"""How each kind of rule makes its outputs from its inputs: plain mappings in, mappings out."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from metrics.stats.bounds import INPUT_MISSING, Figure
from metrics.stats.derivation_across import ACROSS_PERIODS
from metrics.stats.periods import Period
from metrics.stats.rule_inputs import EMPTY, AllBreaks, Edges, Outputs, Panel, Values, only
from metrics.stats.rules import (
    difference,
    peer_index,
    rank_of,
    ratio,
    share_of_total,
    sum_of,
)

__all__ = ["EMPTY", "KINDS", "Outputs", "derive"]


def derive(
    kind: str,
    edges: Edges,
    panel: Panel,
    *,
    definition: Mapping[str, Any],
    periods: Collection[Period] | None = None,
    breaks: AllBreaks = EMPTY,
) -> Outputs:
    """Compute every output of a rule.

    `panel` holds the values of all inputs by series id: for "implied-prior" the observed ones
    only (what is implied must not imply further), otherwise merged with derived ones. `periods`
    limits group-wide kinds to the touched periods. An output has a cell for every period for
    which its first input has one (of a formula: the first that it takes of the period itself);
    what cannot be computed is null with the reason. `breaks` are those of the inputs by series
    id: what compares periods with each other (a formula with lags, an implied prior) is null,
    break, across one.
    """
    if kind in ACROSS_PERIODS:
        return ACROSS_PERIODS[kind](edges, panel, definition, periods, breaks)
    return KINDS[kind](edges, panel, definition, periods)


def _pairwise(
    first: str,
    second: str,
    compute: Callable[..., Figure],
    *,
    is_quotient: bool = False,
) -> Callable[..., Outputs]:
    """A quotient of inputs that are never below zero is told so by its definition."""

    def outputs(
        edges: Edges,
        panel: Panel,
        definition: Mapping[str, Any],
        periods: Collection[Period] | None,
    ) -> Outputs:
        made: Outputs = {}
        join = _joined(compute, definition) if is_quotient else compute
        for output, roles in edges.items():
            left, right = only(roles, first, panel), only(roles, second, panel)
            made[output] = {
                period: join(figure, right.get(period, INPUT_MISSING))
                for period, figure in left.items()
                if periods is None or period in periods
            }
        return made

    return outputs


def _joined(
    compute: Callable[..., Figure], definition: Mapping[str, Any]
) -> Callable[[Figure, Figure], Figure]:
    return partial(compute, nonnegative=True) if definition.get("nonnegative") else compute


def _shares(
    edges: Edges, panel: Panel, definition: Mapping[str, Any], periods: Collection[Period] | None
) -> Outputs:
    """Shares of a declared whole, or of the sum of all the parts."""
    if all("whole" in roles for roles in edges.values()):
        pairwise = _pairwise("part", "whole", share_of_total, is_quotient=True)
        return pairwise(edges, panel, definition, periods)
    join = _joined(share_of_total, definition)
    totals = _sum([only(roles, "part", panel) for roles in edges.values()], periods)
    return {
        output: {
            period: join(figure, totals[period])
            for period, figure in only(roles, "part", panel).items()
            if period in totals
        }
        for output, roles in edges.items()
    }


def _sums(
    edges: Edges, panel: Panel, definition: Mapping[str, Any], periods: Collection[Period] | None
) -> Outputs:
    return {
        output: _sum([panel.get(pk, {}) for pk in roles["member"]], periods)
        for output, roles in edges.items()
    }


def _ranks(
    edges: Edges, panel: Panel, definition: Mapping[str, Any], periods: Collection[Period] | None
) -> Outputs:
    return _together(rank_of, edges, panel, periods)


def _peer_indexes(
    edges: Edges,
    panel: Panel,
    definition: Mapping[str, Any],
    periods: Collection[Period] | None,
) -> Outputs:
    return _together(peer_index, edges, panel, periods)


def _together(
    compute: Callable[[dict[int, Figure]], dict[int, Figure]],
    edges: Edges,
    panel: Panel,
    periods: Collection[Period] | None,
) -> Outputs:
    """What needs the values of all members for a period at once."""
    parts = {output: only(roles, "part", panel) for output, roles in edges.items()}
    made: Outputs = {output: {} for output in edges}
    for period in _periods(parts.values(), periods):
        here = {output: values[period] for output, values in parts.items() if period in values}
        for output, figure in compute(here).items():
            made[output][period] = figure
    return made


def _sum(members: Collection[Values], periods: Collection[Period] | None) -> dict[Period, Figure]:
    return {
        period: sum_of([values.get(period, INPUT_MISSING) for values in members])
        for period in _periods(members, periods)
    }


def _periods(members: Collection[Values], periods: Collection[Period] | None) -> list[Period]:
    present = {period for values in members for period in values}
    return sorted(present if periods is None else present & set(periods))


KINDS: dict[str, Callable[..., Outputs]] = {
    "share": _shares,
    "ratio": _pairwise("numerator", "denominator", ratio, is_quotient=True),
    "difference": _pairwise("minuend", "subtrahend", difference),
    "sum": _sums,
    "rank": _ranks,
    "peer-index": _peer_indexes,
}
