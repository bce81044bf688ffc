"""Slots that changed since a file was compared with what stands: they refuse the whole file."""

from django.db import connection

from metrics.models import Change, ImportBatch
from metrics.services.imports.sql import SAME_SLOT, parameters, rows_to_write

CONFLICTS_KEPT = 1000

# A slot that was new has a row of the source now, or the row that was compared is closed.
_CONFLICTS = """
    SELECT s.key, r.period, r.place {rows}
        AND CASE WHEN old.id IS NULL
            THEN EXISTS (SELECT FROM metrics_observation o WHERE o.seq_to IS NULL AND {slot})
            ELSE old.seq_to IS NOT NULL END
"""
_LEFT_OUT_CONFLICTS = """
    SELECT s.key, o.period, NULL::bigint FROM metrics_importdifference d
    JOIN metrics_observation o ON o.id = d.observation_id
    JOIN metrics_series s ON s.id = o.series_id
    WHERE d.batch_id = %(batch)s AND d.mark = 'withdrawn' AND o.seq_to IS NOT NULL
"""


class ImportConflictsError(Exception):
    """Slots were edited since the file was compared: (series key, period) of the first of them."""

    def __init__(self, slots: list[tuple[str, str]]) -> None:
        shown = ", ".join(f"{key}@{period}" for key, period in slots[:5])
        super().__init__(f"edited since the file was compared: {shown}")
        self.slots = slots


def refuse_conflicts(batch: ImportBatch, change: Change) -> None:
    """Raises ImportConflictsError. The caller holds the publishing lock and has `change` of it."""
    if _is_undisturbed(batch, change):
        return
    if conflicts := find_conflicts(batch):
        raise ImportConflictsError(conflicts)


def _is_undisturbed(batch: ImportBatch, change: Change) -> bool:
    """Whether nothing was recorded since the comparison, which spares a look at every slot.

    Neither by another change nor, before this file, by the same one. A refresh records nothing.
    """
    others = Change.objects.exclude(kind=Change.Kind.REFRESH).exclude(pk=change.pk)
    if batch.release is None or others.filter(seq__gt=batch.base_seq or 0).exists():
        return False
    return batch.release.imports.count() == 1 and not batch.release.staged.exists()


def find_conflicts(batch: ImportBatch) -> list[tuple[str, str]]:
    """The slots, as (series key, period), that changed since the file was compared."""
    asked = parameters(batch)
    rows = rows_to_write(batch).replace(
        "WHERE", "JOIN metrics_series s ON s.id = r.series_id WHERE"
    )
    with connection.cursor() as cursor:
        cursor.execute(_CONFLICTS.format(rows=rows, slot=SAME_SLOT), asked)
        slots = [(key, period) for key, period, _ in cursor.fetchmany(CONFLICTS_KEPT)]
        cursor.execute(_LEFT_OUT_CONFLICTS, asked)
        return slots + [(key, period) for key, period, _ in cursor.fetchmany(CONFLICTS_KEPT)]
