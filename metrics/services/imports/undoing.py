"""Taking an import back: a release of its own that restores what stood, and says what it left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from metrics.models import Change, ImportBatch, Release
from metrics.services.imports.layout import thaw_layout
from metrics.services.imports.publishing import ImportStateError
from metrics.services.imports.recording import affected_by, last_id, touched_series
from metrics.services.publishing import may_publish, publish_release
from metrics.services.stale import Targets

SLOTS_KEPT = 1000
State = ImportBatch.State

# Rows that the import wrote, rivals' copies among them, with what stood before each: the row of
# the same slot and source that was closed by the same change.
_WRITTEN = """
    FROM metrics_observation n
    LEFT JOIN metrics_observation b ON b.series_id = n.series_id AND b.period = n.period
        AND b.source_id = n.source_id AND b.seq_to = n.seq_from AND b.seq_from < n.seq_from
    WHERE n.id > %(after)s AND n.id <= %(until)s
"""
# A slot goes back whole or not at all: any row of it that changed since leaves it as it is.
_CHANGED = """
    SELECT DISTINCT n.series_id, n.period FROM metrics_observation n
    WHERE n.id > %(after)s AND n.id <= %(until)s AND (n.seq_to IS NOT NULL OR EXISTS (
        SELECT FROM metrics_observation o WHERE o.series_id = n.series_id
            AND o.period = n.period AND o.seq_to IS NULL AND o.id > %(until)s))
"""
_SKIPPED = f"""
    SELECT s.key, c.period FROM ({_CHANGED}) c JOIN metrics_series s ON s.id = c.series_id
    ORDER BY 1, 2
"""  # noqa: S608
_PLAN = f"""
    CREATE TEMPORARY TABLE import_undo ON COMMIT DROP AS
    SELECT n.id AS new_id, b.id AS old_id {_WRITTEN}
        AND (n.series_id, n.period) NOT IN ({_CHANGED})
"""
_CLOSE = """
    UPDATE metrics_observation o SET seq_to = %(seq)s FROM import_undo u WHERE u.new_id = o.id
"""
_SLOT = "series_id, period, period_start, period_end"
_REST = """stated, resolution, lower, upper, qualifier, status, null_reason, locator, note,
    vintage_on"""
_RESTORE = f"""
    INSERT INTO metrics_observation ({_SLOT}, value, {_REST}, source_id, preferred, release_id,
        seq_from)
    SELECT {_SLOT}, value, {_REST}, source_id, preferred, %(release)s, %(seq)s
    FROM metrics_observation o JOIN import_undo u ON u.old_id = o.id
"""  # noqa: S608
# What nothing stood before was seen: it is withdrawn, for readers and partners to be told.
_WITHDRAW = f"""
    INSERT INTO metrics_observation ({_SLOT}, value, {_REST}, source_id, preferred, release_id,
        seq_from)
    SELECT {_SLOT}, NULL, '', NULL, NULL, NULL, 'exact', 'M', 'withdrawn', locator, '', vintage_on,
        source_id, preferred AND NOT EXISTS (
            SELECT FROM metrics_observation p WHERE p.series_id = o.series_id
                AND p.period = o.period AND p.preferred AND p.seq_to IS NULL),
        %(release)s, %(seq)s
    FROM metrics_observation o JOIN import_undo u ON u.new_id = o.id WHERE u.old_id IS NULL
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Undone:
    """The change that took an import back, and the slots it left because they changed since.

    `left` keeps the first SLOTS_KEPT of `left_count`.
    """

    change: Change
    left: list[tuple[str, str]]
    left_count: int


def slots_changed_since(batch: ImportBatch) -> list[tuple[str, str]]:
    """What an undo would leave as it is: slots, as (series key, period), that changed since."""
    with connection.cursor() as cursor:
        cursor.execute(_SKIPPED, _range(batch))
        return list(cursor.fetchall())


def undo_import(
    batch: ImportBatch, *, actor: Any, now: datetime, reason: dict[str, str] | None = None
) -> Undone:
    """Take a published file back by a compensating release.

    Values that stood before stand again; what the file brought first is withdrawn; slots that
    were edited since stay as they are and are listed. Entities and series stay. `actor` needs the
    permission to publish, or is None. Raises PermissionDenied, ImportStateError.
    """
    if actor is not None and not may_publish(actor):
        raise PermissionDenied("This user may not publish releases.")
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state != State.PUBLISHED or thaw_layout(batch.layout_frozen).is_backfill:
            raise ImportStateError(batch)
        left: list[tuple[str, str]] = []
        batch.undo_release = _release(batch, actor, now, reason or {})

        def restore(_: Release, change: Change) -> tuple[set[int], Targets]:
            left.extend(slots_changed_since(batch))
            return _restore(batch, change)

        change = publish_release(batch.undo_release, actor=actor, now=now, record=restore)
        batch.state = State.UNDONE
        batch.save(update_fields=["state", "undo_release"])
    return Undone(change, left[:SLOTS_KEPT], len(left))


def _restore(batch: ImportBatch, change: Change) -> tuple[set[int], Targets]:
    asked = _range(batch) | {"seq": change.seq, "release": batch.undo_release_id}
    with connection.cursor() as cursor:
        after = last_id(cursor)
        cursor.execute(_PLAN, asked)
        cursor.execute("ANALYZE import_undo")
        cursor.execute(_CLOSE, asked)
        change.summary["closed"] = cursor.rowcount
        change.summary["inserted"] = 0
        for statement in (_RESTORE, _WITHDRAW):
            cursor.execute(statement, asked)
            change.summary["inserted"] += cursor.rowcount
        cursor.execute("DROP TABLE import_undo")
        until = last_id(cursor)
    return touched_series(after, until), affected_by(after, until)


def _range(batch: ImportBatch) -> dict[str, Any]:
    return {"after": batch.observations_after, "until": batch.observations_until}


def _release(batch: ImportBatch, actor: Any, now: datetime, reason: dict[str, str]) -> Release:
    return Release.objects.create(
        title_zh_hans=f"撤销导入:{batch.file_name}"[:200],
        title_en=f"Import undone: {batch.file_name}"[:200],
        reason_zh_hans=reason.get("zh-hans", ""),
        reason_en=reason.get("en", ""),
        kind=Release.Kind.WITHDRAWAL,
        created_at=now,
        created_by=actor,
    )
