"""How each kind of rule makes its outputs from its inputs: plain mappings in, mappings out."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias

from metrics.stats.bounds import Figure
from metrics.stats.breaks import BREAK, NO_BREAKS, Breaks
from metrics.stats.formula import Formula, evaluate_formula, names, parse_formula, references
from metrics.stats.periods import Period
from metrics.stats.rules import (
    difference,
    implied_prior,
    implied_prior_points,
    peer_index,
    rank_of,
    ratio,
    share_of_total,
    sum_of,
)

Values: TypeAlias = Mapping[Period, Figure]
# role → series ids, for one output
Roles: TypeAlias = Mapping[str, Collection[int]]
# output series id → its roles
Edges: TypeAlias = Mapping[int, Roles]
Panel: TypeAlias = Mapping[int, Values]
Outputs: TypeAlias = dict[int, dict[Period, Figure]]
# series id → where its definition changed
AllBreaks: TypeAlias = Mapping[int, Breaks]

EMPTY: AllBreaks = MappingProxyType({})
MISSING = Figure.missing("input_missing")
_parsed = lru_cache(maxsize=1_000)(parse_formula)


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
    first: str, second: str, compute: Callable[[Figure, Figure], Figure]
) -> Callable[..., Outputs]:
    def outputs(
        edges: Edges,
        panel: Panel,
        definition: Mapping[str, Any],
        periods: Collection[Period] | None,
    ) -> Outputs:
        made: Outputs = {}
        for output, roles in edges.items():
            left, right = _only(roles, first, panel), _only(roles, second, panel)
            made[output] = {
                period: compute(figure, right.get(period, MISSING))
                for period, figure in left.items()
                if periods is None or period in periods
            }
        return made

    return outputs


def _shares(
    edges: Edges, panel: Panel, definition: Mapping[str, Any], periods: Collection[Period] | None
) -> Outputs:
    """Shares of a declared whole, or of the sum of all the parts."""
    if all("whole" in roles for roles in edges.values()):
        return _pairwise("part", "whole", share_of_total)(edges, panel, definition, periods)
    totals = _sum([_only(roles, "part", panel) for roles in edges.values()], periods)
    return {
        output: {
            period: share_of_total(figure, totals[period])
            for period, figure in _only(roles, "part", panel).items()
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
    parts = {output: _only(roles, "part", panel) for output, roles in edges.items()}
    made: Outputs = {output: {} for output in edges}
    for period in _periods(parts.values(), periods):
        here = {output: values[period] for output, values in parts.items() if period in values}
        for output, figure in compute(here).items():
            made[output][period] = figure
    return made


def _formulas(
    edges: Edges,
    panel: Panel,
    definition: Mapping[str, Any],
    periods: Collection[Period] | None,
    breaks: AllBreaks,
) -> Outputs:
    """A formula over named inputs, each the only series of its role."""
    formula = _parsed(definition["formula"])
    made: Outputs = {}
    for output, roles in edges.items():
        inputs = {name: _only(roles, name, panel) for name in names(formula)}
        broken = {name: _broken(roles, name, breaks) for name in inputs}
        made[output] = {
            period: evaluate_formula(formula, inputs, period, broken)
            for period in _formula_periods(formula, inputs)
            if periods is None or period in periods
        }
    return made


def _formula_periods(formula: Formula, inputs: Mapping[str, Values]) -> Iterator[Period]:
    """Those of the first input it takes of the period itself, else those that its first needs."""
    taken = references(formula)
    leading = next((one for one in taken if not one.is_lagged), taken[0])
    for period in inputs[leading.name]:
        target = leading.target_of(period)
        if target is not None and leading.source_of(target) == period:
            yield target


def _implied_priors(
    edges: Edges,
    panel: Panel,
    definition: Mapping[str, Any],
    periods: Collection[Period] | None,
    breaks: AllBreaks,
) -> Outputs:
    """The level one period earlier, from the level and its stated change."""
    compute = implied_prior_points if definition.get("change") == "points" else implied_prior
    made: Outputs = {}
    for output, roles in edges.items():
        levels, changes = _only(roles, "level", panel), _only(roles, "growth", panel)
        broken = _broken(roles, "level", breaks)
        made[output] = {}
        for period, change in changes.items():
            prior = (
                period.previous() if definition.get("basis") == "previous" else period.year_ago()
            )
            if prior is not None and period in levels:
                figure = compute(levels[period], change)
                is_across = broken.between(prior, period) and not figure.is_missing
                made[output][prior] = BREAK if is_across else figure
    return made


def _only(roles: Roles, role: str, panel: Panel) -> Values:
    """The values of the single series in a role; none where it is absent."""
    for pk in roles.get(role, ()):
        return panel.get(pk, {})
    return {}


def _broken(roles: Roles, role: str, breaks: AllBreaks) -> Breaks:
    """The breaks of the single series in a role."""
    for pk in roles.get(role, ()):
        return breaks.get(pk, NO_BREAKS)
    return NO_BREAKS


def _sum(members: Collection[Values], periods: Collection[Period] | None) -> dict[Period, Figure]:
    return {
        period: sum_of([values.get(period, MISSING) for values in members])
        for period in _periods(members, periods)
    }


def _periods(members: Collection[Values], periods: Collection[Period] | None) -> list[Period]:
    present = {period for values in members for period in values}
    return sorted(present if periods is None else present & set(periods))


KINDS: dict[str, Callable[..., Outputs]] = {
    "share": _shares,
    "ratio": _pairwise("numerator", "denominator", ratio),
    "difference": _pairwise("minuend", "subtrahend", difference),
    "sum": _sums,
    "rank": _ranks,
    "peer-index": _peer_indexes,
}
# Kinds that take values of other periods than the one they make.
ACROSS_PERIODS: dict[str, Callable[..., Outputs]] = {
    "formula": _formulas,
    "implied-prior": _implied_priors,
}
