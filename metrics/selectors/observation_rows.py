"""Rows of observations for questions that the one statement of observation_sql does not answer.

As of a seq, by every source, aggregated, transformed or with the consistency check: the rows have
the same columns as the plain ones. By the sources' own days: see vintage_rows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from metrics.models import Change, RuleVersion, Unit
from metrics.selectors.breaks import breaks_of
from metrics.selectors.consistency_checks import Check, checks_of
from metrics.selectors.observation_page import AskedSeries, PageRequest, Row
from metrics.selectors.plain import instant_text
from metrics.selectors.question import Question
from metrics.selectors.restricted import restricted_of
from metrics.selectors.row_pages import Placed, is_within, position_of
from metrics.selectors.statements import Statement, statements
from metrics.selectors.values import SeriesValues, Value, cached_values, computed_values
from metrics.stats.aggregation import aggregate
from metrics.stats.bounds import Figure
from metrics.stats.breaks import NO_BREAKS, Breaks
from metrics.stats.natures import Nature
from metrics.stats.periods import Frequency, Period
from metrics.stats.transforms import Transform, apply, output_qualifier, output_unit_kind


@dataclass(slots=True)
class Names:
    """What ids mean: units by kind, rules by version, instants by seq."""

    units: dict[str, str]
    rules: dict[int, str] = field(default_factory=dict)
    moments: dict[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Material:
    """What rows are made of: statements and derived values by series id, breaks, checks."""

    stated: Mapping[int, Sequence[Statement]]
    derived: SeriesValues
    names: Names
    breaks: Mapping[int, Breaks]
    checks: Mapping[tuple[int, str], Check] = field(default_factory=dict)


def observation_rows(
    asked: Sequence[AskedSeries], question: Question, request: PageRequest
) -> list[Placed]:
    """All rows of the range, in any order, without what is restricted (see selectors.restricted).

    A fixed number of queries, plus three a rule level. The whole series is computed before the
    range is cut, so the first period of a range is compared with what came before it. Raises
    AggregationError and TransformError where a nature refuses what is asked.
    """
    ids = [series.id for series in asked]
    restricted = restricted_of(ids, question.seq, with_checks=question.has_consistency)
    material = restricted.hidden(loaded_material(ids, question))
    rows: list[Placed] = []
    for series in asked:
        found = rows_of(series, question, material)
        rows += [one for one in found if _is_asked(one, request)]
    return rows


def loaded_material(
    ids: Collection[int], question: Question, *, is_computed: bool | None = None
) -> Material:
    """What rows of the series are made of, as of the question's seq (None: now).

    `is_computed`: whether something will be computed of it; None: what the question says.
    """
    needs_breaks = question.is_computed if is_computed is None else is_computed
    derived = cached_values(ids) if question.seq is None else computed_values(ids, question.seq)
    stated: dict[int, list[Statement]] = defaultdict(list)
    for one in statements(ids, question.seq, every_source=question.has_all_sources):
        stated[one.series_id].append(one)
    return Material(
        stated=stated,
        derived=derived,
        names=_names(derived, is_current=question.seq is None),
        breaks=breaks_of(ids, question.seq) if needs_breaks else {},
        checks=checks_of(ids, question.seq) if question.has_consistency else {},
    )


def rows_of(series: AskedSeries, question: Question, material: Material) -> list[Placed]:
    """All rows of a series that a question asks for. No query."""
    told, derived = material.stated.get(series.id, ()), material.derived.get(series.id, {})
    if not question.is_computed:
        return _own_rows(series, told, derived, question, material.names, material.checks)
    broken = material.breaks.get(series.id, NO_BREAKS)
    return computed_rows(series, _merged(told, derived), question, material.names, broken)


def known_units() -> Names:
    """The unit of each kind that a transform can lead to: the first by key. One query."""
    units = Unit.objects.filter(kind__in=("growth", "points", "index")).order_by("-key")
    return Names({unit.kind: unit.key for unit in units})


def computed_rows(
    series: AskedSeries,
    values: Mapping[Period, Value],
    question: Question,
    names: Names,
    breaks: Breaks,
) -> list[Placed]:
    """A series aggregated, then transformed."""
    figures, unit = computed_figures(series, values, question, names, breaks)
    has_forecasts = {period.code for period, value in values.items() if value.status == "F"}
    rows = []
    for period, figure in figures.items():
        qualifier = output_qualifier(question.units, figure)
        fields = {
            **_dated(series.key, period, figure, unit),
            "qualifier": str(qualifier),
            "status": "F" if period.code in has_forecasts else "E",
            "rule": _how(question),
        }
        rows.append(placed(series.key, period, fields, question))
    return rows


def computed_figures(
    series: AskedSeries,
    values: Mapping[Period, Value],
    question: Question,
    names: Names,
    breaks: Breaks,
) -> tuple[dict[Period, Figure], str | None]:
    """The figures of a series as asked, and the key of their unit (None: they have none)."""
    figures = {period: value.figure for period, value in values.items()}
    frequency, nature = Frequency(series.frequency), Nature(series.nature)
    if question.frequency is not None:
        target = Frequency(question.frequency)
        method = question.aggregation
        figures = aggregate(
            figures, source=frequency, target=target, method=method, nature=nature, breaks=breaks
        )
        frequency = target
    made = apply(
        question.units,
        figures,
        frequency=frequency,
        nature=nature,
        index_base=question.index_base,
        window=question.window,
        span_start=question.span_start,
        breaks=breaks,
    )
    return made, _unit_of(series, question.units, names.units)


def stated_fields(series: AskedSeries, statement: Statement) -> dict[str, Any]:
    """A statement by the names of the columns."""
    value = statement.value
    return {
        **_dated(series.key, value.period, value.figure, series.unit),
        "stated": value.stated or None,
        "resolution": value.resolution,
        "qualifier": value.qualifier,
        "status": value.status,
        "source": statement.source,
        "locator": value.locator or None,
        "vintage_on": value.vintage_on,
        "valid_from": instant(statement.valid_from),
        "valid_to": instant(statement.valid_to),
        "preferred": statement.is_preferred,
        "note": value.note or None,
    }


def placed(
    key: str, period: Period, fields: Mapping[str, Any], question: Question, tail: str = ""
) -> Placed:
    """A row in the order of the question's columns, with its place."""
    row: Row = tuple(fields.get(column) for column in question.columns)
    return Placed(position_of(key, period, tail), row)


def instant(moment: datetime | None) -> str | None:
    return None if moment is None else instant_text(moment)


def missing_fields(key: str, period: Period, reason: str) -> dict[str, Any]:
    """A cell that has no value, by the names of the columns."""
    return {
        **_dated(key, period, Figure.missing(reason), None),
        "qualifier": "exact",
        "status": "M",
    }


def _own_rows(
    series: AskedSeries,
    told: Iterable[Statement],
    derived: Mapping[Period, Value],
    question: Question,
    names: Names,
    checks: Mapping[tuple[int, str], Check],
) -> list[Placed]:
    """What is stated, and what rules make where no preferred statement fills the period."""
    rows = []
    filled = set()
    for one in told:
        if one.is_preferred:
            filled.add(one.value.period)
        fields = stated_fields(series, one)
        check = checks.get((series.id, one.value.period.code)) if one.is_preferred else None
        fields["consistency"] = check.document if check else None
        tail = one.source if question.has_all_sources else ""
        rows.append(placed(series.key, one.value.period, fields, question, tail))
    for period, value in derived.items():
        if period not in filled:
            fields = _derived_fields(series, value, names)
            rows.append(placed(series.key, period, fields, question))
    return rows


def _derived_fields(series: AskedSeries, value: Value, names: Names) -> dict[str, Any]:
    return {
        **_dated(series.key, value.period, value.figure, series.unit),
        "qualifier": str(value.qualifier),
        "status": value.status,
        "valid_from": instant(names.moments.get(value.seq)),
        "preferred": True,
        "rule": names.rules[value.rule_version_id or 0],
    }


def _dated(key: str, period: Period, figure: Figure, unit: str | None) -> dict[str, Any]:
    return {
        "series": key,
        "period": period.code,
        "period_start": period.start,
        "period_end": period.end,
        "value": figure.value,
        "lower": figure.lower,
        "upper": figure.upper,
        "null_reason": figure.null_reason or None,
        "unit": unit,
    }


def _merged(told: Iterable[Statement], derived: Mapping[Period, Value]) -> dict[Period, Value]:
    both = {**derived, **{one.value.period: one.value for one in told if one.is_preferred}}
    return {period: both[period] for period in sorted(both)}


def _names(derived: SeriesValues, *, is_current: bool) -> Names:
    """Three queries. Of the past no instant is told: it was computed for this answer."""
    names = known_units()
    values = [value for cells in derived.values() for value in cells.values()]
    versions = RuleVersion.objects.filter(pk__in={value.rule_version_id for value in values})
    names.rules = dict(versions.values_list("pk", "rule__key"))
    seqs = {value.seq for value in values} if is_current else set()
    changes = Change.objects.filter(seq__in=seqs)
    names.moments = dict(changes.values_list("seq", "published_at"))
    return names


def _is_asked(row: Placed, request: PageRequest) -> bool:
    return is_within(Period.parse(row.position.period), request.start, request.end)


def _unit_of(series: AskedSeries, code: str, units: Mapping[str, str]) -> str | None:
    """The key of the unit of the result; None for logarithms, which have none."""
    kind = output_unit_kind(code, series.unit_kind)
    if code == Transform.LOG:
        return None
    return series.unit if kind == series.unit_kind else units.get(kind)


def _how(question: Question) -> str:
    """aggregation:sum, units:pc1, or both in the order in which they were done."""
    steps = [f"aggregation:{question.aggregation}"] if question.frequency else []
    steps += [f"units:{question.units}"] if question.units != "lin" else []
    return " ".join(steps)
