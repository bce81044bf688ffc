"""Redacting a value: it is blanked in all history, and the rows stay as a tombstone.

The one exception to what never changes: answers about the past are without the value afterwards.
The arithmetic that was done with it is done anew, without it.
"""

from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from metrics.models import (
    Change,
    ImportBatch,
    ImportRow,
    NullReason,
    Observation,
    Qualifier,
    ReleasePreview,
    StagedObservation,
    Status,
    ValueRedaction,
)
from metrics.nudge import nudge
from metrics.participants import participants
from metrics.services.clock import publishing
from metrics.services.publishing import REFRESH_TASK
from metrics.services.quoted import refresh_targets
from metrics.services.stale import affected
from metrics.services.two_persons import (
    State,
    TwoPersonError,
    ask,
    decide,
    refuse_unless_second,
    refuse_unless_superuser,
    waiting,
)

_BLANK: Final[dict[str, Any]] = {
    "value": None,
    "lower": None,
    "upper": None,
    "resolution": None,
    "stated": "",
    "note": "",
    "qualifier": Qualifier.EXACT,
    "status": Status.MISSING,
    "null_reason": NullReason.RESTRICTED,
}


def ask_value_redaction(redaction: ValueRedaction, *, actor: Any, now: datetime) -> None:
    """Ask for the redaction of a slot. Raises PermissionDenied or TwoPersonError."""
    if not _rows(redaction).exists():
        raise TwoPersonError(
            _("The series has no value for %(period)s.") % {"period": redaction.period}
        )
    ask(redaction, actor=actor, now=now)


def redact_value(redaction: ValueRedaction, *, actor: Any, now: datetime) -> Change:
    """Blank the slot in observations, staged rows, read files and whatever printed it.

    Done by another superuser than asked. In one publishing transaction: the change that was made.
    Raises PermissionDenied or TwoPersonError; anything that fails takes everything back, but for
    removed files.
    """
    with publishing(Change.Kind.REDACTION, now=now, actor=actor) as change:
        locked = waiting(redaction)
        refuse_unless_second(locked, actor)
        batches = list(_batches(locked))
        blanked = {"observations": _blank(_rows(locked))}
        slot = {"series": locked.series_id, "period": locked.period}
        blanked["staged"] = StagedObservation.objects.filter(**slot).update(**_BLANK)
        blanked["import_rows"] = ImportRow.objects.filter(
            series_id=locked.series_id, period=locked.period
        ).delete()[0]
        blanked["files"] = len(batches)
        ReleasePreview.objects.all().delete()
        touched = {(locked.series_id, locked.period)}
        changed = refresh_targets(affected(touched), change) | {locked.series_id}
        for participant in participants():
            participant.series_changed(changed, change)
        for participant in participants():
            blanked |= participant.redacted(locked.series, changed)
        decide(locked, State.DONE, actor=actor, now=now, change=change, blanked=blanked)
        change.summary |= {"redacted": f"{locked.series.key}@{locked.period}", **blanked}
        nudge(REFRESH_TASK)
        transaction.on_commit(lambda: _remove_files(batches))
    return change


def lift_value_redaction(redaction: ValueRedaction, *, actor: Any) -> None:
    """Let new values be recorded for the slot; what was blanked stays so."""
    refuse_unless_superuser(actor)
    with transaction.atomic():
        locked = ValueRedaction.objects.select_for_update().get(pk=redaction.pk)
        if locked.state != State.DONE:
            raise TwoPersonError(_("Only what is done can be lifted."))
        locked.state = State.LIFTED
        locked.save(update_fields=["state"])


def reach_of_value(redaction: ValueRedaction) -> dict[str, int]:
    """What the redaction would blank, before it does."""
    slot = {"series": redaction.series_id, "period": redaction.period}
    return {
        "observations": _rows(redaction).count(),
        "staged": StagedObservation.objects.filter(**slot).count(),
        "files": _batches(redaction).count(),
    }


def _rows(redaction: ValueRedaction) -> QuerySet[Observation]:
    return Observation.objects.filter(series=redaction.series_id, period=redaction.period)


def _blank(rows: QuerySet[Observation]) -> int:
    """The trigger of migration 0014 lets it through while the setting says so."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL fintechsite.redacting = 'on'")
        count = rows.update(**_BLANK)
        cursor.execute("SET LOCAL fintechsite.redacting = 'off'")
    return count


def _batches(redaction: ValueRedaction) -> QuerySet[ImportBatch]:
    """Kept files that are known to hold the slot: they wrote it, or their rows are still here."""
    wrote = _rows(redaction).filter(
        pk__gt=OuterRef("observations_after"), pk__lte=OuterRef("observations_until")
    )
    held = ImportRow.objects.filter(series_id=redaction.series_id, period=redaction.period)
    files = ImportBatch.objects.exclude(file="")
    return files.filter(Exists(wrote) | Q(pk__in=held.values("batch_id")))


def _remove_files(batches: list[ImportBatch]) -> None:
    """The files hold the value among others; what was read of them stays."""
    for batch in batches:
        batch.file.delete(save=False)
        ImportBatch.objects.filter(pk=batch.pk).update(file="")
