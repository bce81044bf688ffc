"""Texts that readers see, or saw: live publications, parsed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.markup.pen import Withheld
from cases.markup.render import plain_line, plain_title
from cases.markup.sentences import key_of_line
from cases.markup.text import ParsedText, Text, parse_text
from cases.models import Case, CaseText, LedgerEntry, Publication
from cases.querysets import sees_drafts
from cases.selectors.addresses import history_url, text_url
from cases.selectors.figures import Figures
from cases.selectors.withheld import withheld_of
from metrics.models import Change
from metrics.selectors.prepared import prepared


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
    technologies (by slug) and entities are today's. `withheld`: what readers get for sentences that
    hold no longer, by key; nothing for a draft or the past.
    """

    publication_id: int
    case: Case
    language: str
    text: Text
    parsed: ParsedText
    seq: int
    published_at: datetime
    technologies: tuple[str, ...]
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

    @property
    def flag(self) -> str:
        """Why the title is not as written; empty where it is."""
        withheld = self.withheld.get(key_of_line(self.text.title))
        return withheld.flag if withheld else ""

    def name(self, figures: Figures) -> str:
        """The title up to its colon: what a technology is called in a list."""
        title = self.title(figures)
        return title.split("：")[0].split(": ")[0]


def as_if_live(text: CaseText, words: Text, now: datetime) -> LiveText:
    """Words that nobody has published as readers would get them. Two queries."""
    return LiveText(
        publication_id=0,
        case=text.case,
        language=text.language,
        text=words,
        parsed=parse_text(words),
        seq=Change.objects.latest_seq(),
        published_at=now,
        technologies=tuple(text.case.technologies.values_list("slug", flat=True)),
    )


def live_publications(
    language: str, user: Any = None, seq: int | None = None
) -> QuerySet[Publication]:
    """What was live at a seq (None: now) in a language, of the cases a user may see."""
    return _publications(language, sees_drafts(user), seq)


def _publications(language: Any, with_drafts: bool, seq: Any) -> QuerySet[Publication]:
    visible = Case.objects.seen(seq, with_drafts=with_drafts)
    rows = Publication.objects.at_seq(seq).filter(text__language=language, text__case__in=visible)
    return rows.with_words().order_by("text__case__position", "text__case__slug")


class _Row(NamedTuple):
    """What a LiveText is made of: to make objects of six tables takes longer than to read them."""

    pk: int
    seq_from: int
    language: str
    published_at: datetime
    technologies: list[str]
    is_broken: bool
    title: str
    standfirst: str
    body: str
    case: int
    slug: str
    kind: str
    position: int


Rows = QuerySet[Publication, tuple[Any, ...]]


def _rows(language: Any, with_drafts: bool, seq: Any) -> Rows:
    """As `_Row` has them."""
    applied = Case.objects.filter(applied_in=OuterRef("text__case")).values("slug")
    broken = LedgerEntry.objects.withheld().filter(publication=OuterRef("pk"))
    rows = _publications(language, with_drafts, seq)
    return rows.values_list(
        "pk",
        "seq_from",
        "text__language",
        "release__change__published_at",
        ArraySubquery(applied),
        Exists(broken),
        "revision__title",
        "revision__standfirst",
        "revision__body",
        "text__case_id",
        "text__case__slug",
        "text__case__kind",
        "text__case__position",
    )


@prepared
def _every(language: Any, with_drafts: Any, seq: Any) -> Rows:
    return _rows(language, with_drafts, seq)


@prepared
def _one(language: Any, with_drafts: Any, seq: Any, slug: Any, kind: Any) -> Rows:
    rows = _rows(language, with_drafts, seq)
    return rows.filter(text__case__slug=slug, text__case__kind=kind)


@prepared
def _around(language: Any, with_drafts: Any, seq: Any, near: Any) -> Rows:
    is_technology = Q(text__case__kind=Case.Kind.TECHNOLOGY)
    return _rows(language, with_drafts, seq).filter(is_technology | Q(text__case__any=near))


def live_texts(
    language: str, user: Any = None, seq: int | None = None, **filters: Any
) -> list[LiveText]:
    """Texts that were live at a seq (None: now). One query, two where some hold no longer."""
    with_drafts = sees_drafts(user)
    if not filters:
        return _live_texts(_every(language, with_drafts, seq), language, seq)
    return _live_texts(_rows(language, with_drafts, seq).filter(**filters), language, seq)


def texts_around(
    near: Collection[int], language: str, user: Any = None, seq: int | None = None
) -> list[LiveText]:
    """The technologies, and of the cases near something those that were live. As `live_texts`."""
    return _live_texts(_around(language, sees_drafts(user), seq, near), language, seq)


def _live_texts(rows: Iterable[tuple[Any, ...]], language: str, seq: int | None) -> list[LiveText]:
    found = [_Row(*row) for row in rows]
    broken = [row.pk for row in found if row.is_broken] if seq is None else []
    withheld = withheld_of(broken, language) if broken else {}
    return [_live_text(row, seq, withheld.get(row.pk, {})) for row in found]


def live_text(
    slug: str, kind: str, language: str, user: Any = None, seq: int | None = None
) -> LiveText:
    """The text of a case that was live at a seq (None: now); raises NotPublishedError."""
    rows = _one(language, sees_drafts(user), seq, slug, kind)
    found = _live_texts(rows, language, seq)
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


def _live_text(row: _Row, seq: int | None, withheld: Mapping[str, Withheld]) -> LiveText:
    text = Text(row.title, row.standfirst, row.body)
    return LiveText(
        publication_id=row.pk,
        case=Case(pk=row.case, slug=row.slug, kind=row.kind, position=row.position),
        language=row.language,
        text=text,
        parsed=parsed(text),
        seq=row.seq_from,
        published_at=row.published_at,
        technologies=tuple(row.technologies),
        as_of=seq,
        withheld=withheld,
    )
