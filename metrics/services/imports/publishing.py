"""Letting a checked file go live, at once or once somebody approves."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from metrics.models import Change, ImportBatch, Release
from metrics.nudge import nudge
from metrics.participants import RefusedError, participants
from metrics.services.composing import recompose
from metrics.services.imports.backfilling import publish_backfill
from metrics.services.imports.layout import thaw_layout
from metrics.services.imports.recording import RowsLostError, refuse_lost
from metrics.services.imports.uploading import CHECK_TASK, may_import
from metrics.services.publishing import may_publish, publish_release
from metrics.services.vintages import may_backfill

State = ImportBatch.State


class ReleaseScheduledError(RefusedError):
    """The file is part of a release that has a time."""


class ImportStateError(Exception):
    """The file is not in a state in which this can be done."""

    def __init__(self, batch: ImportBatch) -> None:
        super().__init__(f"The import is {batch.state}.")
        self.batch = batch


def publish_import(
    batch: ImportBatch,
    *,
    actor: Any,
    now: datetime,
    kind: str = Release.Kind.NEW,
    reason: dict[str, str] | None = None,
) -> Change | None:
    """Make a release of a checked file; published at once by who may, else left for approval.

    `reason` is by language code. None where it waits for approval. A file of past vintages needs
    the permission "metrics.backfill_vintage" and never waits. Raises PermissionDenied,
    ImportStateError, RowsLostError, and ImportConflictsError where slots were edited since.
    """
    ask_again_where_lost(batch)
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state != State.STAGED or batch.release_id:
            raise ImportStateError(batch)
        is_backfill = thaw_layout(batch.layout_frozen).is_backfill
        _refuse_actor(actor, is_backfill=is_backfill)
        batch.release = _release(batch, kind, reason or {}, actor, now)
        batch.save(update_fields=["release"])
        if is_backfill:
            change = publish_backfill(batch, actor=actor, now=now)
            batch.state = State.PUBLISHED
            batch.save(update_fields=["state"])
            return change
        if actor is not None and not may_publish(actor):
            return None
        return publish_release(batch.release, actor=actor, now=now)


def _refuse_actor(actor: Any, *, is_backfill: bool) -> None:
    if actor is None:
        return
    if is_backfill and not may_backfill(actor):
        raise PermissionDenied("This user may not backfill vintages.")
    if not may_import(actor):
        raise PermissionDenied("This user may not import files.")


def ask_again_where_lost(batch: ImportBatch) -> None:
    """Have a file checked again whose rows the database has lost. Raises RowsLostError then."""
    try:
        refuse_lost(ImportBatch.objects.get(pk=batch.pk))
    except RowsLostError:
        ImportBatch.objects.filter(pk=batch.pk, state=State.STAGED).update(state=State.UPLOADED)
        nudge(CHECK_TASK, batch.pk)
        raise


def take_back(batch: ImportBatch, *, actor: Any) -> None:
    """Take a file that waits for approval back from it; its release is closed."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if actor is not None and not may_import(actor):
            raise PermissionDenied("This user may not import files.")
        if batch.state != State.STAGED or batch.release is None:
            raise ImportStateError(batch)
        _leave_release(batch, batch.release)


def discard_import(batch: ImportBatch, *, actor: Any) -> None:
    """Put a file aside that will not be published; rows that were read are removed."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if actor is not None and not may_import(actor):
            raise PermissionDenied("This user may not import files.")
        if batch.state in (State.PUBLISHED, State.UNDONE, State.DISCARDED, State.CHECKING):
            raise ImportStateError(batch)
        if batch.release is not None:
            _leave_release(batch, batch.release)
        batch.state = State.DISCARDED
        batch.save(update_fields=["state"])
        batch.rows.all().delete()
        batch.differences.all().delete()


def _leave_release(batch: ImportBatch, release: Release) -> None:
    """Take the file out of the release it waits in; one that held nothing else is closed."""
    release = Release.objects.select_for_update().get(pk=release.pk)
    if release.state == Release.State.SCHEDULED:
        raise ReleaseScheduledError(
            _("The file goes live with “%(release)s”: take that off the schedule first.")
            % {"release": release}
        )
    batch.release = None
    batch.save(update_fields=["release"])
    holds_more = (
        release.staged.exists()
        or release.imports.exists()
        or any(participant.holds(release) for participant in participants())
    )
    if not holds_more:
        Release.objects.filter(pk=release.pk).update(state=Release.State.REJECTED)
    recompose(release)


def _release(
    batch: ImportBatch, kind: str, reason: dict[str, str], actor: Any, now: datetime
) -> Release:
    layout = batch.layout
    return Release.objects.create(
        title_zh_hans=f"{layout.name_zh_hans}:{batch.file_name}"[:200],
        title_en=f"{layout.name_en}: {batch.file_name}"[:200],
        reason_zh_hans=reason.get("zh-hans", ""),
        reason_en=reason.get("en", ""),
        kind=kind,
        created_at=now,
        created_by=actor,
    )
