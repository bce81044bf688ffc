"""The texts that quote a series, each with its sentences as their readers have them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.markup.claims import TITLE
from cases.markup.references import cells_of_sentence
from cases.models import LedgerEntry, Publication
from cases.selectors.cards import Card, shelf
from cases.selectors.texts import live_publications
from cases.selectors.withheld import flag_of
from metrics.models import Series

MOST_SENTENCES = 6


@dataclass(frozen=True, slots=True)
class QuotingSentence:
    """A sentence as it reads; `flag` says why these are not its words of now, or is empty."""

    words: str
    flag: str


@dataclass(frozen=True, slots=True)
class Quoting:
    """A text with the first of its sentences; none where only a chart or a table quotes it."""

    card: Card
    sentences: tuple[QuotingSentence, ...]


@dataclass(frozen=True, slots=True)
class QuotedIn:
    """The texts in the order of lists, and what a page that tells them depends on."""

    texts: tuple[Quoting, ...]
    depends_on: frozenset[str]


def quoted_in(series: Series, language: str, user: Any = None, seq: int | None = None) -> QuotedIn:
    """The texts that quote a series, or quoted it at a seq, of which no sentences are kept.

    Two queries more than `shelf`, and another where there are sentences.
    """
    live = Publication.objects.at_seq(seq)
    quoting = live.filter(quoted_series=series, text__language=language)
    slugs = set(quoting.values_list("text__case__slug", flat=True))
    cards = shelf(language, user, slugs=slugs, seq=seq)
    told, beside = _sentences(series, language, user) if seq is None else ({}, frozenset())
    texts = tuple(Quoting(card, told.get(card.slug, ())) for card in cards.cards)
    return QuotedIn(texts, cards.depends_on | beside)


def _sentences(
    series: Series, language: str, user: Any
) -> tuple[Mapping[str, tuple[QuotingSentence, ...]], frozenset[str]]:
    """By slug of their case, and the tags of all series that they quote: their words follow them.

    The title is left out: it stands above the sentences already.
    """
    live = live_publications(language, user).order_by().filter(quoted_series=series)
    rows = LedgerEntry.objects.filter(publication__in=live.values("pk"))
    rows = rows.filter(source__contains=series.key).exclude(key="").exclude(part=TITLE)
    found: dict[str, list[QuotingSentence]] = defaultdict(list)
    beside: set[str] = set()
    for row in rows.select_related("publication__text__case").order_by("publication", "id"):
        keys = {cell.series for cell in cells_of_sentence(row.source)}
        told = found[row.publication.text.case.slug]
        if series.key in keys and len(told) < MOST_SENTENCES:
            told.append(_sentence(row, language))
            beside |= keys
    pks = Series.objects.filter(key__in=beside).values_list("pk", flat=True)
    tags = frozenset(f"series:{pk}" for pk in pks)
    return {slug: tuple(told) for slug, told in found.items()}, tags


def _sentence(row: LedgerEntry, language: str) -> QuotingSentence:
    if not row.is_withheld:
        return QuotingSentence(row.printed, "")
    return QuotingSentence(row.held or row.printed, flag_of(row, language))
