"""Noting which series a partner fetched."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from metrics.lookups import array_of

# The newest stands: of two answers that are noted in another order, the one of the later change.
_NOTE = """
    INSERT INTO partners_taken AS t (partner_id, series_id, seq, taken_at)
    SELECT k.partner_id, s.id, %(seq)s, %(now)s
    FROM partners_apikey k CROSS JOIN unnest(%(series)s::bigint[]) AS s (id)
    WHERE k.id = %(key)s ORDER BY s.id
    ON CONFLICT (partner_id, series_id) DO UPDATE SET
        seq = greatest(t.seq, excluded.seq), taken_at = greatest(t.taken_at, excluded.taken_at)
"""


def note_taken(key_id: int, series_ids: Collection[int], seq: int, *, now: datetime) -> None:
    """The partner of a key has the values of a seq of some series. One statement."""
    asked: dict[str, Any] = {"key": key_id, "series": array_of(series_ids), "seq": seq, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, asked)
