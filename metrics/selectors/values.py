"""Values of series: observed, derived, and the two merged. One evaluator defines every value."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from metrics.models import DerivedValue, Observation, RuleVersion
from metrics.selectors.breaks import graph_with_breaks
from metrics.selectors.prepared import prepared
from metrics.selectors.rule_graph import derived_figures
from metrics.selectors.rule_graph import rule_edges as rule_edges
from metrics.stats.bounds import Figure
from metrics.stats.periods import Period

Cell = tuple[int, str]  # (series id, period code)


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a series for a period, and where it comes from.

    `kind` is "stated" (an observation), "forecast" (an observation with status F), "implied" (the
    prior period that a stated change implies) or "derived" (any other rule). Observed values name
    their source, derived ones their rule version.
    """

    period: Period
    figure: Figure
    qualifier: str
    kind: str
    stated: str = ""
    status: str = "A"
    source_id: int | None = None
    locator: str = ""
    note: str = ""
    vintage_on: date | None = None
    resolution: object = None
    rule_version_id: int | None = None
    seq: int = 0


SeriesValues = dict[int, dict[Period, Value]]

OBSERVED_FIELDS = (
    "series_id",
    "period",
    "value",
    "lower",
    "upper",
    "null_reason",
    "qualifier",
    "status",
    "stated",
    "source_id",
    "locator",
    "note",
    "vintage_on",
    "resolution",
    "seq_from",
)
DERIVED_FIELDS = (
    "series_id",
    "period",
    "value",
    "lower",
    "upper",
    "null_reason",
    "rule_version_id",
    "rule_version__rule__kind",
    "computed_seq",
)


def evaluate(cells: Collection[Cell], seq: int | None = None) -> dict[Cell, Value | None]:
    """The value of each cell as of a seq (None: now); None where there is none and no rule.

    A derived value is the rule version in force at that seq applied to the inputs as of that seq.
    For now the cache of current values is read; for the past the rules are computed.
    """
    values = series_values({series_id for series_id, _ in cells}, seq)
    return {
        (series_id, code): values[series_id].get(Period.parse(code)) for series_id, code in cells
    }


def series_values(series_ids: Iterable[int], seq: int | None = None) -> SeriesValues:
    """Every value of the series as of a seq, by period in order; observations outrank rules."""
    series_ids = set(series_ids)
    derived = cached_values(series_ids) if seq is None else computed_values(series_ids, seq)
    observed = observed_values(series_ids, seq)
    merged: SeriesValues = {}
    for pk in series_ids:
        both = {**derived.get(pk, {}), **observed.get(pk, {})}
        merged[pk] = {period: both[period] for period in sorted(both)}
    return merged


def observed_values(series_ids: Collection[int], seq: int | None = None) -> SeriesValues:
    """Preferred observations as of a seq, by period in order. One query."""
    values: SeriesValues = defaultdict(dict)
    for row in _observed(series_ids, seq) if series_ids else ():
        value = observed_value(*row)
        values[row[0]][value.period] = value
    return values


@prepared
def _observed(series_ids: Any, seq: Any) -> QuerySet[Observation, tuple[Any, ...]]:
    rows = Observation.objects.at_seq(seq).preferred().filter(series__any=series_ids)
    return rows.order_by("series_id", "period_end", "id").values_list(*OBSERVED_FIELDS)


@prepared
def _cached(series_ids: Any, periods: Any) -> QuerySet[DerivedValue, tuple[Any, ...]]:
    rows = DerivedValue.objects.filter(series__any=series_ids)
    if periods is not None:
        rows = rows.filter(period__any=periods)
    return rows.order_by("series_id", "period_end", "id").values_list(*DERIVED_FIELDS)


def as_value(row: Observation) -> Value:
    """An observation that is loaded already, as a value."""
    return observed_value(*(getattr(row, name) for name in OBSERVED_FIELDS))


def cached_values(
    series_ids: Collection[int], periods: Collection[str] | None = None
) -> SeriesValues:
    """Derived values as last refreshed, of all periods or of some, in order. One query."""
    values: SeriesValues = defaultdict(dict)
    for row in _cached(series_ids, periods) if series_ids else ():
        series_id, code, value, lower, upper, reason, version_id, kind, seq = row
        figure = Figure(value, lower, upper, reason)
        values[series_id][Period.parse(code)] = _derived(code, figure, version_id, kind, seq)
    return values


def computed_values(series_ids: Collection[int], seq: int | None) -> SeriesValues:
    """Derived values computed from the rules in force and the inputs as of a seq.

    Up to three queries for each level of rules, and one for what is observed.
    """
    graph = graph_with_breaks(series_ids, seq)
    observed = figures_of(observed_values(graph.input_ids, seq))
    return {
        series_id: {
            period: derived_value(period, figure, graph.versions[version_id], seq or 0)
            for period, (figure, version_id) in cells.items()
        }
        for series_id, cells in derived_figures(graph, observed, series_ids).items()
    }


def figures_of(values: SeriesValues) -> dict[int, dict[Period, Figure]]:
    """The bare figures of values."""
    return {pk: {p: value.figure for p, value in cells.items()} for pk, cells in values.items()}


def derived_value(period: Period, figure: Figure, version: RuleVersion, seq: int) -> Value:
    """A figure that a rule version made, as a value."""
    return _derived(period.code, figure, version.pk, version.rule.kind, seq)


def observed_value(
    series_id: int,
    code: str,
    value: object,
    lower: object,
    upper: object,
    null_reason: str,
    qualifier: str,
    status: str,
    stated: str,
    source_id: int,
    locator: str,
    note: str,
    vintage_on: date | None,
    resolution: object,
    seq_from: int,
) -> Value:
    """An observation's OBSERVED_FIELDS, in their order, as a value."""
    return Value(
        period=Period.parse(code),
        figure=Figure(value, lower, upper, null_reason),  # type: ignore[arg-type]
        qualifier=qualifier,
        kind="forecast" if status == "F" else "stated",
        stated=stated,
        status=status,
        source_id=source_id,
        locator=locator,
        note=note,
        vintage_on=vintage_on,
        resolution=resolution,
        seq=seq_from,
    )


def _derived(code: str, figure: Figure, version_id: int, kind: str, seq: int) -> Value:
    implied = kind == "implied-prior"
    return Value(
        period=Period.parse(code),
        figure=figure,
        qualifier=figure.qualifier,
        kind="implied" if implied else "derived",
        status="I" if implied else "E",
        rule_version_id=version_id,
        seq=seq,
    )
