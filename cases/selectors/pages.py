"""Pages of texts: a case, a technology or the overview, with all that stands around the words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.markup.pen import Withheld
from cases.markup.references import cells_of
from cases.models import Case
from cases.selectors.addresses import page_url
from cases.selectors.cards import (
    Card,
    Link,
    Shelf,
    series_tags,
    shelf,
    technologies_of,
    technology_links,
    titled,
)
from cases.selectors.exhibits import SourceLine, sources_of
from cases.selectors.figures import Figures, text_figures
from cases.selectors.notices import Notice, text_notices
from cases.selectors.texts import LiveText, languages_of, live_text, live_texts
from metrics.models import Change
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
    technologies = live_texts(language, user, seq, text__case__kind=Case.Kind.TECHNOLOGY)
    figures = text_figures([text.parsed, *(titled(one) for one in technologies)], language, seq)
    names = technology_links(technologies, figures)
    applied = _applied_in(text, user)
    told = text_notices(text, figures)
    return TextPage(
        text=text,
        figures=figures,
        withheld=text.withheld,
        languages=tuple(languages_of(slug, user, seq)),
        technologies=technologies_of(text, names),
        entities=_entities(text),
        sources=sources_of(cells_of(text.parsed), figures),
        data_as_of=_data_as_of(text, figures),
        updated_at=_updated_at(text, figures) if seq is None else None,
        applied_in=applied.cards,
        notices=told.notices,
        depends_on=applied.depends_on | series_tags(figures) | _text_tags(text) | told.depends_on,
    )


def _text_tags(text: LiveText) -> set[str]:
    """The text, and the technologies it names now or will once they are published."""
    named = {f"case:{technology.slug}" for technology in text.case.technologies.all()}
    return {text.tag, "definitions"} | named


def _applied_in(text: LiveText, user: Any) -> Shelf:
    """The cases that apply a technology."""
    if text.case.kind != Case.Kind.TECHNOLOGY:
        return Shelf((), frozenset())
    slugs = set(Case.objects.filter(technologies=text.case).values_list("slug", flat=True))
    return shelf(text.language, user, slugs=slugs, seq=text.as_of)


def _entities(text: LiveText) -> tuple[Link, ...]:
    return tuple(
        Link(in_language(row, "name", text.language), page_url(text.language, "entity", row.slug))
        for row in text.case.entities.all()
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
