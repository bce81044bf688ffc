"""Taking an import back: a release of its own that restores what stood, and says what it left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from metrics.models import Change, ImportBatch, Release
from metrics.services.imports.layout import thaw_layout
from metrics.services.imports.publishing import ImportStateError
from metrics.services.imports.touched import affected_by, last_id, touched_series
from metrics.services.publishing import may_publish, publish_release
from metrics.services.stale import Targets

SLOTS_KEPT = 1000
State = ImportBatch.State

# What the file itself said. A rival that lost its preference to it was written again by the same
# change, under its own release: that row is not the file's.
_SAID = "n.id > %(after)s AND n.id <= %(until)s AND n.release_id = %(imported)s"
# A row of the file that was closed since: edited, or another source took its preference.
_CHANGED = f"""
    SELECT DISTINCT n.series_id, n.period FROM metrics_observation n
    WHERE {_SAID} AND n.seq_to IS NOT NULL
"""  # noqa: S608
_SKIPPED = f"""
    SELECT s.key, c.period FROM ({_CHANGED}) c JOIN metrics_series s ON s.id = c.series_id
    ORDER BY 1, 2
"""  # noqa: S608
# What goes back, with what its source said before: the row that was closed by the same change. Of
# a slot that was changed nothing does.
_PLAN = f"""
    CREATE TEMPORARY TABLE import_undo ON COMMIT DROP AS
    SELECT n.id AS new_id, b.id AS old_id
    FROM metrics_observation n
    LEFT JOIN metrics_observation b ON b.series_id = n.series_id AND b.period = n.period
        AND b.source_id = n.source_id AND b.seq_to = n.seq_from AND b.seq_from < n.seq_from
    WHERE {_SAID} AND (n.series_id, n.period) NOT IN ({_CHANGED})
"""  # noqa: S608
_CLOSE = """
    UPDATE metrics_observation o SET seq_to = %(seq)s FROM import_undo u WHERE u.new_id = o.id
"""
_SLOT = "series_id, period, period_start, period_end"
_REST = """stated, resolution, lower, upper, qualifier, status, null_reason, locator, note,
    vintage_on"""
_INTO = f"""
    INSERT INTO metrics_observation ({_SLOT}, value, {_REST}, source_id, preferred, release_id,
        seq_from)
"""
_NOBODY_ELSE = """NOT EXISTS (SELECT FROM metrics_observation p WHERE p.series_id = o.series_id
    AND p.period = o.period AND p.preferred AND p.seq_to IS NULL)"""
_RESTORE = f"""{_INTO}
    SELECT {_SLOT}, value, {_REST}, source_id, preferred AND {_NOBODY_ELSE}, %(release)s, %(seq)s
    FROM metrics_observation o JOIN import_undo u ON u.old_id = o.id
"""  # noqa: S608
# Who speaks from now on where the file did: of the sources that state something the one that lost
# the slot to the file, else the one recorded first.
_HEIRS = f"""
    CREATE TEMPORARY TABLE import_heir ON COMMIT DROP AS
    SELECT DISTINCT ON (o.series_id, o.period) o.id
    FROM import_undo u JOIN metrics_observation n ON n.id = u.new_id
    JOIN metrics_observation o
        ON o.series_id = n.series_id AND o.period = n.period AND o.seq_to IS NULL
    WHERE u.old_id IS NULL AND {_NOBODY_ELSE}
    ORDER BY o.series_id, o.period, o.null_reason = 'withdrawn', NOT EXISTS (
        SELECT FROM metrics_observation l WHERE l.series_id = o.series_id AND l.period = o.period
            AND l.source_id = o.source_id AND l.preferred AND l.seq_to = n.seq_from), o.id
"""  # noqa: S608
_CLOSE_HEIRS = """
    UPDATE metrics_observation o SET seq_to = %(seq)s FROM import_heir h WHERE h.id = o.id
"""
_PREFER_HEIRS = f"""{_INTO}
    SELECT {_SLOT}, value, {_REST}, source_id, true, release_id, %(seq)s
    FROM metrics_observation JOIN import_heir USING (id)
"""  # noqa: S608
# What nothing stood before was seen: it is withdrawn, for readers and partners to be told.
_WITHDRAW = f"""{_INTO}
    SELECT {_SLOT}, NULL, '', NULL, NULL, NULL, 'exact', 'M', 'withdrawn', locator, '', vintage_on,
        source_id, preferred AND {_NOBODY_ELSE}, %(release)s, %(seq)s
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

    Values that stood before stand again; what the file brought first is withdrawn, and where a
    rival source states that slot the rival speaks for it, whether it did so before the file or
    stood beside it since. Slots whose row of the file was edited since, or lost its preference,
    stay as they are and are listed. Entities and series stay. `actor` needs the permission to
    publish, or is None. Raises PermissionDenied, ImportStateError.
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
    counts = {"closed": 0, "inserted": 0}
    with connection.cursor() as cursor:
        after = last_id(cursor)
        cursor.execute(_PLAN, asked)
        cursor.execute("ANALYZE import_undo")
        # closed first: of a slot one row at a time is preferred
        for statement, does in (
            (_CLOSE, "closed"),
            (_RESTORE, "inserted"),
            (_HEIRS, ""),
            (_CLOSE_HEIRS, "closed"),
            (_PREFER_HEIRS, "inserted"),
            (_WITHDRAW, "inserted"),
        ):
            cursor.execute(statement, asked)
            if does:
                counts[does] += cursor.rowcount
        cursor.execute("DROP TABLE import_undo, import_heir")
        until = last_id(cursor)
    change.summary.update(counts)
    return touched_series(after, until), affected_by(after, until)


def _range(batch: ImportBatch) -> dict[str, Any]:
    return {
        "after": batch.observations_after,
        "until": batch.observations_until,
        "imported": batch.release_id,
    }


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
