"""The page of a series, now or as it stood at a seq."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cases.markup.exhibits import Chart
from cases.models import Publication
from cases.selectors.cards import Card, Shelf, shelf
from cases.selectors.exhibits import Grid, chart_grid, series_labels, subtitle
from cases.selectors.figures import Figures
from cases.selectors.notices import Notice, series_notices
from metrics.models import Series
from metrics.selectors.definitions import (
    DefinitionVersion,
    definition_versions,
    past_definition_versions,
)
from metrics.selectors.facts import Fact, series_facts
from metrics.selectors.printing import in_language, unit_noun
from metrics.selectors.record import SeriesRecord, series_record
from metrics.selectors.redactions import RedactedValue, redacted_values
from metrics.selectors.summaries import ranks_of
from metrics.stats.periods import Period

LEAST_CHARTED = 2
MOST_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class EarlierDefinition:
    """What a series meant before a period; `comparable` is why both may be compared, or empty."""

    version: int
    until: str
    text: str
    comparable: str


def _earlier(versions: Sequence[DefinitionVersion], language: str) -> tuple[EarlierDefinition, ...]:
    """The definitions that were replaced, the latest first."""
    pairs = itertools.pairwise(versions)
    earlier = [
        EarlierDefinition(
            version=before.number,
            until=Period.parse(after.since or "").label(language),
            text=_either(before.definition, language),
            comparable=_either(after.comparable or {}, language),
        )
        for before, after in pairs
    ]
    return tuple(reversed(earlier))


def _either(texts: dict[str, str], language: str) -> str:
    """The text in the language, else in the other."""
    return texts.get(language) or next((text for text in texts.values() if text), "")


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """A series with its record, the texts that quote it, and what a chart of it shows.

    `version` is the number of its definition, whose text is empty where nothing keeps it.
    """

    record: SeriesRecord
    figures: Figures
    chart: Chart | None
    labels: dict[str, str]
    grid: Grid | None
    subtitle: str
    entity_name: str
    indicator_name: str
    definition: str
    version: int
    earlier: tuple[EarlierDefinition, ...]
    unit_name: str
    unit_noun: str
    facts: tuple[Fact, ...]
    cards: tuple[Card, ...]
    notices: tuple[Notice, ...]
    redactions: tuple[RedactedValue, ...]
    depends_on: frozenset[str]


def series_page(key: str, language: str, user: Any = None, seq: int | None = None) -> SeriesPage:
    """The series now or as it stood at a seq; raises Series.DoesNotExist.

    A fixed number of queries, and for the past up to three for each level of rules.
    """
    series = Series.objects.with_definitions().get(key=key)
    record = series_record(series, language, seq)
    figures = Figures(record.panel, language, seq=seq)
    indicator = series.indicator
    name = in_language(indicator, "name", language)
    chart = _chart(record, name)
    labels = series_labels([series], language)
    quoting = quoting_cards(series, language, user, seq)
    versions = _versions(series, seq)
    told = series_notices(series, figures)
    latest = record.panel.latest(key) if seq is None else None
    ranks = ranks_of(series, latest.code) if latest else ()
    return SeriesPage(
        record=record,
        figures=figures,
        chart=chart,
        labels=labels,
        grid=chart_grid(chart, figures, labels) if chart else None,
        subtitle=subtitle([series], [], "lin", language),
        entity_name=in_language(series.entity, "name", language),
        indicator_name=name,
        definition=_either(versions[-1].definition, language),
        version=versions[-1].number,
        earlier=_earlier(versions, language),
        unit_name=in_language(indicator.unit, "name", language),
        unit_noun=unit_noun(indicator.unit, language),
        facts=series_facts(record.panel, key, language, ranks),
        cards=quoting.cards,
        notices=told.notices,
        redactions=redacted_values(series, language),
        depends_on=quoting.depends_on
        | _tags(record, [rank.series.pk for rank in ranks])
        | told.depends_on,
    )


def _versions(series: Series, seq: int | None) -> list[DefinitionVersion]:
    """One query."""
    if seq is None:
        return definition_versions(series.indicator)
    return past_definition_versions(series.indicator, seq)


def quoting_cards(series: Series, language: str, user: Any = None, seq: int | None = None) -> Shelf:
    """The texts that quote a series, or quoted it at a seq."""
    live = Publication.objects.at_seq(seq)
    quoting = live.filter(quoted_series=series, text__language=language)
    slugs = set(quoting.values_list("text__case__slug", flat=True))
    return shelf(language, user, slugs=slugs, seq=seq)


def _tags(record: SeriesRecord, ranks: Iterable[int]) -> set[str]:
    """The series itself, those its rules take, its ranks: their names and values are shown."""
    shown = {record.series.pk, *record.input_ids, *ranks}
    return {f"series:{pk}" for pk in shown}


def _chart(record: SeriesRecord, title: str) -> Chart | None:
    """Columns for a few values, a line for many; nothing where there is no course to show."""
    shown = [
        period
        for period, value in record.panel.values_of(record.series.key).items()
        if period.is_regular and not value.figure.is_missing
    ]
    if len(shown) < LEAST_CHARTED or record.series.indicator.nature == "rank":
        return None
    kind = "line" if len(shown) > MOST_COLUMNS else "column"
    return Chart(kind, title, (record.series.key,))
