"""Putting back what stood before a change: the exact inverse of what it wrote."""

from django.db import connection

from metrics.models import Change, Release
from metrics.selectors.written_rows import Written
from metrics.services.imports.touched import affected_by, last_id, touched_series
from metrics.services.stale import Targets

_WRITTEN = "n.id > %(after)s AND n.id <= %(until)s"
# A slot in which anything was said since, by whatever source.
_CHANGED = f"""
    SELECT DISTINCT s.key, n.period FROM metrics_observation n
    JOIN metrics_series s ON s.id = n.series_id
    WHERE {_WRITTEN} AND (n.seq_to IS NOT NULL OR EXISTS (
        SELECT FROM metrics_observation o WHERE o.series_id = n.series_id AND o.period = n.period
            AND o.seq_to IS NULL AND o.id > %(until)s))
    ORDER BY 1, 2 LIMIT %(most)s
"""  # noqa: S608
# Each row with what its source said before: the row that was closed by the same change.
_PLAN = f"""
    CREATE TEMPORARY TABLE release_undo ON COMMIT DROP AS
    SELECT n.id AS new_id, b.id AS old_id
    FROM metrics_observation n
    LEFT JOIN metrics_observation b ON b.series_id = n.series_id AND b.period = n.period
        AND b.source_id = n.source_id AND b.seq_to = n.seq_from AND b.seq_from < n.seq_from
    WHERE {_WRITTEN}
"""  # noqa: S608
_CLOSE = """
    UPDATE metrics_observation o SET seq_to = %(seq)s FROM release_undo u WHERE u.new_id = o.id
"""
_SLOT = "series_id, period, period_start, period_end"
_REST = """stated, resolution, lower, upper, qualifier, status, null_reason, locator, note,
    vintage_on"""
_INTO = f"""
    INSERT INTO metrics_observation ({_SLOT}, value, {_REST}, source_id, preferred, release_id,
        seq_from)
"""
_RESTORE = f"""{_INTO}
    SELECT {_SLOT}, value, {_REST}, source_id, preferred, %(release)s, %(seq)s
    FROM metrics_observation o JOIN release_undo u ON u.old_id = o.id
"""  # noqa: S608
# What nothing stood before was seen: it is withdrawn, for readers and partners to be told.
_WITHDRAW = f"""{_INTO}
    SELECT {_SLOT}, NULL, '', NULL, NULL, NULL, 'exact', 'M', 'withdrawn', locator, '', vintage_on,
        source_id, preferred AND NOT EXISTS (
            SELECT FROM metrics_observation p WHERE p.series_id = o.series_id
                AND p.period = o.period AND p.preferred AND p.seq_to IS NULL),
        %(release)s, %(seq)s
    FROM metrics_observation o JOIN release_undo u ON u.new_id = o.id WHERE u.old_id IS NULL
"""  # noqa: S608


def slots_changed_since(written: Written, most: int) -> list[tuple[str, str]]:
    """The slots, as (series key, period), in which anything was said since; the first of them."""
    asked = {"after": written.after, "until": written.until, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, asked)
        return list(cursor.fetchall())


def put_back(written: Written, release: Release, change: Change) -> tuple[set[int], Targets]:
    """Let stand again what stood before these rows; the series that changed, what that affects.

    The caller holds the publishing lock and has seen that no slot was changed since. What the
    rows brought first is withdrawn.
    """
    asked = {
        "after": written.after,
        "until": written.until,
        "seq": change.seq,
        "release": release.pk,
    }
    with connection.cursor() as cursor:
        after = last_id(cursor)
        cursor.execute(_PLAN, asked)
        cursor.execute("ANALYZE release_undo")
        cursor.execute(_CLOSE, asked)
        change.summary["closed"] = cursor.rowcount
        change.summary["inserted"] = 0
        for statement in (_RESTORE, _WITHDRAW):
            cursor.execute(statement, asked)
            change.summary["inserted"] += cursor.rowcount
        cursor.execute("DROP TABLE release_undo")
        until = last_id(cursor)
    return touched_series(after, until), affected_by(after, until)
