"""The rules in force at a seq behind some series, loaded level by level and evaluated purely."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Overflow
from typing import Any

from metrics.models import RuleInput, RuleVersion
from metrics.stats.bounds import Figure
from metrics.stats.breaks import Breaks
from metrics.stats.derivation import derive
from metrics.stats.periods import Period

Roles = dict[str, list[int]]
Figures = Mapping[int, Mapping[Period, Figure]]
# A derived figure and the rule version that made it.
Derived = dict[int, dict[Period, tuple[Figure, int]]]


@dataclass(slots=True)
class RuleGraph:
    """Rule versions, and their inputs as {version: {output: {role: [inputs]}}}.

    `breaks` says where the definitions of the series in it changed (selectors.breaks fills it).
    """

    versions: dict[int, RuleVersion] = field(default_factory=dict)
    edges: dict[int, dict[int, Roles]] = field(default_factory=dict)
    breaks: Mapping[int, Breaks] = field(default_factory=dict)

    @property
    def input_ids(self) -> set[int]:
        """Every series that some rule takes."""
        return {
            pk
            for outputs in self.edges.values()
            for roles in outputs.values()
            for inputs in roles.values()
            for pk in inputs
        }

    def makers(self, series_id: int) -> list[int]:
        """The versions that make a series; where two make a cell, the first one does.

        Rules over a group come before rules of one series, and the implied prior last; by key.
        """
        found = [pk for pk, outputs in self.edges.items() if series_id in outputs]
        return sorted(found, key=self.precedence)

    def precedence(self, version_id: int) -> tuple[bool, bool, str]:
        rule = self.versions[version_id].rule
        return rule.kind == "implied-prior", not rule.is_group_wide, rule.key


def rule_graph(series_ids: Collection[int], seq: int | None) -> RuleGraph:
    """The rules behind the series as of a seq (None: now), down to what is only observed.

    Up to three queries for each level of rules, however many series there are.
    """
    graph = RuleGraph()
    seen: set[int] = set()
    frontier = set(series_ids)
    while frontier:
        seen |= frontier
        level = _level(graph, frontier, seq)
        # What is implied is implied by observations only, so nothing deeper is needed for it.
        frontier = {
            pk
            for version_id in level
            if graph.versions[version_id].rule.kind != "implied-prior"
            for roles in graph.edges[version_id].values()
            for inputs in roles.values()
            for pk in inputs
        } - seen
    return graph


def _level(graph: RuleGraph, outputs: Collection[int], seq: int | None) -> set[int]:
    """Add the rules that make the outputs; those of a group with all its members."""
    in_force = RuleInput.objects.at_seq(seq)
    found = rule_edges(in_force.filter(output__any=outputs))
    new = set(found) - set(graph.versions)
    graph.versions.update(RuleVersion.objects.select_related("rule").in_bulk(new))
    wide = {pk for pk in new if graph.versions[pk].rule.is_group_wide}
    if wide:
        found |= rule_edges(in_force.filter(version__in=wide))
    for version_id, edges in found.items():
        graph.edges.setdefault(version_id, {}).update(edges)
    return set(found)


def derived_figures(graph: RuleGraph, observed: Figures, series_ids: Collection[int]) -> Derived:
    """Every derived figure of the series, from what is observed of the graph's inputs."""
    evaluation = _Evaluation(graph, observed)
    return {pk: evaluation.derived(pk) for pk in series_ids}


@dataclass(slots=True)
class _Evaluation:
    """One evaluation of a graph: every version is computed once."""

    graph: RuleGraph
    observed: Figures
    _made: dict[int, dict[int, dict[Period, Figure]]] = field(default_factory=dict)
    _cells: dict[int, dict[Period, tuple[Figure, int]]] = field(default_factory=dict)
    _makers: dict[int, list[int]] | None = None

    def derived(self, series_id: int) -> dict[Period, tuple[Figure, int]]:
        if series_id not in self._cells:
            cells: dict[Period, tuple[Figure, int]] = {}
            for version_id in self._makers_of(series_id):
                for period, figure in self._outputs(version_id).get(series_id, {}).items():
                    cells.setdefault(period, (figure, version_id))
            self._cells[series_id] = cells
        return self._cells[series_id]

    def _makers_of(self, series_id: int) -> list[int]:
        if self._makers is None:
            self._makers = {}
            for version_id in sorted(self.graph.edges, key=self.graph.precedence):
                for output in self.graph.edges[version_id]:
                    self._makers.setdefault(output, []).append(version_id)
        return self._makers.get(series_id, [])

    def _outputs(self, version_id: int) -> dict[int, dict[Period, Figure]]:
        if version_id not in self._made:
            edges = self.graph.edges[version_id]
            version = self.graph.versions[version_id]
            inputs = {pk for roles in edges.values() for pks in roles.values() for pk in pks}
            is_implied = version.rule.kind == "implied-prior"
            panel = {pk: self._input(pk, is_implied) for pk in inputs}
            try:
                self._made[version_id] = derive(
                    version.rule.kind,
                    edges,
                    panel,
                    definition=version.definition,
                    breaks=self.graph.breaks,
                )
            except Overflow:  # more than a number can hold: no value now, and none of the past
                self._made[version_id] = {}
        return self._made[version_id]

    def _input(self, series_id: int, only_observed: bool) -> Mapping[Period, Figure]:
        observed = self.observed.get(series_id, {})
        if only_observed:
            return observed
        derived = {period: figure for period, (figure, _) in self.derived(series_id).items()}
        return {**derived, **observed}


def rule_edges(queryset: Any) -> dict[int, dict[int, Roles]]:
    """Rule inputs as {version: {output: {role: [inputs]}}}, versions of lower id first."""
    edges: dict[int, dict[int, Roles]] = {}
    rows = queryset.order_by("version_id", "output_id", "id").values_list(
        "version_id", "output_id", "role", "input_id"
    )
    for version_id, output_id, role, input_id in rows:
        roles = edges.setdefault(version_id, {}).setdefault(output_id, {})
        roles.setdefault(role, []).append(input_id)
    return edges


def needed_for(series_ids: set[int]) -> set[int]:
    """The series and everything their rules are computed from, all the way down."""
    needed, frontier = set(series_ids), set(series_ids)
    while frontier:
        inputs = RuleInput.objects.current().filter(output__any=frontier).order_by()
        frontier = set(inputs.values_list("input_id", flat=True)) - needed
        needed |= frontier
    return needed
