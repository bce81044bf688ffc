"""Where a value comes from: rule, inputs, their rules, … down to source and locator."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from metrics.models import Observation, Series, Source
from metrics.selectors.breaks import graph_with_breaks
from metrics.selectors.lineage_drafts import Draft, Growing
from metrics.selectors.lineage_node import MOST_NODES, LineageNode, Rival
from metrics.selectors.rule_graph import RuleGraph, derived_figures
from metrics.selectors.values import (
    OBSERVED_FIELDS,
    SeriesValues,
    Value,
    figures_of,
    observed_value,
)
from metrics.stats.bounds import Figure
from metrics.stats.periods import Frequency, Period

# Kinds whose inputs are of the period of the output.
AT_THE_PERIOD = frozenset({"share", "ratio", "rank", "sum", "difference", "peer-index"})


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
    growing = Growing(graph, observed, derived, seq or 0)
    drafts = {}
    for period in periods:
        growing.left = most
        draft = growing.draft("", series.pk, period, 0)
        if draft.value is not None:
            drafts[period] = draft
    return _resolved(drafts, seq)


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


def _resolved(drafts: Mapping[Period, Draft], seq: int | None) -> dict[Period, LineageNode]:
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


def _rivals(shown: Collection[Draft], seq: int | None) -> dict[tuple[int, str], list[Value]]:
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


def _node(draft: Draft, names: _Names) -> LineageNode:
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
