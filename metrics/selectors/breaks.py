"""Where the definitions behind series changed, so that values before and since are not compared."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from metrics.models import Indicator, Redefinition, RuleInput, Series
from metrics.participants import participants
from metrics.selectors.prepared import prepared
from metrics.selectors.rule_graph import Roles, RuleGraph, rule_graph
from metrics.stats.breaks import NO_BREAKS, Breaks, together


def breaks_of(series_ids: Collection[int], seq: int | None = None) -> dict[int, Breaks]:
    """The breaks of series as of a seq (None: now), by series id; those without are left out.

    What a rule computes breaks where an input of it does. One query while nothing is redefined;
    else another and those of `rule_graph`.
    """
    redefined = _redefined(seq)
    if not redefined or not series_ids:
        return {}
    return _inherited(rule_graph(series_ids, seq), series_ids, redefined)


def graph_with_breaks(series_ids: Collection[int], seq: int | None) -> RuleGraph:
    """The rules behind series, with the breaks of all in it. Two more queries than `rule_graph`."""
    graph = rule_graph(series_ids, seq)
    redefined = _redefined(seq)
    if redefined:
        graph.breaks = _inherited(graph, {*series_ids, *graph.input_ids}, redefined)
    return graph


def _redefined(seq: int | None) -> dict[int, Breaks]:
    """The breaks of each indicator that has any."""
    days: dict[int, list[date]] = defaultdict(list)
    for indicator_id, day in _breaking(seq):
        days[indicator_id].append(day)
    return {indicator_id: Breaks(tuple(found)) for indicator_id, found in days.items()}


@prepared
def _breaking(seq: Any) -> QuerySet[Redefinition, tuple[int, date]]:
    rows = Redefinition.objects.at_seq(seq).breaking().order_by("since_on")
    return rows.values_list("indicator_id", "since_on")


def _inherited(
    graph: RuleGraph, series_ids: Collection[int], redefined: Mapping[int, Breaks]
) -> dict[int, Breaks]:
    outputs = {pk for edges in graph.edges.values() for pk in edges}
    known = Series.objects.filter(pk__any={*series_ids, *graph.input_ids, *outputs})
    inheritance = _Inheritance(graph, redefined, dict(known.values_list("pk", "indicator_id")))
    found = {pk: inheritance.of(pk) for pk in series_ids}
    return {pk: breaks for pk, breaks in found.items() if breaks}


@dataclass(slots=True)
class _Inheritance:
    """Breaks of series, each found once: their own and those of what they are computed from."""

    graph: RuleGraph
    redefined: Mapping[int, Breaks]
    indicators: Mapping[int, int]
    _found: dict[int, Breaks] = field(default_factory=dict)
    _of_groups: dict[int, Breaks] = field(default_factory=dict)
    _makers: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for version_id, edges in self.graph.edges.items():
            # What is implied is a level of the series' own definition.
            if self.graph.versions[version_id].rule.kind != "implied-prior":
                for output in edges:
                    self._makers.setdefault(output, []).append(version_id)

    def of(self, series_id: int) -> Breaks:
        if series_id not in self._found:
            own = self.redefined.get(self.indicators.get(series_id, 0), NO_BREAKS)
            made = [self._made(pk, series_id) for pk in self._makers.get(series_id, ())]
            self._found[series_id] = together([own, *made]) if made else own
        return self._found[series_id]

    def _made(self, version_id: int, output: int) -> Breaks:
        """Of an output of a rule; where members are compared with each other, of all of them."""
        edges = self.graph.edges[version_id]
        if not self.graph.versions[version_id].rule.is_group_wide or "whole" in edges[output]:
            return self._of_inputs([edges[output]])
        if version_id not in self._of_groups:
            self._of_groups[version_id] = self._of_inputs(list(edges.values()))
        return self._of_groups[version_id]

    def _of_inputs(self, several: list[Roles]) -> Breaks:
        inputs = {pk for roles in several for pks in roles.values() for pk in pks}
        return together(self.of(pk) for pk in inputs)


def computed_from(series_ids: Collection[int]) -> set[int]:
    """The series that rules make of these, all the way up. One query a level."""
    found: set[int] = set()
    frontier = set(series_ids)
    while frontier:
        touched = RuleInput.objects.current().filter(input__any=frontier).values("version_id")
        outputs = RuleInput.objects.current().filter(
            Q(input__any=frontier) | Q(version__in=touched, version__rule__group__isnull=False)
        )
        frontier = set(outputs.order_by().values_list("output_id", flat=True)) - found
        found |= frontier
    return found


@dataclass(frozen=True, slots=True)
class Reach:
    """What a redefinition touches: series measured by it, computed from those, and quoted."""

    measured: int
    computed: int
    quoted: tuple[Series, ...]


def reach_of(indicator: Indicator) -> Reach:
    """What the redefinition of an indicator touches."""
    own = set(Series.objects.filter(indicator=indicator).values_list("pk", flat=True))
    computed = computed_from(own) - own
    quoted = set().union(*(one.quoted_series() for one in participants())) & (own | computed)
    shown = Series.objects.with_definitions().filter(pk__any=quoted).order_by("key")
    return Reach(len(own), len(computed), tuple(shown))
