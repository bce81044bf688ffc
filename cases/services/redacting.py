"""Redacting words, and what was printed of a redacted value.

A passage is replaced by a mark in every revision, draft, remark and record of its text, live or
not. Revisions are otherwise never changed.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext as _

from cases.markup.references import cells_of_sentence
from cases.models import (
    Comment,
    Draft,
    Drift,
    LedgerEntry,
    PassageRedaction,
    Revision,
    TextAct,
)
from cases.services.ledger import keep_ledger
from cases.services.search_texts import index_every
from cases.services.snapshots import blank_superseded, drop_snapshots
from metrics.models import Change, Release, ReleasePreview, Series
from metrics.services.clock import publishing
from metrics.services.two_persons import (
    State,
    TwoPersonError,
    ask,
    decide,
    refuse_unless_second,
    waiting,
)

# Neither is markup, nor the start of a value in YAML: exhibits stay readable.
MARKS: Final = {"zh-hans": "（此处已删除）", "en": "(removed)"}
# A mark is never longer; shorter passages would be found where nobody meant them.
LEAST_CHARACTERS: Final = 10
_WORDS: Final = ("title", "standfirst", "body")
_DRIFT: Final = ("source", "before", "after", "report", "note")


def ask_passage_redaction(redaction: PassageRedaction, *, actor: Any, now: datetime) -> None:
    """Ask for a passage to be taken out. Raises PermissionDenied or TwoPersonError."""
    redaction.passage = redaction.passage.replace("\r\n", "\n").strip()
    if len(redaction.passage) < LEAST_CHARACTERS:
        text = _("Expected a passage of at least %(least)d characters.")
        raise TwoPersonError(text % {"least": LEAST_CHARACTERS})
    if not any(reach_of_passage(redaction).values()):
        raise TwoPersonError(_("No revision of the text has this passage."))
    ask(redaction, actor=actor, now=now)


def redact_passage(redaction: PassageRedaction, *, actor: Any, now: datetime) -> Change:
    """Put the mark in place of the passage, everywhere; by another superuser than asked.

    In one publishing transaction: the change that was made. Raises PermissionDenied or
    TwoPersonError.
    """
    with publishing(Change.Kind.REDACTION, now=now, actor=actor) as change:
        locked = waiting(redaction)
        refuse_unless_second(locked, actor)
        text, mark = locked.text, MARKS[locked.text.language]
        blanked = {
            name: _replace(rows, names, locked.passage, mark)
            for name, (rows, names) in _places(locked).items()
        }
        blanked["claims"] = _entries(locked).delete()[0]
        drop_snapshots(change, case_slugs=[text.case.slug], texts=True)
        blanked["pages"] = blank_superseded([f"case:{text.case.slug}", "texts"])
        ReleasePreview.objects.all().delete()
        keep_ledger(change, (), every=True)
        index_every()
        decide(locked, State.DONE, actor=actor, now=now, change=change, passage="", blanked=blanked)
        change.summary |= {"redacted": str(text), **blanked}
    return change


def reach_of_passage(redaction: PassageRedaction) -> dict[str, int]:
    """Where the passage stands, before it is taken out: by kind of row how many have it."""
    return {
        name: _having(rows, names, redaction.passage).count()
        for name, (rows, names) in _places(redaction).items()
    }


def redact_printed(series: Series) -> dict[str, int]:
    """Blank what ledger, queue and kept pages printed of the values of a series."""
    entries = LedgerEntry.objects.filter(publication__quoted_series=series).exclude(key="")
    quoting = [entry.pk for entry in entries.only("source") if _quotes(entry.source, series.key)]
    entries.filter(pk__in=quoting).update(held="", held_seq=None, held_at=None)
    earlier = entries.filter(pk__in=quoting, publication__seq_to__isnull=False)
    earlier.update(printed=F("source"))
    rows = Drift.objects.filter(Q(series=series) | Q(source__contains=series.key))
    drift = [
        row.pk for row in rows if row.series_id == series.pk or _quotes(row.source, series.key)
    ]
    Drift.objects.filter(pk__in=drift).update(before="", after=F("source"))
    pages = blank_superseded([f"series:{series.pk}"])
    return {"claims": len(quoting), "drift": len(drift), "pages": pages}


def _places(redaction: PassageRedaction) -> dict[str, tuple[QuerySet[Any], tuple[str, ...]]]:
    text = redaction.text
    releases = Release.objects.filter(
        Q(texts__revision__text=text) | Q(publications__text=text)
    ).distinct()
    return {
        "revisions": (Revision.objects.filter(text=text), (*_WORDS, "note")),
        "drafts": (Draft.objects.filter(text=text), (*_WORDS, "note")),
        "comments": (Comment.objects.filter(revision__text=text), ("paragraph", "words")),
        "acts": (TextAct.objects.filter(text=text), ("note",)),
        "drift": (Drift.objects.filter(text=text), _DRIFT),
        "releases": (
            Release.objects.filter(pk__in=releases.values("pk")),
            ("title_zh_hans", "title_en", "reason_zh_hans", "reason_en"),
        ),
    }


def _having(rows: QuerySet[Any], names: Iterable[str], passage: str) -> QuerySet[Any]:
    condition = Q()
    for name in names:
        condition |= Q(**{f"{name}__contains": passage})
    return rows.filter(condition)


def _replace(rows: QuerySet[Any], names: tuple[str, ...], passage: str, mark: str) -> int:
    found = _having(rows, names, passage)
    changes = {name: Replace(F(name), Value(passage), Value(mark)) for name in names}
    return found.update(**changes)


def _entries(redaction: PassageRedaction) -> QuerySet[LedgerEntry]:
    """Claims whose sentence has the passage, or is a part of it; live ones are read anew."""
    entries = LedgerEntry.objects.filter(publication__text=redaction.text)
    within = [
        entry.pk
        for entry in entries.only("source")
        if redaction.passage in entry.source or entry.source in redaction.passage
    ]
    return entries.filter(pk__in=within)


def _quotes(source: str, key: str) -> bool:
    return any(cell.series == key for cell in cells_of_sentence(source))
