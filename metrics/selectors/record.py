"""A series in full: every value with its source or rule, and what stood there before."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from metrics.models import Series
from metrics.selectors.lineage import Derivation, derivations, rule_inputs
from metrics.selectors.lineage_lines import LineageLine, lineage_line
from metrics.selectors.lineage_node import LineageNode
from metrics.selectors.lineage_tree import lineage_trees
from metrics.selectors.other_statements import (
    Other,
    Statement,
    other_statements,
    printed_statement,
)
from metrics.selectors.panel import Panel
from metrics.selectors.printing import (
    in_language,
    moment,
    place,
    printed_interval,
    printed_value,
    reason_text,
    reported_year,
    series_name,
)
from metrics.selectors.values import Value
from metrics.stats.periods import Period
from metrics.stats.wording import ENGLISH

MOST_TREES = 6


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One period of a series as its table shows it."""

    period: str
    label: str
    number: str
    qualifier: str
    bare_number: str
    is_english: bool
    plain_value: str
    kind: str
    null_text: str
    stated: str
    interval: str
    source_slug: str
    source_title: str
    place: str
    note: str
    derivation: Derivation | None
    before: tuple[Statement, ...]
    rivals: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class SeriesRecord:
    """A series with the rows asked for, its latest one, and the lineage of the latest derived."""

    series: Series
    panel: Panel
    name: str
    rows: tuple[RecordRow, ...]
    latest: RecordRow | None
    lineage: tuple[LineageLine, ...]
    input_ids: frozenset[int]


def series_record(
    series: Series,
    language: str,
    panel: Panel,
    periods: Collection[Period],
    seq: int | None = None,
) -> SeriesRecord:
    """The record of a series whose panel is loaded, as of a seq (None: now), of some periods.

    A fixed number of queries, and for the past up to three for each level of rules.
    """
    values = panel.values_of(series.key)
    latest = panel.latest(series.key)
    shown = [*periods, *([latest] if latest and latest not in set(periods) else [])]
    others = other_statements(series, seq, shown)
    inputs = rule_inputs(series, seq)
    found = derivations(series, panel, inputs, language, seq, shown)
    rows = {
        period: _row(series, values[period], panel, others.get(period.code, ()), found, language)
        for period in shown
    }
    trees = _trees(series, values, seq)
    below = {node.series.pk for tree in trees for node in tree}
    return SeriesRecord(
        series=series,
        panel=panel,
        name=series_name(series, language),
        rows=tuple(rows[period] for period in periods),
        latest=rows.get(latest) if latest else None,
        lineage=tuple(lineage_line(tree, language) for tree in trees),
        input_ids=frozenset(one.pk for taken in inputs.values() for _, one in taken) | below,
    )


def _trees(series: Series, values: Mapping[Period, Value], seq: int | None) -> list[LineageNode]:
    """The lineage of the latest derived values; the API tells that of any."""
    derived = [period for period, value in values.items() if value.rule_version_id]
    if not derived:
        return []
    trees = lineage_trees(series, sorted(derived, reverse=True)[:MOST_TREES], seq)
    return [tree for tree in trees.values() if tree.rule is not None]


def _row(
    series: Series,
    value: Value,
    panel: Panel,
    others: Iterable[Other],
    derived: Mapping[Period, Derivation],
    language: str,
) -> RecordRow:
    source = panel.source_of(value)
    unit = series.indicator.unit
    number = printed_value(value, unit, language)
    statements = [(other, printed_statement(other, series, language)) for other in others]
    return RecordRow(
        period=value.period.code,
        label=moment(value.period, series.indicator, language, reported_year(value, source)),
        number=number.text if number else "",
        qualifier=number.qualifier if number else "",
        bare_number=f"{number.prefix}{number.number}{number.suffix}" if number else "",
        is_english=language == ENGLISH,
        plain_value="" if value.figure.value is None else format(value.figure.value, "f"),
        kind=value.kind,
        null_text=reason_text(value.figure.null_reason, language) if number is None else "",
        stated=value.stated,
        interval=printed_interval(value.figure, unit, language),
        source_slug=source.slug if source else "",
        source_title=in_language(source, "title", language) if source else "",
        place=place(value.locator, language),
        note=value.note,
        derivation=derived.get(value.period) if value.rule_version_id else None,
        before=tuple(line for other, line in statements if other.until is not None),
        rivals=tuple(line for other, line in statements if other.until is None),
    )
