"""Pages of texts: a case, a technology or the overview, with all that stands around the words."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

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
from cases.selectors.exhibits import SourceLine, sources_of
from cases.selectors.figures import Figures, text_figures
from cases.selectors.notices import Notice, text_notices
from cases.selectors.related import related_cards, related_cases
from cases.selectors.texts import LiveText, languages_of, live_text, live_texts
from cases.selectors.withheld_then import withheld_then
from metrics.models import Change, Entity
from metrics.selectors.printing import in_language

LIVE_KINDS = ("stated",)


@dataclass(frozen=True, slots=True)
class TextPage:
    """A text with its figures loaded; the view renders the words.

    `updated_at` is None for a page of the past: which change made a derived value is not kept.
    """

    text: LiveText
    figures: Figures
    withheld: Mapping[str, Withheld]
    languages: tuple[str, ...]
    technologies: tuple[Link, ...]
    entities: tuple[Link, ...]
    sources: tuple[SourceLine, ...]
    data_as_of: str
    updated_at: datetime | None
    applied_in: tuple[Card, ...]
    related: tuple[Card, ...]
    notices: tuple[Notice, ...]
    depends_on: frozenset[str]


def text_page(
    slug: str, kind: str, language: str, user: Any = None, seq: int | None = None
) -> TextPage:
    """Everything a text's page shows, or showed at a seq; raises NotPublishedError.

    A fixed number of queries, and for the past up to three for each level of rules.
    """
    return page_of_text(live_text(slug, kind, language, user, seq), user)


def page_of_text(text: LiveText, user: Any = None) -> TextPage:
    """Everything around some words: what is or was live, or a draft's. As many queries."""
    slug, language, seq = text.case.slug, text.language, text.as_of
    entities = tuple(text.case.entities.all())
    near = related_cases(text.case, entities)
    around = _around(text, near, user)
    quoted = [on_card(one) if one.case.pk in near else titled(one) for one in around]
    figures = text_figures([text.parsed, *quoted], language, seq)
    names = technology_links(around, figures)
    applied = _applied_in(text, user)
    told = text_notices(text, figures)
    return TextPage(
        text=text,
        figures=figures,
        withheld=_withheld(text, figures),
        languages=tuple(languages_of(slug, user, seq)),
        technologies=technologies_of(text, names),
        entities=_entities(entities, text.language),
        sources=sources_of(cells_of(text.parsed), figures),
        data_as_of=_data_as_of(text, figures),
        updated_at=_updated_at(text, figures) if seq is None else None,
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
    named = set(text.case.technologies.all())
    named |= {technology for one in around for technology in one.case.technologies.all()}
    slugs = {*near, *(technology.slug for technology in named)}
    return {text.tag, "definitions"} | {f"case:{slug}" for slug in slugs}


def _applied_in(text: LiveText, user: Any) -> Shelf:
    """The cases that apply a technology."""
    if text.case.kind != Case.Kind.TECHNOLOGY:
        return Shelf((), frozenset())
    slugs = set(Case.objects.filter(technologies=text.case).values_list("slug", flat=True))
    return shelf(text.language, user, slugs=slugs, seq=text.as_of)


def _around(text: LiveText, near: Collection[int], user: Any) -> list[LiveText]:
    """The technologies, whose names a case tells, and the cases near it, as live as the text is."""
    is_around = Q(kind=Case.Kind.TECHNOLOGY) | Q(pk__in=near)
    cases = Case.objects.filter(is_around)
    return live_texts(text.language, user, text.as_of, text__case__in=cases)


def _entities(entities: Iterable[Entity], language: str) -> tuple[Link, ...]:
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


def _updated_at(text: LiveText, figures: Figures) -> datetime:
    """When the words or any value they quote last changed. One query."""
    seqs = [text.seq]
    for reference in cells_of(text.parsed):
        values = figures.panel.values_of(reference.series)
        seqs += [values[p].seq for p in figures.periods(reference) if p in values]
    latest = Change.objects.filter(seq__in=seqs).order_by("-seq").first()
    return latest.published_at if latest else text.published_at
