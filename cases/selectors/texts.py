"""Texts that readers see, or saw: live publications, parsed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from cases.markup.pen import Withheld
from cases.markup.render import plain_line, plain_title
from cases.markup.sentences import key_of_line, keys_of
from cases.markup.text import ParsedText, Text, parse_text
from cases.models import Case, CaseText, Publication
from cases.selectors.addresses import history_url, text_url
from cases.selectors.figures import Figures
from cases.selectors.withheld import withheld_of
from metrics.models import Change


class NotPublishedError(LookupError):
    """No live text at this address; `languages` are those that have one.

    Of a page as of a seq: that had one then; `now` are those that have one now.
    """

    def __init__(self, languages: Iterable[str] = (), *, now: Iterable[str] = ()) -> None:
        super().__init__("not published")
        self.languages = tuple(languages)
        self.now = tuple(now)


@dataclass(frozen=True, slots=True)
class LiveText:
    """A publication that readers see, or saw at the seq `as_of`; or a draft as if they did.

    `publication_id` is 0 for a draft. `seq` and `published_at` are of its release. The case, its
    technologies and entities are today's. `withheld`: what readers get for sentences that hold no
    longer, by key; nothing for a draft or the past.
    """

    publication_id: int
    case: Case
    language: str
    text: Text
    parsed: ParsedText
    seq: int
    published_at: datetime
    as_of: int | None = None
    withheld: Mapping[str, Withheld] = field(default_factory=dict, hash=False)

    @property
    def url(self) -> str:
        return text_url(self.case.kind, self.case.slug, self.language, self.as_of)

    @property
    def history_url(self) -> str:
        """Empty for a draft: it has none."""
        case = self.case
        return history_url(case.kind, case.slug, self.language) if self.publication_id else ""

    @property
    def tag(self) -> str:
        """What a page that shows this text depends on."""
        return f"case:{self.case.slug}"

    def title(self, figures: Figures) -> str:
        return plain_title(
            self.text.title, language=self.language, resolver=figures, withheld=self.withheld
        )

    def standfirst(self, figures: Figures) -> str:
        return plain_line(
            self.text.standfirst, language=self.language, resolver=figures, withheld=self.withheld
        )

    def flag(self) -> str:
        """Why title or standfirst are not the words as written; empty where they are."""
        for key in (key_of_line(self.text.title), *keys_of(self.parsed.standfirst.nodes)):
            if key in self.withheld:
                return self.withheld[key].flag
        return ""

    def name(self, figures: Figures) -> str:
        """The title up to its colon: what a technology is called in a list."""
        title = self.title(figures)
        return title.split("：")[0].split(": ")[0]


def as_if_live(text: CaseText, words: Text, now: datetime) -> LiveText:
    """Words that nobody has published as readers would get them. One query."""
    return LiveText(
        publication_id=0,
        case=text.case,
        language=text.language,
        text=words,
        parsed=parse_text(words),
        seq=Change.objects.latest_seq(),
        published_at=now,
    )


def live_publications(
    language: str, user: Any = None, seq: int | None = None
) -> QuerySet[Publication]:
    """What was live at a seq (None: now) in a language, of the cases a user may see."""
    visible = Case.objects.visible_to(user, seq)
    rows = Publication.objects.at_seq(seq).filter(text__language=language, text__case__in=visible)
    return rows.with_words().order_by("text__case__position", "text__case__slug")


def live_texts(
    language: str, user: Any = None, seq: int | None = None, **filters: Any
) -> list[LiveText]:
    """Texts that were live at a seq (None: now), their cases' technologies loaded.

    Three queries.
    """
    found = live_publications(language, user, seq).filter(**filters)
    found = found.select_related("release__change").prefetch_related("text__case__technologies")
    rows = list(found)
    withheld = withheld_of([row.pk for row in rows], language) if seq is None and rows else {}
    return [_live_text(row, seq, withheld.get(row.pk, {})) for row in rows]


def live_text(
    slug: str, kind: str, language: str, user: Any = None, seq: int | None = None
) -> LiveText:
    """The text of a case that was live at a seq (None: now); raises NotPublishedError."""
    found = live_texts(language, user, seq, text__case__slug=slug, text__case__kind=kind)
    if not found:
        now = () if seq is None else languages_of(slug, user, kind=kind)
        raise NotPublishedError(languages_of(slug, user, seq, kind=kind), now=now)
    return found[0]


def languages_of(slug: str, user: Any = None, seq: int | None = None, **filters: Any) -> list[str]:
    """The languages in which readers could see a case at a seq (None: now). One query."""
    visible = Case.objects.visible_to(user, seq).filter(slug=slug, **filters)
    rows = Publication.objects.at_seq(seq).filter(text__case__in=visible)
    return sorted(rows.values_list("text__language", flat=True), reverse=True)


@lru_cache(maxsize=512)
def parsed(text: Text) -> ParsedText:
    """Live texts are few and read often; what is parsed is not written to afterwards."""
    return parse_text(text)


def _live_text(row: Publication, seq: int | None, withheld: Mapping[str, Withheld]) -> LiveText:
    text = Text(row.revision.title, row.revision.standfirst, row.revision.body)
    return LiveText(
        publication_id=row.pk,
        case=row.text.case,
        language=row.text.language,
        text=text,
        parsed=parsed(text),
        seq=row.seq_from,
        published_at=row.release.change.published_at,
        as_of=seq,
        withheld=withheld,
    )
