"""Lineage trees by ids, grown from figures that are loaded already: no query here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from metrics.models import RuleVersion
from metrics.selectors.lineage_node import MOST_INPUTS, MOST_LEVELS, MOST_NODES
from metrics.selectors.rule_graph import Derived, RuleGraph
from metrics.selectors.rule_periods import formula_inputs, input_period
from metrics.selectors.values import SeriesValues, Value, derived_value
from metrics.stats.calendars import EVERY_PERIOD, Calendar, calendar_of
from metrics.stats.periods import Period

# Of a pair of inputs, the one that is read first.
FIRST_ROLES = frozenset({"part", "numerator", "minuend", "level"})


@dataclass(slots=True)
class Draft:
    """A node by ids."""

    role: str
    series_id: int
    period: Period
    value: Value | None
    rule: RuleVersion | None = None
    inputs: list["Draft"] = field(default_factory=list)
    further: int = 0

    def __iter__(self) -> Iterator["Draft"]:
        yield self
        for one in self.inputs:
            yield from one


@dataclass(slots=True)
class Growing:
    """Builds drafts from what was loaded; `left` is how many nodes may still be made."""

    graph: RuleGraph
    observed: SeriesValues
    derived: Derived
    seq: int
    left: int = MOST_NODES

    def draft(
        self, role: str, pk: int, period: Period, level: int, only_observed: bool = False
    ) -> Draft:
        self.left -= 1
        stated = self.observed.get(pk, {}).get(period)
        cell = self.derived.get(pk, {}).get(period)
        if stated is not None or cell is None or only_observed:
            return Draft(role, pk, period, stated)
        figure, version_id = cell
        rule = self.graph.versions[version_id]
        node = Draft(role, pk, period, derived_value(period, figure, rule, self.seq), rule)
        inputs = self._inputs(rule, pk, period)
        if level < MOST_LEVELS:
            is_implied = rule.rule.kind == "implied-prior"
            for name, input_id, at in inputs[:MOST_INPUTS]:
                if self.left > 0:
                    node.inputs.append(self.draft(name, input_id, at, level + 1, is_implied))
        node.further = len(inputs) - len(node.inputs)
        return node

    def _inputs(
        self, rule: RuleVersion, output: int, period: Period
    ) -> list[tuple[str, int, Period]]:
        """(role, series, period) of what the rule takes: its own first, then by size."""
        edges = self.graph.edges[rule.pk]
        if rule.rule.kind == "formula":
            calendars = {
                name: self._calendar(pk) for name, pks in edges[output].items() for pk in pks
            }
            return [
                (name, pk, at)
                for name, at in formula_inputs(rule, period, calendars)
                for pk in edges[output].get(name, ())
            ]
        levels = edges[output].get("level", ())
        calendar = self._calendar(levels[0]) if levels else EVERY_PERIOD
        at = input_period(rule, period, calendar)
        roles = sorted(edges[output].items(), key=lambda one: one[0] not in FIRST_ROLES)
        own = [(role, pk) for role, pks in roles for pk in pks]
        others: list[tuple[str, int]] = []
        if rule.rule.is_group_wide and "whole" not in edges[output]:
            parts = (pk for roles in edges.values() for pk in roles.get("part", ()))
            others = [("member", pk) for pk in dict.fromkeys(parts) if ("part", pk) not in own]
        own_at, others_at = self._by_size(own, at), self._by_size(others, at)
        return [(role, pk, at) for role, pk in (*own_at, *others_at)]

    def _by_size(self, inputs: list[tuple[str, int]], period: Period) -> list[tuple[str, int]]:
        if len(inputs) <= MOST_INPUTS:
            return inputs
        return sorted(inputs, key=lambda one: self._size(one[1], period), reverse=True)

    def _calendar(self, pk: int) -> Calendar:
        """Which days the values of a series keep."""
        derived = {period: figure for period, (figure, _) in self.derived.get(pk, {}).items()}
        stated = {period: value.figure for period, value in self.observed.get(pk, {}).items()}
        return calendar_of({**derived, **stated})

    def _size(self, pk: int, period: Period) -> Decimal:
        stated = self.observed.get(pk, {}).get(period)
        cell = self.derived.get(pk, {}).get(period)
        figure = stated.figure if stated else cell[0] if cell else None
        return abs(figure.value) if figure and figure.value is not None else Decimal(-1)
