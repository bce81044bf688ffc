"""Texts that readers see: live publications, parsed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from cases.markup.render import plain_line
from cases.markup.text import ParsedText, Text, parse_text
from cases.models import Case, Publication
from cases.selectors.addresses import text_url
from cases.selectors.figures import Figures


class NotPublishedError(LookupError):
    """No live text at this address; `languages` are those that have one."""

    def __init__(self, languages: Iterable[str] = ()) -> None:
        super().__init__("not published")
        self.languages = tuple(languages)


@dataclass(frozen=True, slots=True)
class LiveText:
    """A publication that readers see now."""

    case: Case
    language: str
    text: Text
    parsed: ParsedText
    seq: int
    published_at: datetime

    @property
    def url(self) -> str:
        return text_url(self.case.kind, self.case.slug, self.language)

    @property
    def tag(self) -> str:
        """What a page that shows this text depends on."""
        return f"case:{self.case.slug}"

    def title(self, figures: Figures) -> str:
        return plain_line(self.text.title, language=self.language, resolver=figures)

    def standfirst(self, figures: Figures) -> str:
        return plain_line(self.text.standfirst, language=self.language, resolver=figures)

    def name(self, figures: Figures) -> str:
        """The title up to its colon: what a technology is called in a list."""
        title = self.title(figures)
        return title.split("：")[0].split(": ")[0]


def live_publications(language: str, user: Any = None) -> QuerySet[Publication]:
    """Live publications in a language of the cases a user may see."""
    visible = Case.objects.visible_to(user)
    rows = Publication.objects.current().filter(text__language=language, text__case__in=visible)
    return rows.with_words().order_by("text__case__position", "text__case__slug")


def live_texts(language: str, user: Any = None, **filters: Any) -> list[LiveText]:
    """Live texts, their cases' technologies loaded. Two queries."""
    rows = live_publications(language, user).filter(**filters)
    rows = rows.select_related("release__change").prefetch_related("text__case__technologies")
    return [_live_text(row) for row in rows]


def live_text(slug: str, kind: str, language: str, user: Any = None) -> LiveText:
    """The live text of a case; raises NotPublishedError with the languages that have one."""
    found = live_texts(language, user, text__case__slug=slug, text__case__kind=kind)
    if not found:
        raise NotPublishedError(languages_of(slug, user, kind=kind))
    return found[0]


def languages_of(slug: str, user: Any = None, **filters: Any) -> list[str]:
    """The languages in which readers can see a case. One query."""
    visible = Case.objects.visible_to(user).filter(slug=slug, **filters)
    rows = Publication.objects.current().filter(text__case__in=visible)
    return sorted(rows.values_list("text__language", flat=True), reverse=True)


@lru_cache(maxsize=512)
def _parsed(text: Text) -> ParsedText:
    """Live texts are few and read often; what is parsed is not written to afterwards."""
    return parse_text(text)


def _live_text(row: Publication) -> LiveText:
    text = Text(row.revision.title, row.revision.standfirst, row.revision.body)
    return LiveText(
        case=row.text.case,
        language=row.text.language,
        text=text,
        parsed=_parsed(text),
        seq=row.seq_from,
        published_at=row.release.change.published_at,
    )
