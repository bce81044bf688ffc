"""Rules that take values of other periods than the one they make: formulas, implied priors."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from metrics.stats.breaks import BREAK, NO_BREAKS, Breaks
from metrics.stats.calendars import Calendar, calendar_of
from metrics.stats.formula import Formula, evaluate_formula, names, parse_formula, references
from metrics.stats.periods import Period
from metrics.stats.rule_inputs import AllBreaks, Edges, Outputs, Panel, Roles, Values, only
from metrics.stats.rules import implied_prior, implied_prior_points

_parsed = lru_cache(maxsize=1_000)(parse_formula)


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
        inputs = {name: only(roles, name, panel) for name in names(formula)}
        broken = {name: _broken(roles, name, breaks) for name in inputs}
        calendars = {name: calendar_of(values) for name, values in inputs.items()}
        made[output] = {
            period: evaluate_formula(formula, inputs, period, broken, calendars)
            for period in _formula_periods(formula, inputs, calendars)
            if periods is None or period in periods
        }
    return made


def _formula_periods(
    formula: Formula, inputs: Mapping[str, Values], calendars: Mapping[str, Calendar]
) -> Iterator[Period]:
    """Those of the first input it takes of the period itself, else those that its first needs."""
    taken = references(formula)
    leading = next((one for one in taken if not one.is_lagged), taken[0])
    calendar = calendars[leading.name]
    for period in inputs[leading.name]:
        target = leading.target_of(period, calendar)
        if target is not None and leading.source_of(target, calendar) == period:
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
        levels, changes = only(roles, "level", panel), only(roles, "growth", panel)
        broken, calendar = _broken(roles, "level", breaks), calendar_of(levels)
        base = calendar.previous if definition.get("basis") == "previous" else calendar.year_ago
        made[output] = {}
        for period, change in changes.items():
            prior = base(period)
            if prior is not None and period in levels:
                figure = compute(levels[period], change)
                is_across = broken.between(prior, period) and not figure.is_missing
                made[output][prior] = BREAK if is_across else figure
    return made


def _broken(roles: Roles, role: str, breaks: AllBreaks) -> Breaks:
    """The breaks of the single series in a role."""
    for pk in roles.get(role, ()):
        return breaks.get(pk, NO_BREAKS)
    return NO_BREAKS


ACROSS_PERIODS: dict[str, Callable[..., Outputs]] = {
    "formula": _formulas,
    "implied-prior": _implied_priors,
}
