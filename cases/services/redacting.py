"""Redacting words, and what was printed of a redacted value.

A passage is replaced by a mark in every revision, draft, remark and record of its text, live or
not. Revisions are otherwise never changed.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext as _

from cases.markup.claims import claiming_sentences
from cases.markup.paragraphs import paragraphs
from cases.markup.references import cells_of_sentence
from cases.markup.text import parse_text
from cases.models import (
    CaseText,
    Comment,
    Draft,
    Drift,
    LedgerEntry,
    PassageRedaction,
    Publication,
    Revision,
    TextAct,
)
from cases.selectors.claims import text_of
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
        cut = _Cut(text, _having(*_places(locked)["revisions"], locked.passage))
        blanked = {
            name: _replace(rows, names, locked.passage, mark)
            for name, (rows, names) in _places(locked).items()
        }
        blanked["claims"] = _entries(locked).delete()[0] + cut.blank(mark)
        others = PassageRedaction.objects.filter(text=text).exclude(pk=locked.pk)
        _replace(others, ("passage",), locked.passage, mark)
        _forget_refusals()
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


def redact_printed(series: Series, changed: Collection[int]) -> dict[str, int]:
    """Blank what ledger, queue and kept pages printed of a series and of what is computed of it.

    A live sentence that holds was read anew and says nothing of what is gone.
    """
    keys = set(Series.objects.filter(pk__in=changed).values_list("key", flat=True))
    entries = LedgerEntry.objects.filter(publication__quoted_series__in=changed).exclude(key="")
    found = entries.distinct().only("source")
    quoting = LedgerEntry.objects.filter(pk__in=[e.pk for e in found if _quotes(e.source, keys)])
    quoting.exclude(state=LedgerEntry.State.HOLDS, publication__seq_to=None).update(
        held="", held_seq=None, held_at=None
    )
    quoting.filter(publication__seq_to__isnull=False).update(printed=F("source"))
    of_texts = Q(text__publications__quoted_series__in=changed)
    rows = Drift.objects.filter(Q(series=series) | of_texts).distinct().only("source", "series")
    drift = [row.pk for row in rows if row.series_id == series.pk or _quotes(row.source, keys)]
    Drift.objects.filter(pk__in=drift).update(before="", after=F("source"))
    _forget_refusals()
    pages = blank_superseded([f"series:{pk}" for pk in changed])
    return {"claims": quoting.count(), "drift": len(drift), "pages": pages}


def _places(redaction: PassageRedaction) -> dict[str, tuple[QuerySet[Any], tuple[str, ...]]]:
    text = redaction.text
    releases = _releases_of(text)
    return {
        "revisions": (Revision.objects.filter(text=text), (*_WORDS, "note")),
        "drafts": (Draft.objects.filter(text=text), (*_WORDS, "note")),
        "comments": (Comment.objects.filter(revision__text=text), ("paragraph", "words")),
        "acts": (TextAct.objects.filter(text=text), ("note",)),
        "drift": (Drift.objects.filter(text=text), _DRIFT),
        "releases": (
            Release.objects.filter(pk__in=releases),
            ("title_zh_hans", "title_en", "reason_zh_hans", "reason_en"),
        ),
    }


def _releases_of(text: CaseText) -> set[int]:
    """Releases that hold the text, brought it to its readers or took it from them, and those that
    were gathered into one."""
    rows = Publication.objects.filter(text=text).values_list("seq_from", "seq_to")
    seqs = {seq for pair in rows for seq in pair if seq is not None}
    held = Q(texts__revision__text=text) | Q(change__seq__in=seqs)
    found = set(Release.objects.filter(held).values_list("pk", flat=True))
    gathered = Release.objects.filter(gathered_into__in=found)
    return found | set(gathered.values_list("pk", flat=True))


def _having(rows: QuerySet[Any], names: Iterable[str], passage: str) -> QuerySet[Any]:
    condition = Q()
    for name in names:
        condition |= Q(**{f"{name}__contains": passage})
    return rows.filter(condition)


def _replace(rows: QuerySet[Any], names: tuple[str, ...], passage: str, mark: str) -> int:
    found = _having(rows, names, passage)
    changes = {name: Replace(F(name), Value(passage), Value(mark)) for name in names}
    return found.update(**changes)


class _Cut:
    """Sentences and paragraphs of some revisions that are others once a passage is taken out.

    Of records that keep one of these, the words that were printed are not those that were typed,
    and where a passage ends in its midst neither has the whole passage. Read before and after.
    """

    def __init__(self, text: CaseText, revisions: QuerySet[Revision]) -> None:
        self.text = text
        self.keys = [row.pk for row in revisions]
        self.sentences, self.paragraphs = self._read()
        self.drift = dict(Drift.objects.filter(text=text).values_list("pk", "source"))

    def blank(self, mark: str) -> int:
        """Blank the records of what is no longer there; how many claims were dropped."""
        sentences, parts = self._read()
        gone, gone_parts = self.sentences - sentences, self.paragraphs - parts
        rows = Drift.objects.filter(pk__in=[pk for pk, said in self.drift.items() if said in gone])
        rows.update(before="", after=F("source"))
        rows.filter(source__in=gone).update(source=mark, after=mark)
        Comment.objects.filter(revision__text=self.text, paragraph__in=gone_parts).update(
            paragraph=""
        )
        entries = LedgerEntry.objects.filter(publication__text=self.text, source__in=gone)
        return entries.delete()[0]

    def _read(self) -> tuple[set[str], set[str]]:
        found: set[str] = set()
        parts: set[str] = set()
        for row in Revision.objects.filter(pk__in=self.keys):
            words = text_of(row)
            found |= {one.source for one in claiming_sentences(words, parse_text(words))}
            parts |= {part.source for part in paragraphs(row.body)}
        return found, parts


def _entries(redaction: PassageRedaction) -> QuerySet[LedgerEntry]:
    """Claims whose sentence has the passage, or is a part of it; live ones are read anew."""
    entries = LedgerEntry.objects.filter(publication__text=redaction.text)
    within = [
        entry.pk
        for entry in entries.only("source")
        if redaction.passage in entry.source or entry.source in redaction.passage
    ]
    return entries.filter(pk__in=within)


def _forget_refusals() -> None:
    """Why a scheduled release did not go live may quote a sentence; its page tells it anew."""
    failed = Release.objects.exclude(failure_zh_hans="", failure_en="")
    failed.update(failure_zh_hans=MARKS["zh-hans"], failure_en=MARKS["en"])


def _quotes(source: str, keys: Collection[str]) -> bool:
    return any(cell.series in keys for cell in cells_of_sentence(source))
