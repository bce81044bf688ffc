"""The difference between a file and what stands: one join, in the database."""

from dataclasses import dataclass

from django.db import connection, transaction

from metrics.models import Change, ImportBatch, ImportDifference, ImportRow, ValueRedaction
from metrics.models.import_row import COLUMN_BITS
from metrics.services.imports.layout import thaw_layout
from metrics.services.imports.problems import Problem
from metrics.services.imports.sql import DIFFERS, SAID, SAME_SLOT, parameters

_LARGE = "SET LOCAL work_mem = '128MB'"
_TWICE = f"""
    SELECT max(r.place), min(r.place), r.period, count(*) FROM metrics_importrow r
    WHERE r.batch_id = %(batch)s
    GROUP BY r.series_id, r.period, {SAID["source_id"]},
        CASE WHEN %(is_backfill)s THEN {SAID["vintage_on"]} END
    HAVING count(*) > 1 ORDER BY 1 LIMIT %(most)s
"""  # noqa: S608
# One look into the index for each series of the file: as a plain join, which stops at its first
# row, the planner goes through both tables in full where there is none.
_STANDS = f"""
    SELECT EXISTS (
        SELECT FROM (SELECT DISTINCT r.series_id, {SAID["source_id"]} AS source_id
            FROM metrics_importrow r WHERE r.batch_id = %(batch)s) said,
            LATERAL (SELECT FROM metrics_observation o WHERE o.seq_to IS NULL
                AND o.series_id = said.series_id AND o.source_id = said.source_id LIMIT 1) stands)
"""  # noqa: S608
# Ordered, so that a merge of both sides goes series by series: most files and tables stand so
# already, while by period first both would have to be sorted, which takes four times as long.
_COMPARE = f"""
    INSERT INTO metrics_importdifference (batch_id, mark, position, observation_id)
    SELECT %(batch)s, CASE WHEN o.id IS NULL THEN 'new' ELSE 'changed' END, r.place, o.id
    FROM metrics_importrow r
    LEFT JOIN metrics_observation o ON o.seq_to IS NULL AND {SAME_SLOT}
    WHERE r.batch_id = %(batch)s AND (o.id IS NULL OR {DIFFERS})
    ORDER BY r.series_id, r.period
"""  # noqa: S608
_LEFT_OUT = f"""
    INSERT INTO metrics_importdifference (batch_id, mark, position, observation_id)
    SELECT %(batch)s, 'withdrawn', o.id, o.id
    FROM metrics_observation o JOIN metrics_series s ON s.id = o.series_id
    WHERE o.seq_to IS NULL AND o.null_reason <> 'withdrawn' AND s.frequency = %(frequency)s
        AND (%(indicator)s::bigint IS NULL OR s.indicator_id = %(indicator)s)
        AND o.source_id IN (SELECT DISTINCT {SAID["source_id"]} FROM metrics_importrow r
            WHERE r.batch_id = %(batch)s)
        AND NOT EXISTS (SELECT FROM metrics_importrow r
            WHERE r.batch_id = %(batch)s AND {SAME_SLOT})
        AND NOT EXISTS (SELECT FROM metrics_valueredaction v
            WHERE v.state = 'done' AND v.series_id = o.series_id AND v.period = o.period)
"""  # noqa: S608
_REDACTED = """
    DELETE FROM metrics_importrow r USING metrics_valueredaction v
    WHERE r.batch_id = %(batch)s AND v.state = 'done'
        AND v.series_id = r.series_id AND v.period = r.period
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """How many rows of the file are new, changed, the same; what a complete file leaves out."""

    new: int
    changed: int
    same: int
    withdrawn: int

    @property
    def differs(self) -> bool:
        return bool(self.new or self.changed or self.withdrawn)


def says_nothing_new(batch: ImportBatch) -> bool:
    """Whether the same bytes went live by the same layout, and nothing was published since.

    The batch then gets the counts of the one before it, without being read.
    """
    before = (
        ImportBatch.objects.filter(
            sha256=batch.sha256,
            layout_frozen=batch.layout_frozen,
            vintage_on=batch.vintage_on,
            state__in=[ImportBatch.State.PUBLISHED, ImportBatch.State.UNCHANGED],
        )
        .exclude(pk=batch.pk)
        .order_by("-base_seq")
        .first()
    )
    if before is None or before.base_seq is None:
        return False
    since = Change.objects.exclude(kind=Change.Kind.REFRESH).filter(seq__gt=before.base_seq)
    if since.exclude(release__imports=before).exists():
        return False
    batch.base_seq = before.base_seq
    counted = before.new + before.changed + before.same
    batch.same, batch.skipped, batch.rows_done = counted, before.skipped, before.rows_total
    batch.rows_total = before.rows_total
    return True


def find_twice(batch: ImportBatch, most: int) -> list[Problem]:
    """Slots of which the file speaks twice; the later row is told, with the earlier one."""
    layout = thaw_layout(batch.layout_frozen)
    asked = parameters(batch) | {"is_backfill": layout.is_backfill, "most": most}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LARGE)
        cursor.execute(_TWICE, asked)
        return [
            Problem(
                last >> COLUMN_BITS, "twice", cell=period, params={"first": first >> COLUMN_BITS}
            )
            for last, first, period, _ in cursor.fetchall()
        ]


def leave_out_redacted(batch: ImportBatch) -> int:
    """Remove the rows of redacted slots: nothing is recorded for those. How many there were."""
    if not ValueRedaction.objects.filter(state=ValueRedaction.State.DONE).exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_REDACTED, {"batch": batch.pk})
        return int(cursor.rowcount)


def compare(batch: ImportBatch) -> Compared:
    """Mark what the file would do, against what stands now; `base_seq` says when that was.

    A file whose every row is new gets no marks: its rows are the difference.
    """
    asked = parameters(batch)
    with transaction.atomic(), connection.cursor() as cursor:
        # The seq first: what is published meanwhile is at worst seen and counted as a conflict.
        batch.base_seq = Change.objects.latest_seq()
        ImportDifference.objects.filter(batch=batch).delete()
        rows = ImportRow.objects.filter(batch=batch).count()
        cursor.execute(_LARGE)
        cursor.execute("ANALYZE metrics_importrow")
        cursor.execute(_STANDS, asked)
        if not cursor.fetchone()[0]:
            return Compared(new=rows, changed=0, same=0, withdrawn=0)
        cursor.execute(_COMPARE, asked)
        if thaw_layout(batch.layout_frozen).complete:
            cursor.execute(_LEFT_OUT, asked)
        counts = {mark: _count(batch, mark) for mark in ("new", "changed", "withdrawn")}
    return Compared(same=rows - counts["new"] - counts["changed"], **counts)


def _count(batch: ImportBatch, mark: str) -> int:
    return ImportDifference.objects.filter(batch=batch, mark=mark).count()
