"""Texts as the API lists them: words in every language that readers can see, as plain text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from cases.markup.pen import Withheld
from cases.markup.render import plain_text
from cases.markup.text import ParsedText, Text, parse_text
from cases.models import Case, Publication
from cases.selectors.figures import Figures, text_figures
from cases.selectors.texts import LiveText, live_texts


@dataclass(frozen=True, slots=True)
class Words:
    """A live text in one language; `text` is the body in plain text, "" in lists.

    `withheld` are the sentences that stand for others, because those hold no longer.
    """

    title: str
    standfirst: str
    text: str
    withheld: tuple[Withheld, ...]
    url: str
    published_at: datetime


def listed_cases(user: Any, *kinds: str) -> QuerySet[Case]:
    """Cases of some kinds that a user may see, related ones restricted likewise."""
    visible = Case.objects.visible_to(user)
    related = [Prefetch(name, visible.order_by("slug")) for name in ("technologies", "applied_in")]
    rows = visible.filter(kind__in=kinds).order_by("position", "slug")
    return rows.prefetch_related(*related, "entities")


def words_of(
    cases: Sequence[Case], languages: Sequence[str], user: Any, *, with_bodies: bool
) -> dict[int, dict[str, Words]]:
    """The words of some cases, by case id and language. Ten queries a language."""
    words: dict[int, dict[str, Words]] = {case.pk: {} for case in cases}
    for language in languages:
        texts = live_texts(language, user, text__case__in=[case.pk for case in cases])
        parsed = [text.parsed if with_bodies else _headings(text) for text in texts]
        figures = text_figures(parsed, language)
        for text in texts:
            words[text.case.pk][language] = _words(text, figures, with_bodies)
    return words


def quoted_keys(case: Case) -> list[str]:
    """Keys of the series that the live texts of a case quote, sorted. One query."""
    live = Publication.objects.current().filter(text__case=case)
    keys = live.filter(quoted_series__isnull=False).values_list("quoted_series__key", flat=True)
    return sorted(set(keys))


def published_in(rows: QuerySet[Case], language: str) -> QuerySet[Case]:
    """Of some cases those with a live text in a language."""
    live = Publication.objects.current().filter(text__language=language)
    return rows.filter(pk__in=live.values("text__case"))


def _headings(text: LiveText) -> ParsedText:
    return parse_text(Text(text.text.title, text.text.standfirst, ""))


def _words(text: LiveText, figures: Figures, with_bodies: bool) -> Words:
    body = text.text.body if with_bodies else ""
    return Words(
        title=text.title(figures),
        standfirst=text.standfirst(figures),
        text=plain_text(body, language=text.language, resolver=figures, withheld=text.withheld),
        withheld=tuple(text.withheld.values()),
        url=text.url,
        published_at=text.published_at,
    )
