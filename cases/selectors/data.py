"""Pages of data: an entity, the catalogue of series, a source."""

from dataclasses import dataclass, replace
from typing import Any

from cases.models import Case
from cases.selectors.addresses import language_tag
from cases.selectors.cards import Card, shelf
from cases.selectors.key_lines import key_lines
from metrics.models import Entity, Series, Source
from metrics.selectors.catalogue import (
    Choice,
    SeriesGroup,
    SeriesLine,
    measured_entities,
    series_groups,
    series_lines,
    series_using,
)
from metrics.selectors.printing import in_language
from metrics.selectors.source_figures import Section, source_sections
from metrics.selectors.timeline import TimelineEvent, timeline


@dataclass(frozen=True, slots=True)
class EntityPage:
    """An entity: what is measured of it, what happened to it, which texts tell of it."""

    entity: Entity
    name: str
    description: str
    parent: tuple[str, str] | None
    children: tuple[tuple[str, str], ...]
    lines: tuple[SeriesLine, ...]
    key_lines: tuple[SeriesLine, ...]
    events: tuple[TimelineEvent, ...]
    cards: tuple[Card, ...]
    depends_on: frozenset[str]

    @property
    def has_sparks(self) -> bool:
        return any(line.spark for line in self.lines)


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
        key_lines=key_lines(lines, language, user),
        events=timeline([slug], language),
        cards=tuple(sorted(cards.cards, key=lambda card: card.kind != Case.Kind.CASE)),
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
class SourcePage:
    """A source: what it states by section or, of very much, the series that use it.

    `licence_tag`: the language of the licence where it is the other one, else "".
    """

    source: Source
    title: str
    publisher: str
    licence: str
    licence_tag: str
    sections: tuple[Section, ...]
    lines: tuple[SeriesLine, ...]
    depends_on: frozenset[str]

    @property
    def named_lines(self) -> tuple[SeriesLine, ...]:
        """The lines with their entities named: they are of many."""
        return tuple(replace(line, name=line.full_name) for line in self.lines)


def _other_tag(row: Any, name: str, language: str) -> str:
    """The language that a text is told in for want of one in this; "" where it has it."""
    if getattr(row, f"{name}_{language.replace('-', '_')}"):
        return ""
    return language_tag("en" if language != "en" else "zh-hans")


def source_page(slug: str, language: str) -> SourcePage:
    """Raises Source.DoesNotExist. Four queries, or eight for a source of very many figures."""
    source = Source.objects.get(slug=slug)
    sections = source_sections(source, language)
    series = series_using(source)
    tags = {f"series:{pk}" for pk in series.values_list("pk", flat=True)}
    return SourcePage(
        source=source,
        title=in_language(source, "title", language),
        publisher=in_language(source, "publisher", language),
        licence=in_language(source, "licence", language),
        licence_tag=_other_tag(source, "licence", language),
        sections=tuple(sections or ()),
        lines=series_lines(series, language) if sections is None else (),
        depends_on=frozenset(tags | {"definitions", "values"}),
    )
