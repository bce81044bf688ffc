"""Keeping the ledger: after each change every claim of the live texts it touches is read again.

Runs inside the publishing transaction, so that readers never see a value without what became of
the sentences that quote it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from cases.markup.claims import typed_numbers
from cases.models import Drift, LedgerEntry, Publication, TextAct
from cases.selectors.claims import SentenceReading, readings, text_of
from cases.selectors.figures import Figures, text_figures
from cases.selectors.texts import parsed
from metrics.models import Change

_State: Final = LedgerEntry.State
_HELD: Final = ("printed", "state", "seq", "held", "held_seq", "held_at")


def keep_ledger(change: Change, series_ids: Collection[int], *, every: bool = False) -> int:
    """Read the claims of live texts that quote the series, or that this change published.

    `every`: of all live texts. What reads otherwise goes to the drift queue. Returns how many
    sentences do. Where nothing is quoted: two queries.
    """
    rows = Publication.objects.current().with_words()
    if not every:
        quoting = Publication.quoted_series.through.objects.filter(series__any=series_ids)
        touched = Q(pk__in=quoting.values("publication")) | Q(seq_from=change.seq)
        rows = rows.filter(touched) if series_ids else rows.filter(seq_from=change.seq)
    found = list(rows.prefetch_related("ledger"))
    keeping = _Keeping(change)
    for language in sorted({row.text.language for row in found}):
        of_language = [row for row in found if row.text.language == language]
        figures = _figures(of_language, language)
        for publication in of_language:
            keeping.read(publication, figures)
    return keeping.write()


def settle_taken(texts: Collection[int], change: Change) -> None:
    """What was queued of texts that left their readers waits for nobody; reports do.

    Should they come back, what does not hold is queued again.
    """
    rows = Drift.objects.filter(text__in=texts, state=Drift.State.OPEN)
    rows.exclude(kind=Drift.Kind.REPORT).update(
        state=Drift.State.DISMISSED,
        settled_at=change.published_at,
        settled_by=change.actor,
        note=_("Readers do not see this text any more."),
    )


def _figures(publications: Iterable[Publication], language: str) -> Figures:
    return text_figures([parsed(text_of(row.revision)) for row in publications], language)


@dataclass(slots=True)
class _Keeping:
    """What one change makes of the ledger, gathered and then written by a few statements."""

    change: Change
    new: list[LedgerEntry] = field(default_factory=list)
    changed: list[LedgerEntry] = field(default_factory=list)
    drifted: list[tuple[Publication, LedgerEntry, str]] = field(default_factory=list)
    published: list[Publication] = field(default_factory=list)

    def read(self, publication: Publication, figures: Figures) -> None:
        text = text_of(publication.revision)
        standing = {entry.key: entry for entry in publication.ledger.all() if entry.key}
        if publication.seq_from == self.change.seq:
            self.published.append(publication)
        if not publication.ledger.all():
            self.new += self._numbers(publication)
        seen: set[str] = set()
        for reading in readings(text, parsed(text), figures):
            if reading.sentence.key in seen:
                continue
            seen.add(reading.sentence.key)
            entry = standing.get(reading.sentence.key)
            if entry is None:
                self.new.append(self._entered(publication, reading))
            elif (entry.printed, entry.state) != (reading.printed, reading.state):
                self._turn(publication, entry, reading)

    def write(self) -> int:
        self._remember_held()
        LedgerEntry.objects.bulk_create(self.new)
        LedgerEntry.objects.bulk_update(self.changed, _HELD)
        self._settle_rewritten()
        self._queue()
        return len(self.drifted)

    def _numbers(self, publication: Publication) -> Iterable[LedgerEntry]:
        for number in typed_numbers(text_of(publication.revision)):
            yield LedgerEntry(
                publication=publication,
                part=number.part,
                line=number.line,
                source=number.text,
                printed=number.text,
                state=_State.EXEMPT if number.exempt else _State.UNBOUND,
                reason=number.exempt or "",
                seq=self.change.seq,
            )

    def _entered(self, publication: Publication, reading: SentenceReading) -> LedgerEntry:
        sentence = reading.sentence
        entry = LedgerEntry(
            publication=publication,
            key=sentence.key,
            part=sentence.part,
            line=sentence.line,
            source=sentence.source,
        )
        self._write_reading(entry, reading)
        return entry

    def _turn(self, publication: Publication, entry: LedgerEntry, reading: SentenceReading) -> None:
        before = entry.printed
        self._write_reading(entry, reading)
        self.changed.append(entry)
        self.drifted.append((publication, entry, before))

    def _write_reading(self, entry: LedgerEntry, reading: SentenceReading) -> None:
        entry.printed, entry.state, entry.seq = reading.printed, reading.state, self.change.seq
        if reading.state == _State.HOLDS:
            entry.held, entry.held_seq = reading.printed, self.change.seq
            entry.held_at = self.change.published_at

    def _remember_held(self) -> None:
        """Words published again that do not hold stand as they last did, and are queued again.

        Whoever vouched for the claims has looked at them. Two queries, none where all hold.
        """
        broken = [one for one in self.new if one.key and one.state != _State.HOLDS]
        last = _last_held(broken)
        vouched = _vouched_for([one.publication.revision_id for one in broken])
        for entry in broken:
            row = last.get((entry.publication.text_id, entry.key))
            if row is None:
                continue
            entry.held, entry.held_seq, entry.held_at = row.held, row.held_seq, row.held_at
            if entry.publication.revision_id not in vouched:
                self.drifted.append((entry.publication, entry, row.held))

    def _settle_rewritten(self) -> None:
        """Whoever publishes a text anew has settled what was queued of it, but for reports."""
        texts = [publication.text_id for publication in self.published]
        Drift.objects.filter(text__in=texts, state=Drift.State.OPEN).exclude(
            kind=Drift.Kind.REPORT
        ).update(
            state=Drift.State.REWRITTEN,
            settled_at=self.change.published_at,
            settled_by=self.change.actor,
        )

    def _queue(self) -> None:
        """Enter what reads otherwise; one open row a sentence, whatever the number of changes."""
        texts = {publication.text_id for publication, _entry, _before in self.drifted}
        rows = Drift.objects.filter(text__in=texts, state=Drift.State.OPEN)
        standing = {(row.text_id, row.key): row for row in rows.exclude(kind=Drift.Kind.REPORT)}
        new, changed = [], []
        for publication, entry, before in self.drifted:
            row = standing.get((publication.text_id, entry.key))
            if row is None:
                row = Drift(text=publication.text, key=entry.key, before=before)
                new.append(row)
            else:
                changed.append(row)
            self._write_row(row, entry)
        Drift.objects.bulk_create(row for row in new if row.is_open)
        fields = ["part", "line", "kind", "source", "after", "seq", "at", "mailed_at", "state",
                  "settled_at"]  # fmt: skip
        Drift.objects.bulk_update(changed, fields)

    def _write_row(self, row: Drift, entry: LedgerEntry) -> None:
        holds = entry.state == _State.HOLDS
        row.part, row.line, row.source = entry.part, entry.line, entry.source
        row.kind = Drift.Kind.FIGURES if holds else Drift.Kind(entry.state)
        row.after, row.seq, row.at = entry.printed, self.change.seq, self.change.published_at
        row.mailed_at = None
        if holds and row.before == row.after:
            row.state, row.settled_at = Drift.State.UNDONE, self.change.published_at


def _last_held(entries: Collection[LedgerEntry]) -> dict[tuple[int, str], LedgerEntry]:
    """By text and key, how the same sentences of any publication read when they last held."""
    if not entries:
        return {}
    rows = LedgerEntry.objects.filter(
        publication__text__in={one.publication.text_id for one in entries},
        key__in={one.key for one in entries},
        held_seq__isnull=False,
    )
    rows = rows.select_related("publication").order_by("held_seq")
    return {(row.publication.text_id, row.key): row for row in rows}


def _vouched_for(revisions: Collection[int]) -> set[int]:
    """Which of some revisions a publisher vouched for."""
    if not revisions:
        return set()
    acts = TextAct.objects.filter(kind=TextAct.Kind.OVERRIDDEN, revision__in=revisions)
    return set(acts.values_list("revision_id", flat=True))
