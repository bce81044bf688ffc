"""Pages of texts: a case, a technology or the overview, with all that stands around the words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cases.markup.pen import Withheld
from cases.markup.references import cells_of
from cases.models import Case
from cases.selectors.addresses import page_url
from cases.selectors.cards import (
    Card,
    Link,
    Shelf,
    on_card,
    series_tags,
    shelf,
    technologies_of,
    technology_links,
    titled,
)
from cases.selectors.editions import editions_of, languages_at
from cases.selectors.exhibits import SourceLine, sources_of
from cases.selectors.figures import Figures, text_figures
from cases.selectors.notices import Notice, text_notices
from cases.selectors.related import related_cards, related_cases
from cases.selectors.texts import LiveText, live_text, texts_around
from cases.selectors.withheld_then import withheld_then
from metrics.models import Change, Entity
from metrics.selectors.prepared import prepared
from metrics.selectors.printing import in_language

LIVE_KINDS = ("stated",)


@dataclass(frozen=True, slots=True)
class TextPage:
    """A text with its figures loaded; the view renders the words.

    `updated` is None for a page of the past: which change made a derived value is not kept.
    """

    text: LiveText
    figures: Figures
    withheld: Mapping[str, Withheld]
    languages: tuple[str, ...]
    technologies: tuple[Link, ...]
    entities: tuple[Link, ...]
    sources: tuple[SourceLine, ...]
    data_as_of: str
    updated: Change | None
    applied_in: tuple[Card, ...]
    related: tuple[Card, ...]
    notices: tuple[Notice, ...]
    depends_on: frozenset[str]

    @property
    def updated_at(self) -> datetime | None:
        return self.updated.published_at if self.updated else None


def text_page(
    slug: str, kind: str, language: str, user: Any = None, seq: int | None = None
) -> TextPage:
    """Everything a text's page shows, or showed at a seq; raises NotPublishedError.

    A fixed number of queries, and for the past up to three for each level of rules.
    """
    return page_of_text(live_text(slug, kind, language, user, seq), user)


def page_of_text(text: LiveText, user: Any = None) -> TextPage:
    """Everything around some words: what is or was live, or a draft's. As many queries."""
    language, seq = text.language, text.as_of
    entities = _entities(text.case.pk)
    near = related_cases(text, entities)
    around = texts_around(near, language, user, seq)
    quoted = [on_card(one) if one.case.pk in near else titled(one) for one in around]
    figures = text_figures([text.parsed, *quoted], language, seq)
    names = technology_links(around, figures)
    applied = _applied_in(text, user)
    editions = editions_of(text.case)
    told = text_notices(text, figures, editions)
    return TextPage(
        text=text,
        figures=figures,
        withheld=_withheld(text, figures),
        languages=languages_at(editions, seq),
        technologies=technologies_of(text, names),
        entities=_entity_links(entities, language),
        sources=sources_of(cells_of(text.parsed), figures),
        data_as_of=_data_as_of(text, figures),
        updated=_updated(text, figures) if seq is None else None,
        applied_in=applied.cards,
        related=related_cards(near, around, figures, names),
        notices=told.notices,
        depends_on=applied.depends_on
        | series_tags(figures)
        | _text_tags(text, near.values(), around)
        | told.depends_on,
    )


def _withheld(text: LiveText, figures: Figures) -> Mapping[str, Withheld]:
    return text.withheld if text.as_of is None else withheld_then(text, figures)


def _text_tags(text: LiveText, near: Iterable[str], around: Iterable[LiveText]) -> set[str]:
    """The text, the cases near it, and the technologies that it and they name; each as it is now
    or once it is published."""
    named = {slug for one in (text, *around) for slug in one.technologies}
    return {text.tag, "definitions"} | {f"case:{slug}" for slug in (*near, *named)}


def _applied_in(text: LiveText, user: Any) -> Shelf:
    """The cases that apply a technology."""
    if text.case.kind != Case.Kind.TECHNOLOGY:
        return Shelf((), frozenset())
    slugs = set(Case.objects.filter(technologies=text.case).values_list("slug", flat=True))
    return shelf(text.language, user, slugs=slugs, seq=text.as_of)


@prepared
def _entities(case: Any) -> QuerySet[Entity]:
    return Entity.objects.filter(cases=case)


def _entity_links(entities: Iterable[Entity], language: str) -> tuple[Link, ...]:
    return tuple(
        Link(in_language(row, "name", language), page_url(language, "entity", row.slug))
        for row in entities
    )


def _data_as_of(text: LiveText, figures: Figures) -> str:
    """The last period that a quoted observation is about, in words."""
    last = None
    for reference in cells_of(text.parsed):
        for period in figures.periods(reference):
            value = figures.panel.values_of(reference.series).get(period)
            if value and value.kind in LIVE_KINDS and period.is_regular:
                last = period if last is None else max(last, period)
    return last.label(text.language, "stock") if last else ""


def _updated(text: LiveText, figures: Figures) -> Change | None:
    """The change by which the words or any value they quote were last changed. One query."""
    seqs = {text.seq}
    for reference in cells_of(text.parsed):
        values = figures.panel.values_of(reference.series)
        seqs |= {values[p].seq for p in figures.periods(reference) if p in values}
    return next(iter(_last(seqs)), None)


@prepared
def _last(seqs: Any) -> QuerySet[Change]:
    return Change.objects.filter(seq__any=seqs).order_by("-seq")[:1]
