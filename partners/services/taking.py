"""Noting which series a partner fetched."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from metrics.lookups import array_of
from metrics.models import Series

# Of a part nobody knows whether what changed was in it: it begins what a partner has, and hides no
# change of the rest. The newest stands: of two answers that are noted in another order, the one of
# the later change.
_NOTE: Final = """
    INSERT INTO partners_taken AS t (partner_id, series_id, seq, taken_at)
    SELECT k.partner_id, s.id, %s, %s
    FROM partners_apikey k CROSS JOIN {series} AS s (id)
    WHERE k.id = %s ORDER BY s.id
    ON CONFLICT (partner_id, series_id) DO UPDATE SET
        seq = greatest(t.seq, excluded.seq), taken_at = greatest(t.taken_at, excluded.taken_at)
    WHERE %s
"""


def note_taken(
    key_id: int, series_ids: Collection[int], seq: int, *, is_whole: bool, now: datetime
) -> None:
    """The partner of a key has values of a seq of some series; `is_whole`: all. One statement."""
    chosen = "unnest(%s::bigint[])"
    _note(chosen, [array_of(series_ids)], key_id, seq, is_whole=is_whole, now=now)


def note_all_taken(
    key_id: int, series: QuerySet[Series], seq: int, *, is_whole: bool, now: datetime
) -> None:
    """The same of all series of a queryset, which are not listed here. One statement."""
    compiler = series.order_by().values("pk").query.get_compiler(connection=connection)
    chosen, parameters = compiler.as_sql()
    _note(f"({chosen})", parameters, key_id, seq, is_whole=is_whole, now=now)


def _note(
    chosen: str,
    parameters: Iterable[Any],
    key_id: int,
    seq: int,
    *,
    is_whole: bool,
    now: datetime,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NOTE.format(series=chosen), [seq, now, *parameters, key_id, is_whole])
