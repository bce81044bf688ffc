"""The same list without any framework: a statement, `orjson`, and the protocol of WSGI."""

import os
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

import orjson
import psycopg
from psycopg.rows import dict_row

_STATEMENT = """
    SELECT s.key AS series, o.period, o.period_start, o.period_end, o.value, o.stated,
        o.resolution, o.lower, o.upper, o.qualifier, o.status, o.null_reason, u.key AS unit,
        source.slug AS source, o.locator, o.vintage_on, c.published_at AS valid_from
    FROM metrics_observation o
    JOIN metrics_series s ON s.id = o.series_id JOIN metrics_indicator i ON i.id = s.indicator_id
    JOIN metrics_unit u ON u.id = i.unit_id JOIN metrics_source source ON source.id = o.source_id
    JOIN metrics_change c ON c.seq = o.seq_from
    WHERE s.key = ANY(%s) AND o.preferred AND o.seq_to IS NULL
    ORDER BY s.key, o.period_end LIMIT %s
"""


def application() -> Callable[..., Iterable[bytes]]:
    address = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        asked = parse_qs(environ["QUERY_STRING"])
        with address.cursor(row_factory=dict_row) as cursor:
            keys, limit = asked["series"][0].split(","), int(asked["limit"][0])
            rows = cursor.execute(_STATEMENT, [keys, limit]).fetchall()
        page = {"next": None, "previous": None, "results": rows}
        body = orjson.dumps(page, default=_plain)
        start("200 OK", [("Content-Type", "application/json")])
        return [body]

    return answer


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(value)
