"""Every page that search engines are led to, with when it last changed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max

from cases.models import Case, Publication
from metrics.models import Change, Entity, Series, Source

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Place:
    """A page by the name of its address; `changed_at` is None where nothing tells."""

    name: str
    args: tuple[str, ...] = ()
    languages: tuple[str, ...] = LANGUAGES
    changed_at: datetime | None = None


def text_places() -> list[Place]:
    """Texts that readers see: changed with their words or a series they quote. Two queries."""
    live = Publication.objects.current().select_related("text__case")
    rows = list(live.annotate(quoted=Max("quoted_series__summary__computed_seq")))
    languages: dict[Case, set[str]] = defaultdict(set)
    seqs: dict[Case, int] = defaultdict(int)
    for row in rows:
        case = row.text.case
        languages[case].add(row.text.language)
        seqs[case] = max(seqs[case], row.seq_from, row.quoted or 0)
    moments = _moments(seqs.values())
    return [
        Place(*_named(case), tuple(sorted(languages[case], reverse=True)), moments.get(seq))
        for case, seq in sorted(seqs.items(), key=lambda item: (item[0].position, item[0].slug))
    ]


def _named(case: Case) -> tuple[str, tuple[str, ...]]:
    if case.kind == Case.Kind.OVERVIEW:
        return "overview", ()
    return ("technology" if case.kind == Case.Kind.TECHNOLOGY else "case"), (case.slug,)


def series_places(start: int, end: int) -> list[Place]:
    """Some of the series, by id: changed with their summaries. Two queries."""
    rows = Series.objects.order_by("pk").values_list("key", "summary__computed_seq")[
        max(start, 0) : end
    ]
    found = list(rows)
    moments = _moments(seq for _key, seq in found if seq)
    return [Place("series", (key,), changed_at=moments.get(seq)) for key, seq in found]


def series_count() -> int:
    return Series.objects.count()


def list_places() -> list[Place]:
    """Lists, entities and sources. Three queries."""
    latest = Change.objects.order_by("-seq").values_list("published_at", flat=True).first()
    lists = ("home", "cases", "technologies", "entities", "series-list", "releases", "corrections")
    places = [Place(name, changed_at=latest) for name in lists]
    places += [Place(name) for name in ("methods", "about", "licence")]
    for name, model in (("entity", Entity), ("source", Source)):
        slugs = model.objects.order_by("slug").values_list("slug", flat=True)
        places += [Place(name, (slug,)) for slug in slugs]
    return places


def _moments(seqs: Iterable[int]) -> dict[int | None, datetime]:
    rows = Change.objects.filter(seq__any=set(seqs)).values_list("seq", "published_at")
    return dict(rows)
