"""Cards: how lists show texts."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cases.markup.exhibits import KeyFigures
from cases.markup.markdown import Parsed
from cases.markup.pen import Pen
from cases.markup.resolver import ResolvedFigure
from cases.markup.text import ParsedText
from cases.models import Case
from cases.selectors.figures import Figures, text_figures
from cases.selectors.texts import LiveText, live_texts
from cases.selectors.withheld_then import withheld_in_list


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads."""

    name: str
    url: str
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """The first key figure of a text, with its caption."""

    label: str
    figure: ResolvedFigure
    note: str


@dataclass(frozen=True, slots=True)
class Card:
    """A text in a list; all words are plain text, not escaped.

    `flag` says why the title is not as written, where it holds no longer; the standfirst says so
    itself.
    """

    kind: str
    slug: str
    url: str
    name: str
    title: str
    standfirst: str
    flag: str
    technologies: tuple[Link, ...]
    headline: Headline | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Cards, and what a page that shows them depends on."""

    cards: tuple[Card, ...]
    depends_on: frozenset[str]

    def of_kind(self, kind: str) -> tuple[Card, ...]:
        return tuple(card for card in self.cards if card.kind == kind)


@dataclass(frozen=True, slots=True)
class AppliedTechnology:
    """A technology with the cases that apply it."""

    card: Card
    cases: tuple[Link, ...]


def applied_technologies(texts: Shelf) -> tuple[AppliedTechnology, ...]:
    """The technologies of a shelf of all texts. No query."""
    cases = texts.of_kind(Case.Kind.CASE)
    return tuple(
        AppliedTechnology(
            card,
            tuple(
                Link(case.title, case.url, case.slug)
                for case in cases
                if card.slug in {link.slug for link in case.technologies}
            ),
        )
        for card in texts.of_kind(Case.Kind.TECHNOLOGY)
    )


def shelf(
    language: str,
    user: Any = None,
    *,
    slugs: Collection[str] | None = None,
    seq: int | None = None,
) -> Shelf:
    """Texts live at a seq (None: now) as cards: all of them, or those of some cases.

    Nine queries, and for the past up to three for each level of rules and two where not all held.
    """
    texts = live_texts(language, user, seq)
    shown = [text for text in texts if slugs is None or text.case.slug in slugs]
    titles = [titled(text) for text in texts if text not in shown]
    figures = text_figures([*(on_card(text) for text in shown), *titles], language, seq)
    if seq is not None:
        names_only = [text for text in texts if text not in shown]
        shown = withheld_in_list([(text, on_card(text)) for text in shown], figures)
        others = withheld_in_list([(text, titled(text)) for text in names_only], figures)
        texts = [*shown, *others]
    names = technology_links(texts, figures)
    cards = tuple(card_of(text, figures, names) for text in shown)
    return Shelf(cards, frozenset({"texts", "definitions"} | series_tags(figures)))


def titled(text: LiveText) -> ParsedText:
    """Only the title of a text: what a list of names quotes."""
    return ParsedText(text.parsed.title, text.parsed.title_cells, Parsed(()), Parsed(()), ())


def on_card(text: LiveText) -> ParsedText:
    """What a card shows of a text: title, standfirst and the first key figures."""
    found = [e for e in text.parsed.body.exhibits if isinstance(e, KeyFigures)]
    body = Parsed((), exhibits=tuple(found[:1]))
    return ParsedText(text.parsed.title, text.parsed.title_cells, text.parsed.standfirst, body, ())


def series_tags(figures: Figures) -> set[str]:
    return {f"series:{series.pk}" for series in figures.panel.series.values()}


def technology_links(texts: Iterable[LiveText], figures: Figures) -> dict[str, Link]:
    """Names of the technologies among some texts, by slug."""
    return {
        text.case.slug: Link(text.name(figures), text.url, text.case.slug)
        for text in texts
        if text.case.kind == text.case.Kind.TECHNOLOGY
    }


def technologies_of(text: LiveText, names: Mapping[str, Link]) -> tuple[Link, ...]:
    """The technologies a case applies, those that readers can see in this language."""
    return tuple(names[slug] for slug in text.technologies if slug in names)


def card_of(text: LiveText, figures: Figures, names: Mapping[str, Link]) -> Card:
    return Card(
        kind=text.case.kind,
        slug=text.case.slug,
        url=text.url,
        name=text.name(figures),
        title=text.title(figures),
        standfirst=text.standfirst(figures),
        flag=text.flag,
        technologies=technologies_of(text, names),
        headline=_headline(text, figures),
    )


def _headline(text: LiveText, figures: Figures) -> Headline | None:
    pen = Pen(text.language, figures, text.withheld)
    for exhibit in text.parsed.body.exhibits:
        if isinstance(exhibit, KeyFigures):
            item = exhibit.items[0]
            figure = figures.figure(item.value)
            if figure.formatted is not None:
                note = pen.caption_text(item.note) or figure.period_label
                return Headline(pen.caption_text(item.label), figure, note)
    return None
