"""The drift queue: what became of sentences when data changed, and what readers doubt."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from cases.markup.references import cells_of_sentence
from cases.models import CaseText, Drift, LedgerEntry, TextAct
from cases.services.composing import open_release_of
from cases.services.texts import LOCKED, record_act
from metrics.models import Series
from metrics.participants import RefusedError

MOST_CHARACTERS: Final = 2000
# Reports of readers that may wait at one time: of one text, and of all within an hour.
MOST_OPEN_REPORTS: Final = 50
MOST_REPORTS_AN_HOUR: Final = 500

_State: Final = Drift.State
_CHANGE: Final = "cases.change_drift"


class DriftError(RefusedError):
    """This cannot be done with a row of the queue now; the words say why."""


def accept_drift(drift: Drift, *, actor: Any, now: datetime, note: str = "") -> None:
    """Acknowledge new figures: the sentence stands with them.

    Raises PermissionDenied, or DriftError for what is settled already, and for a sentence that
    holds no longer, which new figures do not mend.
    """
    with transaction.atomic():
        row = _open(drift, actor)
        if row.kind != Drift.Kind.FIGURES:
            raise DriftError(
                _("What the sentence says does not hold: rewrite it, or dismiss a report.")
            )
        _settle(row, _State.ACCEPTED, actor, now, note)


def dismiss_report(drift: Drift, *, actor: Any, now: datetime, note: str) -> None:
    """Put a reader's report aside, with the reason. Raises PermissionDenied or DriftError."""
    with transaction.atomic():
        row = _open(drift, actor)
        if row.kind != Drift.Kind.REPORT:
            raise DriftError(_("Only what a reader reported can be dismissed."))
        if not note.strip():
            raise DriftError(_("Say why."))
        _settle(row, _State.DISMISSED, actor, now, note)


def settle_report(drift: Drift, *, actor: Any, now: datetime, note: str = "") -> None:
    """Say that what a reader reported has been mended."""
    with transaction.atomic():
        row = _open(drift, actor)
        if row.kind != Drift.Kind.REPORT:
            raise DriftError(_("A sentence is settled by accepting or rewriting it."))
        _settle(row, _State.REWRITTEN, actor, now, note)


def open_for_rewrite(drift: Drift, *, actor: Any, now: datetime) -> CaseText:
    """Take a row on oneself and make its text writable; the text, to go on to its form.

    The row is settled when the text is published anew. Raises PermissionDenied, and DriftError for
    words that stand in a release: nobody takes them out of it unseen.
    """
    if not actor.has_perm("cases.change_casetext"):
        raise PermissionDenied("This user may not write.")
    with transaction.atomic():
        row = _open(drift, actor)
        if row.text_id is None:
            raise DriftError(
                _("It is about a figure on the page of its series: no text to rewrite.")
            )
        Drift.objects.filter(pk=row.pk).update(assigned=actor)
        text = CaseText.objects.select_for_update().get(pk=row.text_id)
        if text.state in LOCKED:
            _reopen(text, row, actor, now)
        return text


def _reopen(text: CaseText, row: Drift, actor: Any, now: datetime) -> None:
    latest = text.revisions.order_by("-number").first()
    if latest is None:
        return
    if (release := open_release_of(latest)) is not None:
        words = _("It stands in the release “%(release)s”: take it out there first.")
        raise DriftError(words % {"release": release})
    CaseText.objects.filter(pk=text.pk).update(state=CaseText.State.DRAFT)
    # As written, not as read: the log keeps it for good, and a value may have to be redacted.
    note = _("The data have changed: %(sentence)s") % {"sentence": row.source[:300]}
    record_act(latest, TextAct.Kind.REOPENED, actor=actor, now=now, note=note)


def assign_drift(drift: Drift, to: Any, *, actor: Any) -> None:
    """Give a row to somebody (None: to nobody). Raises PermissionDenied or DriftError."""
    with transaction.atomic():
        row = _open(drift, actor)
        if to is not None and not to.has_perm(_CHANGE):
            raise DriftError(_("%(user)s may not work on the queue.") % {"user": to})
        Drift.objects.filter(pk=row.pk).update(assigned=to)


def report_error(
    text: CaseText | None,
    *,
    words: str,
    seq: int,
    now: datetime,
    key: str = "",
    series: Series | None = None,
    period: str = "",
) -> Drift:
    """What a reader says is wrong: with a sentence (`key`), a figure, or a text as a whole.

    A figure is a series, in a period where one is named; its sentence is found where the text
    quotes it. Without a text it is doubted on the page of its series. Anybody may; so it is
    bounded: in length, of one text or series, and in an hour. Raises DriftError.
    """
    words = words.replace("\x00", "").strip()
    if not words:
        raise DriftError(_("Write what is wrong."))
    if len(words) > MOST_CHARACTERS:
        limit = {"limit": MOST_CHARACTERS, "length": len(words)}
        raise DriftError(_("Expected at most %(limit)d characters, not %(length)d.") % limit)
    reports = Drift.objects.filter(kind=Drift.Kind.REPORT)
    of_same = reports.filter(text=text) if text is not None else reports.filter(series=series)
    if (
        of_same.filter(state=_State.OPEN).count() >= MOST_OPEN_REPORTS
        or reports.filter(at__gt=now - timedelta(hours=1)).count() >= MOST_REPORTS_AN_HOUR
    ):
        raise DriftError(_("So many reports wait that we take no more for now. Try again later."))
    entry = _doubted(text, key, series, period) if text is not None else None
    return Drift.objects.create(
        text=text,
        series=series,
        period=period,
        kind=Drift.Kind.REPORT,
        report=words,
        seq=seq,
        at=now,
        key=entry.key if entry else "",
        part=entry.part if entry else "",
        line=entry.line if entry else 1,
        source=entry.source if entry else "",
        after=entry.printed if entry else "",
    )


def _doubted(text: CaseText, key: str, series: Series | None, period: str) -> LedgerEntry | None:
    """The live sentence of a key, or the first that quotes a figure: in that period, or at all."""
    live = LedgerEntry.objects.filter(publication__text=text, publication__seq_to=None)
    if key:
        return live.filter(key=key).first()
    if series is None:
        return None
    quoting = [
        (entry, cell.period)
        for entry in live.exclude(key="").order_by("pk")
        for cell in cells_of_sentence(entry.source)
        if cell.series == series.key
    ]
    exact = [entry for entry, quoted in quoting if quoted == period]
    return next(iter(exact or [entry for entry, _quoted in quoting]), None)


def _open(drift: Drift, actor: Any) -> Drift:
    if not actor.has_perm(_CHANGE):
        raise PermissionDenied(f"This takes {_CHANGE}.")
    row = Drift.objects.select_for_update().get(pk=drift.pk)
    if not row.is_open:
        state = row.get_state_display()
        raise DriftError(_("It is settled already: %(state)s.") % {"state": state})
    return row


def _settle(row: Drift, state: str, actor: Any, now: datetime, note: str) -> None:
    row.state, row.settled_at, row.settled_by, row.note = state, now, actor, note.strip()[:1000]
    row.save(update_fields=["state", "settled_at", "settled_by", "note"])
