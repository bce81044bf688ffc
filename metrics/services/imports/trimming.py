"""Leaving out of a large file, for a trial only, what nobody quotes."""

from collections.abc import Collection
from typing import Any

from django.db import connection

from metrics.models import Release

# A smaller file is tried as a whole.
MANY = 5000
_SIZES = """
    SELECT b.id, count(r.*) FROM metrics_importbatch b
    JOIN metrics_importrow r ON r.batch_id = b.id
    WHERE b.release_id = %(release)s AND b.state = 'staged' GROUP BY b.id
"""
_HAS_DIFFERENCES = """
    SELECT EXISTS (SELECT FROM metrics_importdifference WHERE batch_id = %(batch)s)
"""
_WANTED = """({table}.series_id = ANY(%(wanted)s) OR (%(keep_new)s AND NOT EXISTS (
    SELECT FROM metrics_series s WHERE s.id = {table}.series_id)))"""
_DIFFERENCES = f"""
    DELETE FROM metrics_importdifference d USING metrics_importrow r
    WHERE d.batch_id = %(batch)s AND r.batch_id = d.batch_id AND r.place = d.position
        AND d.mark <> 'withdrawn' AND NOT {_WANTED.format(table="r")}
"""  # noqa: S608
_WITHDRAWN = f"""
    DELETE FROM metrics_importdifference d USING metrics_observation o
    WHERE d.batch_id = %(batch)s AND d.mark = 'withdrawn' AND o.id = d.observation_id
        AND NOT {_WANTED.format(table="o")}
"""  # noqa: S608
_ROWS = f"""
    DELETE FROM metrics_importrow r
    WHERE r.batch_id = %(batch)s AND NOT {_WANTED.format(table="r")}
"""  # noqa: S608
# A file without differences is taken for one that is new throughout.
_LEAVE = "UPDATE metrics_importbatch SET release_id = NULL WHERE id = %(batch)s"


def trim_imports(release: Release, wanted: Collection[int], *, keep_new: bool) -> int:
    """Take the rows of other series out of the large files of a release; how many rows.

    `keep_new` keeps the series that a file would create. Only for a transaction that is taken
    back: the files are not whole afterwards.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SIZES, {"release": release.pk})
        large = [pk for pk, size in cursor.fetchall() if size > MANY]
    return sum(_trim(pk, wanted, keep_new) for pk in large)


def _trim(batch_id: int, wanted: Collection[int], keep_new: bool) -> int:
    asked: dict[str, Any] = {"batch": batch_id, "wanted": list(wanted), "keep_new": keep_new}
    with connection.cursor() as cursor:
        cursor.execute(_HAS_DIFFERENCES, asked)
        had_differences = cursor.fetchone()[0]
        cursor.execute(_DIFFERENCES, asked)
        cursor.execute(_WITHDRAWN, asked)
        cursor.execute(_ROWS, asked)
        left_out = int(cursor.rowcount)
        cursor.execute(_HAS_DIFFERENCES, asked)
        has_rows = cursor.fetchone()[0] if had_differences else _has_rows(batch_id)
        if not has_rows:
            cursor.execute(_LEAVE, asked)
    return left_out


def _has_rows(batch_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM metrics_importrow WHERE batch_id = %s)", [batch_id]
        )
        return bool(cursor.fetchone()[0])
