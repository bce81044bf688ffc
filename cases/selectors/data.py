"""Pages of data: an entity, the catalogue of series, one series, a source."""

import itertools
from dataclasses import dataclass, replace
from typing import Any

from cases.markup.exhibits import Chart
from cases.models import Publication
from cases.selectors.cards import Card, Shelf, shelf
from cases.selectors.exhibits import Grid, chart_grid, series_labels, subtitle
from cases.selectors.figures import Figures
from metrics.models import Entity, Indicator, Series, Source
from metrics.selectors.catalogue import (
    Choice,
    SeriesGroup,
    SeriesLine,
    measured_entities,
    series_groups,
    series_lines,
    series_using,
)
from metrics.selectors.definitions import definition_versions
from metrics.selectors.facts import Fact, series_facts
from metrics.selectors.printing import in_language, unit_noun
from metrics.selectors.record import SeriesRecord, series_record
from metrics.selectors.timeline import TimelineEvent, timeline
from metrics.stats.periods import Period

LEAST_CHARTED = 2
MOST_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class EntityPage:
    """An entity: what is measured of it, what happened to it, which texts tell of it."""

    entity: Entity
    name: str
    description: str
    parent: tuple[str, str] | None
    children: tuple[tuple[str, str], ...]
    lines: tuple[SeriesLine, ...]
    events: tuple[TimelineEvent, ...]
    cards: tuple[Card, ...]
    depends_on: frozenset[str]


def entity_page(slug: str, language: str, user: Any = None) -> EntityPage:
    """Raises Entity.DoesNotExist. A fixed number of queries."""
    entity = Entity.objects.select_related("parent").get(slug=slug)
    series = Series.objects.filter(entity=entity)
    lines = series_lines(series, language)
    slugs = set(entity.cases.values_list("slug", flat=True))
    cards = shelf(language, user, slugs=slugs)
    tags = {f"series:{pk}" for pk in series.values_list("pk", flat=True)}
    parent = entity.parent
    return EntityPage(
        entity=entity,
        name=in_language(entity, "name", language),
        description=in_language(entity, "description", language),
        parent=(parent.slug, in_language(parent, "name", language)) if parent else None,
        children=tuple(
            (row.slug, in_language(row, "name", language)) for row in entity.children.all()
        ),
        lines=lines,
        events=timeline([slug], language),
        cards=cards.cards,
        depends_on=cards.depends_on | tags,
    )


@dataclass(frozen=True, slots=True)
class EntityLine:
    """An entity in a list."""

    slug: str
    name: str
    description: str
    kind: str


def entity_lines(language: str) -> tuple[EntityLine, ...]:
    """All entities by kind and name. One query."""
    rows = [
        EntityLine(
            row.slug,
            in_language(row, "name", language),
            in_language(row, "description", language),
            row.get_kind_display(),
        )
        for row in Entity.objects.order_by("kind", "slug")
    ]
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """Every series by entity, or those of one entity; `refused` is an unknown entity."""

    groups: tuple[SeriesGroup, ...]
    entities: tuple[Choice, ...]
    count: int
    chosen: str


def catalogue_page(language: str, entity: str = "") -> CataloguePage:
    """The catalogue, filtered by an entity's slug where one is given. Six queries."""
    series = Series.objects.filter(entity__slug=entity) if entity else Series.objects.all()
    lines = series_lines(series, language)
    choices = measured_entities(language, entity)
    return CataloguePage(series_groups(lines), choices, len(lines), entity)


@dataclass(frozen=True, slots=True)
class EarlierDefinition:
    """What a series meant before a period; `comparable` is why both may be compared, or empty."""

    version: int
    until: str
    text: str
    comparable: str


def _earlier(indicator: Indicator, language: str) -> tuple[EarlierDefinition, ...]:
    """The definitions that were replaced, the latest first. One query."""
    versions = definition_versions(indicator)
    pairs = itertools.pairwise(versions)
    earlier = [
        EarlierDefinition(
            version=before.number,
            until=Period.parse(after.since or "").label(language),
            text=before.definition[language],
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
    """A series with its record, the texts that quote it, and what a chart of it shows."""

    record: SeriesRecord
    figures: Figures
    chart: Chart | None
    labels: dict[str, str]
    grid: Grid | None
    subtitle: str
    entity_name: str
    indicator_name: str
    definition: str
    versions: tuple[EarlierDefinition, ...]
    unit_name: str
    unit_noun: str
    facts: tuple[Fact, ...]
    cards: tuple[Card, ...]
    depends_on: frozenset[str]


def series_page(key: str, language: str, user: Any = None) -> SeriesPage:
    """Raises Series.DoesNotExist. A fixed number of queries."""
    series = Series.objects.with_definitions().get(key=key)
    record = series_record(series, language)
    figures = Figures(record.panel, language)
    indicator = series.indicator
    name = in_language(indicator, "name", language)
    chart = _chart(record, name)
    labels = series_labels([series], language)
    quoting = quoting_cards(series, language, user)
    return SeriesPage(
        record=record,
        figures=figures,
        chart=chart,
        labels=labels,
        grid=chart_grid(chart, figures, labels) if chart else None,
        subtitle=subtitle([series], [], "lin", language),
        entity_name=in_language(series.entity, "name", language),
        indicator_name=name,
        definition=in_language(indicator, "definition", language),
        versions=_earlier(indicator, language),
        unit_name=in_language(indicator.unit, "name", language),
        unit_noun=unit_noun(indicator.unit, language),
        facts=series_facts(record.panel, key, language),
        cards=quoting.cards,
        depends_on=quoting.depends_on | _tags(record),
    )


def quoting_cards(series: Series, language: str, user: Any = None) -> Shelf:
    """The live texts that quote a series."""
    quoting = Publication.objects.current().filter(quoted_series=series, text__language=language)
    slugs = set(quoting.values_list("text__case__slug", flat=True))
    return shelf(language, user, slugs=slugs)


def _tags(record: SeriesRecord) -> set[str]:
    """The series itself, and those its rules take: their names and values stand on the page."""
    shown = {record.series.pk, *record.input_ids}
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


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A source and the series that take values from it."""

    source: Source
    title: str
    publisher: str
    lines: tuple[SeriesLine, ...]
    depends_on: frozenset[str]

    @property
    def named_lines(self) -> tuple[SeriesLine, ...]:
        """The lines with their entities named: they are of many."""
        return tuple(replace(line, name=line.full_name) for line in self.lines)


def source_page(slug: str, language: str) -> SourcePage:
    """Raises Source.DoesNotExist. Seven queries."""
    source = Source.objects.get(slug=slug)
    series = series_using(source)
    tags = {f"series:{pk}" for pk in series.values_list("pk", flat=True)}
    return SourcePage(
        source=source,
        title=in_language(source, "title", language),
        publisher=in_language(source, "publisher", language),
        lines=series_lines(series, language),
        depends_on=frozenset(tags | {"definitions", "values"}),
    )
