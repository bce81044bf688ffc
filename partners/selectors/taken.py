"""What changed of the series that a partner fetched, since it did."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from metrics.lookups import array_of

MOST_PERIODS: Final = 100

_CHANGED: Final = """
    SELECT s.key, s.id, t.seq, t.taken_at FROM partners_taken t
    JOIN metrics_series s ON s.id = t.series_id
    WHERE t.partner_id = (SELECT partner_id FROM partners_apikey WHERE id = %(key)s)
        AND s.key > %(after)s COLLATE "C"
        AND (EXISTS (SELECT FROM metrics_observation o WHERE o.series_id = s.id
                AND o.seq_from > t.seq AND o.preferred AND o.seq_to IS DISTINCT FROM o.seq_from)
            OR EXISTS (SELECT FROM metrics_derivedvalue d WHERE d.series_id = s.id
                AND d.computed_seq > t.seq)
            OR EXISTS (SELECT FROM metrics_derivedgone g WHERE g.series_id = s.id
                AND g.seq > t.seq)
            OR EXISTS (SELECT FROM metrics_valueredaction v WHERE v.series_id = s.id
                AND v.change_id > t.seq))
    ORDER BY s.key COLLATE "C" LIMIT %(most)s
"""
_PERIODS: Final = """
    SELECT c.series_id, c.period, max(c.seq) FROM (
        SELECT o.series_id, o.period, o.seq_from AS seq FROM metrics_observation o
        WHERE o.preferred AND o.seq_to IS DISTINCT FROM o.seq_from
            AND o.series_id = ANY(%(series)s::bigint[])
        UNION ALL
        SELECT d.series_id, d.period, d.computed_seq FROM metrics_derivedvalue d
        WHERE d.series_id = ANY(%(series)s::bigint[])
        UNION ALL
        SELECT g.series_id, g.period, g.seq FROM metrics_derivedgone g
        WHERE g.series_id = ANY(%(series)s::bigint[])
        UNION ALL
        SELECT v.series_id, v.period, v.change_id FROM metrics_valueredaction v
        WHERE v.series_id = ANY(%(series)s::bigint[]) AND v.change_id IS NOT NULL
    ) c
    JOIN unnest(%(series)s::bigint[], %(seqs)s::bigint[]) AS t (id, seq)
        ON t.id = c.series_id AND c.seq > t.seq
    GROUP BY c.series_id, c.period ORDER BY c.series_id, max(c.seq) DESC, c.period
"""


@dataclass(frozen=True, slots=True)
class ChangedSeries:
    """A series fetched at `seq` of which values are others now.

    `periods`: the latest changes first, with the seq of each, at most MOST_PERIODS; `count`: all.
    """

    key: str
    seq: int
    taken_at: datetime
    periods: tuple[tuple[str, int], ...]
    count: int


def changed_since_taken(key_id: int, *, after: str, most: int) -> list[ChangedSeries]:
    """Of the partner of a key, in the order of series keys, after one of them. Two queries."""
    found = _rows(_CHANGED, {"key": key_id, "after": after, "most": most})
    if not found:
        return []
    asked = {
        "series": array_of([row[1] for row in found]),
        "seqs": array_of([row[2] for row in found]),
    }
    periods: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for series_id, period, seq in _rows(_PERIODS, asked):
        periods[series_id].append((period, seq))
    return [
        ChangedSeries(key, seq, at, tuple(periods[pk][:MOST_PERIODS]), len(periods[pk]))
        for key, pk, seq, at in found
    ]


def _rows(statement: str, asked: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
