"""Values of series: observed, derived, and the two merged. One evaluator defines every value."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from metrics.models import DerivedValue, Observation, RuleInput, RuleVersion
from metrics.stats.bounds import Figure
from metrics.stats.derivation import derive
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
    """Preferred observations as of a seq. One query."""
    rows = (
        Observation.objects.at_seq(seq)
        .preferred()
        .filter(series__in=series_ids)
        .values_list(*OBSERVED_FIELDS)
    )
    values: SeriesValues = defaultdict(dict)
    for row in rows:
        value = _observed(*row)
        values[row[0]][value.period] = value
    return values


def as_value(row: Observation) -> Value:
    """An observation that is loaded already, as a value."""
    return _observed(*(getattr(row, name) for name in OBSERVED_FIELDS))


def cached_values(series_ids: Collection[int]) -> SeriesValues:
    """Derived values as last refreshed. One query."""
    rows = DerivedValue.objects.filter(series__in=series_ids).values_list(*DERIVED_FIELDS)
    values: SeriesValues = defaultdict(dict)
    for series_id, code, value, lower, upper, reason, version_id, kind, seq in rows:
        figure = Figure(value, lower, upper, reason)
        values[series_id][Period.parse(code)] = _derived(code, figure, version_id, kind, seq)
    return values


def computed_values(
    series_ids: Collection[int], seq: int | None, _above: frozenset[int] = frozenset()
) -> SeriesValues:
    """Derived values computed from the rules in force and the inputs as of a seq."""
    edges = rule_edges(RuleInput.objects.at_seq(seq).filter(output__in=series_ids))
    versions = RuleVersion.objects.select_related("rule").in_bulk(edges)
    values: SeriesValues = defaultdict(dict)
    for version_id, outputs in edges.items():
        version = versions[version_id]
        if version.rule.is_group_wide:  # members are computed together
            outputs = rule_edges(RuleInput.objects.at_seq(seq).filter(version=version))[version_id]
        for series_id, figures in _computed(version, outputs, seq, _above).items():
            if series_id in series_ids:
                for period, figure in figures.items():
                    values[series_id].setdefault(
                        period,
                        _derived(period.code, figure, version_id, version.rule.kind, seq or 0),
                    )
    return values


def _computed(
    version: RuleVersion,
    outputs: dict[int, dict[str, list[int]]],
    seq: int | None,
    above: frozenset[int],
) -> dict[int, dict[Period, Figure]]:
    inputs = {pk for roles in outputs.values() for pks in roles.values() for pk in pks}
    if version.rule.kind == "implied-prior":
        panel = observed_values(inputs, seq)
    else:
        panel = observed_values(inputs, seq)
        deeper = inputs - above
        for pk, computed in computed_values(deeper, seq, above | set(outputs)).items():
            panel[pk] = {**computed, **panel.get(pk, {})}
    figures = {pk: {p: v.figure for p, v in values.items()} for pk, values in panel.items()}
    return derive(version.rule.kind, outputs, figures, definition=version.definition)


def rule_edges(queryset: object) -> dict[int, dict[int, dict[str, list[int]]]]:
    """Rule inputs as {version: {output: {role: [inputs]}}}, versions of lower id first."""
    edges: dict[int, dict[int, dict[str, list[int]]]] = {}
    rows = queryset.order_by("version_id", "output_id", "id").values_list(  # type: ignore[attr-defined]
        "version_id", "output_id", "role", "input_id"
    )
    for version_id, output_id, role, input_id in rows:
        roles = edges.setdefault(version_id, {}).setdefault(output_id, {})
        roles.setdefault(role, []).append(input_id)
    return edges


def _observed(
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
