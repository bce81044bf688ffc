"""The revisions of a text for its editors: what became of each, and two of them side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch

from cases.models import CaseText, Draft, Publication, Revision, TextAct
from cases.selectors.conflicts import words_of
from cases.selectors.word_changes import AsWritten, Compared, compared

SHOWN: Final = 40
# Told elsewhere: a save by the revision itself, remarks on the page of the review.
_UNTOLD: Final = (TextAct.Kind.SAVED, TextAct.Kind.COMMENTED, TextAct.Kind.SETTLED)


@dataclass(frozen=True, slots=True)
class Ends:
    """Numbers of the revision that readers see and of the one saved last; None: there is none."""

    live: int | None
    latest: int | None

    @property
    def first(self) -> int | None:
        """What the latest is compared with: the live one, or the one before where it is live."""
        if self.latest is None or (self.live is not None and self.live != self.latest):
            return self.live
        return max(1, self.latest - 1)


@dataclass(frozen=True, slots=True)
class Sides:
    """Two revisions, and how the second differs from the first as it was typed."""

    before: Revision
    after: Revision
    words: Compared


def ends_of(text: CaseText) -> Ends:
    """Two queries."""
    live = Publication.objects.current().filter(text=text)
    numbers = text.revisions.order_by("-number").values_list("number", flat=True)
    return Ends(live.values_list("revision__number", flat=True).first(), numbers.first())


def revisions_of(text: CaseText, page: str | None) -> Page[Any]:
    """Revisions, the newest first, with their `told_acts` and publications. Four queries."""
    acts = TextAct.objects.exclude(kind__in=_UNTOLD).select_related("actor").order_by("at", "id")
    publications = Publication.objects.select_related("release__change").order_by("seq_from")
    rows = text.revisions.defer("standfirst", "body").select_related("created_by")
    rows = rows.order_by("-number").prefetch_related(
        Prefetch("acts", acts, to_attr="told_acts"), Prefetch("publications", publications)
    )
    return Paginator(rows, SHOWN).get_page(page)


def sides_of(text: CaseText, first: int, second: int) -> Sides:
    """Any two revisions; raises Revision.DoesNotExist. One query."""
    rows = text.revisions.filter(number__in={first, second}).select_related("created_by")
    found = {row.number: row for row in rows}
    if not {first, second} <= set(found):
        raise Revision.DoesNotExist
    before, after = found[first], found[second]
    return Sides(before, after, compared(words_of(before), words_of(after), AsWritten()))


def unsaved_on(text: CaseText) -> Sequence[Draft]:
    """Whose unsaved words are kept on a text, and since when. One query."""
    rows = Draft.objects.filter(text=text).select_related("author")
    return tuple(rows.only("author__username", "saved_at", "text_id").order_by("author__username"))
