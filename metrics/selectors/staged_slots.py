"""Values that wait: those staged in open releases and in checked files."""

from collections import defaultdict
from collections.abc import Collection

from django.db import connection

_PERIODS = """
    WITH RECURSIVE needed AS (
        SELECT id AS target, id AS series_id FROM unnest(%s::bigint[]) id
        UNION
        SELECT n.target, i.input_id FROM needed n
        JOIN metrics_ruleinput i ON i.output_id = n.series_id AND i.seq_to IS NULL
    ), waiting AS (
        SELECT s.series_id, s.period FROM metrics_stagedobservation s
        JOIN metrics_release r ON r.id = s.release_id AND r.state IN ('draft', 'scheduled')
        WHERE s.action = 'record'
        UNION ALL
        SELECT w.series_id, w.period FROM metrics_importrow w
        JOIN metrics_importbatch b ON b.id = w.batch_id AND b.state = 'staged'
    )
    SELECT DISTINCT n.target, w.period FROM needed n JOIN waiting w USING (series_id)
"""


def waiting_periods(series_ids: Collection[int]) -> dict[int, set[str]]:
    """The periods for which a value of a series waits, or of what its rules take. One query."""
    found: dict[int, set[str]] = defaultdict(set)
    if series_ids:
        with connection.cursor() as cursor:
            cursor.execute(_PERIODS, [list(series_ids)])
            for series_id, period in cursor.fetchall():
                found[series_id].add(period)
    return found
