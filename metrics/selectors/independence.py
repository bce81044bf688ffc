"""Derived values that a stated one can be checked against: not made from that statement itself.

A growth rate implies the level before it, and a rule may compute growth from levels. Where nothing
but the rate tells the level before, the rule gives back the rate, whatever it says.
"""

from collections.abc import Collection
from dataclasses import replace

from metrics.models import RuleInput
from metrics.selectors.breaks import graph_with_breaks
from metrics.selectors.rule_graph import RuleGraph, derived_figures
from metrics.selectors.values import (
    SeriesValues,
    cached_values,
    computed_values,
    derived_value,
    figures_of,
    observed_values,
)


def independent_values(series_ids: Collection[int], seq: int | None) -> SeriesValues:
    """Derived values of each series, made without the levels that the series itself implies.

    Two queries for now; one more and three a rule level where a rule computes stated growth.
    """
    derived = cached_values(series_ids) if seq is None else computed_values(series_ids, seq)
    rates = _implying(derived, seq)
    return {**derived, **_without_own_levels(rates, seq)} if rates else derived


def _implying(series_ids: Collection[int], seq: int | None) -> set[int]:
    """Those of the series that imply a level. One query."""
    edges = RuleInput.objects.at_seq(seq).filter(
        input__in=series_ids, role="growth", version__rule__kind="implied-prior"
    )
    return set(edges.order_by().values_list("input_id", flat=True))


def _without_own_levels(rates: Collection[int], seq: int | None) -> SeriesValues:
    graph = graph_with_breaks(rates, seq)
    observed = figures_of(observed_values(graph.input_ids, seq))
    values: SeriesValues = {}
    for rate in rates:
        cells = derived_figures(_pruned(graph, rate), observed, [rate])[rate]
        values[rate] = {
            period: derived_value(period, figure, graph.versions[version_id], seq or 0)
            for period, (figure, version_id) in cells.items()
        }
    return values


def _pruned(graph: RuleGraph, rate: int) -> RuleGraph:
    """The graph without the edges by which the rate implies a level."""
    edges = {
        version_id: {
            output: roles
            for output, roles in outputs.items()
            if graph.versions[version_id].rule.kind != "implied-prior"
            or rate not in roles.get("growth", ())
        }
        for version_id, outputs in graph.edges.items()
    }
    return replace(graph, edges={pk: outputs for pk, outputs in edges.items() if outputs})
