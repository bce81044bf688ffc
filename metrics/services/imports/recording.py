"""Writing a checked file into the observations: what differs and nothing else, set by set.

The caller holds the publishing lock.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from metrics.models import Change, ImportBatch, Preference
from metrics.services.imports.conflicts import refuse_conflicts
from metrics.services.imports.sql import DECIDED_FOR, SAID, TAKES, parameters, rows_to_write
from metrics.services.imports.touched import last_id

_NAMES = ", ".join(SAID)
_VALUES = ", ".join(SAID.values())
MANY = 1000

_TAKEN = """
    CREATE TEMPORARY TABLE import_rival ON COMMIT DROP AS
    SELECT DISTINCT o.id {rows}
"""
_CLOSE = """
    UPDATE metrics_observation o SET seq_to = %(seq)s
    FROM metrics_importdifference d
    WHERE d.batch_id = %(batch)s AND d.observation_id = o.id
"""
_CLOSE_RIVALS = """
    UPDATE metrics_observation o SET seq_to = %(seq)s FROM import_rival x WHERE x.id = o.id
"""
_KEPT = """series_id, period, period_start, period_end, value, stated, resolution, lower, upper,
    qualifier, status, null_reason, source_id, locator, note, vintage_on, release_id"""
_LEAVE_RIVALS = f"""
    INSERT INTO metrics_observation ({_KEPT}, preferred, seq_from)
    SELECT {_KEPT}, false, %(seq)s FROM metrics_observation o JOIN import_rival x USING (id)
"""  # noqa: S608
# What stood says something: a row in the place of none, or of a withdrawal, is a new one.
_KEEPS = "old.null_reason <> 'withdrawn'"
_WRITE = f"""
    INSERT INTO metrics_observation (series_id, period, period_start, period_end, {_NAMES},
        release_id, preferred, seq_from)
    SELECT r.series_id, r.period, r.period_start, r.period_end, {_VALUES}, %(release)s,
        {{preferred}}, %(seq)s
    {{rows}}
"""
_CLAIMS = f"CASE WHEN {_KEEPS} THEN old.preferred ELSE {{otherwise}} END"
# A file with a column of sources may speak for a slot by several: one of them is preferred. First
# the source decided for; then what is new, if the layout has preference; then the later row.
_FIRST = f"""
    {{claims}} AND row_number() OVER (PARTITION BY r.series_id, r.period
        ORDER BY {{claims}} DESC, {DECIDED_FOR} DESC,
        coalesce({_KEEPS}, false) = %(preferred)s, r.place DESC) = 1
"""
# Somebody speaks for a slot: a source without preference too, where it is the only one.
_NOBODY_ELSE = """NOT EXISTS (SELECT FROM metrics_observation p WHERE p.seq_to IS NULL
    AND p.preferred AND p.series_id = r.series_id AND p.period = r.period)"""
# Known from the day of the file, else from the day of this change; never from the value's own day,
# by which it would never have been said.
_WITHDRAW = """
    INSERT INTO metrics_observation (series_id, period, period_start, period_end, value, stated,
        resolution, lower, upper, qualifier, status, null_reason, source_id, locator, note,
        vintage_on, preferred, release_id, seq_from)
    SELECT o.series_id, o.period, o.period_start, o.period_end, NULL, '', NULL, NULL, NULL,
        'exact', 'M', 'withdrawn', o.source_id, o.locator, '', %(vintage_on)s::date,
        o.preferred, %(release)s, %(seq)s
    FROM metrics_importdifference d JOIN metrics_observation o ON o.id = d.observation_id
    WHERE d.batch_id = %(batch)s AND d.mark = 'withdrawn'
"""


class RowsLostError(Exception):
    """What was read is gone: unlogged rows do not survive a crash of the database."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a file wrote: observations inserted and closed."""

    inserted: int
    closed: int


def refuse_lost(batch: ImportBatch) -> None:
    """Raises RowsLostError for a checked file whose rows are gone; the file itself is kept."""
    is_waiting = batch.state == ImportBatch.State.STAGED
    if is_waiting and batch.new + batch.changed and not batch.rows.exists():
        raise RowsLostError(str(batch))


def record_import(batch: ImportBatch, change: Change) -> Recorded:
    """Write the difference of a checked file, visible from `change.seq`.

    The series it proposes are created already. A new row of a layout with preference takes it
    from rival sources, but never against a decision (models.Preference); a changed one keeps what
    its slot has, unless it was withdrawn. Raises ImportConflictsError, RowsLostError.
    """
    refuse_lost(batch)
    refuse_conflicts(batch, change)
    asked = parameters(batch) | {"seq": change.seq, "release": batch.release_id}
    rows = rows_to_write(batch)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        batch.observations_after = last_id(cursor)
        closed = _close(cursor, batch, rows, asked)
        cursor.execute(_WRITE.format(rows=rows, preferred=_preferred(batch, asked)), asked)
        inserted = cursor.rowcount
        cursor.execute(_WITHDRAW, asked)
        inserted += cursor.rowcount
        batch.observations_until = last_id(cursor)
        if inserted > MANY:
            # what is asked next must not be planned for the table as it was
            cursor.execute("ANALYZE metrics_observation")
    return Recorded(inserted, closed)


def _preferred(batch: ImportBatch, asked: dict[str, Any]) -> str:
    takes = asked["preferred"] and not Preference.objects.current().exists()
    claims = _CLAIMS.format(otherwise="true" if takes else _NOBODY_ELSE)
    is_of_many = "source" in batch.layout_frozen["columns"]
    return _FIRST.format(claims=claims) if is_of_many else claims


def _close(cursor: Any, batch: ImportBatch, rows: str, asked: dict[str, Any]) -> int:
    cursor.execute(_CLOSE, asked)
    closed = int(cursor.rowcount)
    decided = Preference.objects.current().exists()
    if not asked["preferred"] and not decided:
        return closed
    takes = f"({TAKES}) AND" if decided else ""
    rivals = rows.replace(
        "WHERE",
        "JOIN metrics_observation o ON o.seq_to IS NULL AND o.preferred"
        f" AND o.series_id = r.series_id AND o.period = r.period"
        f" WHERE ({_KEEPS}) IS NOT TRUE AND {takes}",
    )
    cursor.execute(_TAKEN.format(rows=rivals), asked)
    if cursor.rowcount:
        cursor.execute(_CLOSE_RIVALS, asked)
        closed += int(cursor.rowcount)
        cursor.execute(_LEAVE_RIVALS, asked)
    cursor.execute("DROP TABLE import_rival")
    return closed
