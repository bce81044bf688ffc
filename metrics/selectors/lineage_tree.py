"""Where a value comes from: rule, inputs, their rules, … down to source and locator."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from metrics.models import Observation, RuleVersion, Series, Source, Unit
from metrics.selectors.breaks import graph_with_breaks
from metrics.selectors.rule_graph import Derived, RuleGraph, derived_figures
from metrics.selectors.values import (
    OBSERVED_FIELDS,
    SeriesValues,
    Value,
    derived_value,
    figures_of,
    observed_value,
)
from metrics.stats.bounds import Figure
from metrics.stats.calendars import EVERY_PERIOD, Calendar, calendar_of
from metrics.stats.formula import parse_formula, references
from metrics.stats.periods import Frequency, Period

# How far down, how many inputs of one rule, and how many values in all a tree shows.
MOST_LEVELS = 8
MOST_INPUTS = 12
MOST_NODES = 200
# Kinds whose inputs are of the period of the output.
AT_THE_PERIOD = frozenset({"share", "ratio", "rank", "sum", "difference", "peer-index"})
# Of a pair of inputs, the one that is read first.
FIRST_ROLES = frozenset({"part", "numerator", "minuend", "level"})


@dataclass(frozen=True, slots=True)
class Rival:
    """What another source states of the same period, without being preferred."""

    value: Value
    source: Source


@dataclass(frozen=True, slots=True)
class LineageNode:
    """A value with what it is made of; `role` is its part in the rule above.

    A stated value has a source, a derived one a rule and inputs, `further` of which are not
    listed. A value that is not there has the reason `input_missing` and neither. `rivals` is what
    other sources state of the same period. A transform or an aggregation has a `step` in place of
    a rule, and a unit of its own.
    """

    role: str
    series: Series
    value: Value
    source: Source | None
    rule: RuleVersion | None
    inputs: tuple["LineageNode", ...]
    further: int
    rivals: tuple[Rival, ...] = ()
    step: str = ""
    own_unit: Unit | None = None

    @property
    def unit(self) -> Unit | None:
        """None for logarithms, which have none."""
        return self.own_unit if self.step else self.series.indicator.unit

    @property
    def parameters(self) -> dict[str, Any]:
        """The definition of the rule, but for its list of outputs."""
        definition = self.rule.definition if self.rule else {}
        return {name: value for name, value in definition.items() if name != "outputs"}

    def __iter__(self) -> Iterator["LineageNode"]:
        """The node and all below it."""
        yield self
        for node in self.inputs:
            yield from node


def lineage_trees(
    series: Series, periods: Collection[Period], seq: int | None = None, most: int = MOST_NODES
) -> dict[Period, LineageNode]:
    """The tree of each period that has a value, as of a seq (None: now).

    Six queries, and up to three for each level of rules. Of a rule with many inputs the largest
    are listed; a tree shows `most` values.
    """
    graph = graph_with_breaks([series.pk], seq)
    observed = _observed({series.pk, *graph.input_ids}, periods, graph, seq)
    known = {series.pk, *graph.input_ids}
    derived = derived_figures(graph, figures_of(observed), known)
    growing = _Growing(graph, observed, derived, seq or 0)
    drafts = {}
    for period in periods:
        growing.left = most
        draft = growing.draft("", series.pk, period, 0)
        if draft.value is not None:
            drafts[period] = draft
    return _resolved(drafts, seq)


@dataclass(slots=True)
class _Draft:
    """A node by ids."""

    role: str
    series_id: int
    period: Period
    value: Value | None
    rule: RuleVersion | None = None
    inputs: list["_Draft"] = field(default_factory=list)
    further: int = 0

    def __iter__(self) -> Iterator["_Draft"]:
        yield self
        for one in self.inputs:
            yield from one


@dataclass(slots=True)
class _Growing:
    """Builds drafts from what was loaded; `left` is how many nodes may still be made."""

    graph: RuleGraph
    observed: SeriesValues
    derived: Derived
    seq: int
    left: int = MOST_NODES

    def draft(
        self, role: str, pk: int, period: Period, level: int, only_observed: bool = False
    ) -> _Draft:
        self.left -= 1
        stated = self.observed.get(pk, {}).get(period)
        cell = self.derived.get(pk, {}).get(period)
        if stated is not None or cell is None or only_observed:
            return _Draft(role, pk, period, stated)
        figure, version_id = cell
        rule = self.graph.versions[version_id]
        node = _Draft(role, pk, period, derived_value(period, figure, rule, self.seq), rule)
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


def formula_inputs(
    rule: RuleVersion, period: Period, calendars: Mapping[str, Calendar]
) -> list[tuple[str, Period]]:
    """Each name with each period of it that the formula takes, in the order written."""
    taken = references(parse_formula(rule.definition["formula"]))
    pairs = [
        (one.name, one.source_of(period, calendars.get(one.name, EVERY_PERIOD))) for one in taken
    ]
    return list(dict.fromkeys((name, at) for name, at in pairs if at is not None))


def input_period(rule: RuleVersion, period: Period, calendar: Calendar) -> Period:
    """The period of the inputs: for an implied prior the one that implies it."""
    if rule.rule.kind != "implied-prior":
        return period
    is_previous = rule.definition.get("basis") == "previous"
    base = calendar.previous if is_previous else calendar.year_ago
    return base(period, -1) or period


def _observed(
    ids: Collection[int], periods: Collection[Period], graph: RuleGraph, seq: int | None
) -> SeriesValues:
    """The observations that the trees can need: of the periods, and of those that imply them."""
    rows = Observation.objects.at_seq(seq).preferred().filter(series__in=ids)
    kinds = {version.rule.kind for version in graph.versions.values()}
    # Which days a daily series keeps shows only in all of them.
    is_daily = any(one.kind == Frequency.DAY for one in periods)
    if kinds <= AT_THE_PERIOD | {"implied-prior"} and not is_daily:
        near = {one for p in periods for one in (p, p.previous(-1), p.year_ago(-1)) if one}
        rows = rows.filter(period__in=[period.code for period in near])
    values: SeriesValues = {}
    for row in rows.values_list(*OBSERVED_FIELDS):
        value = observed_value(*row)
        values.setdefault(row[0], {})[value.period] = value
    return values


def _resolved(drafts: Mapping[Period, _Draft], seq: int | None) -> dict[Period, LineageNode]:
    """Three queries."""
    shown = [node for draft in drafts.values() for node in draft]
    rivals = _rivals(shown, seq)
    values = [node.value for node in shown if node.value is not None]
    values += [value for told in rivals.values() for value in told]
    names = _Names(
        Series.objects.with_definitions().in_bulk({node.series_id for node in shown}),
        Source.objects.in_bulk({v.source_id for v in values if v.source_id is not None}),
        rivals,
    )
    return {period: _node(draft, names) for period, draft in drafts.items()}


def _rivals(shown: Collection[_Draft], seq: int | None) -> dict[tuple[int, str], list[Value]]:
    """What is stated beside the values shown, by series and period. One query."""
    stated = {(n.series_id, n.period.code) for n in shown if n.value and n.value.source_id}
    rows = Observation.objects.at_seq(seq).filter(
        preferred=False,
        series__in={pk for pk, _ in stated},
        period__in={code for _, code in stated},
    )
    found: dict[tuple[int, str], list[Value]] = {}
    for row in rows.order_by("seq_from", "pk").values_list(*OBSERVED_FIELDS):
        if (row[0], row[1]) in stated:
            found.setdefault((row[0], row[1]), []).append(observed_value(*row))
    return found


@dataclass(frozen=True, slots=True)
class _Names:
    series: Mapping[int, Series]
    sources: Mapping[int, Source]
    rivals: Mapping[tuple[int, str], list[Value]]


def _node(draft: _Draft, names: _Names) -> LineageNode:
    absent = Value(draft.period, Figure.missing("input_missing"), "exact", "missing", status="M")
    value = draft.value or absent
    sources = names.sources
    beside = names.rivals.get((draft.series_id, draft.period.code), ())
    return LineageNode(
        role=draft.role,
        series=names.series[draft.series_id],
        value=value,
        source=sources.get(value.source_id) if value.source_id is not None else None,
        rule=draft.rule,
        inputs=tuple(_node(one, names) for one in draft.inputs),
        further=draft.further,
        rivals=tuple(Rival(one, sources[one.source_id or 0]) for one in beside),
    )
