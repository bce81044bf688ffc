"""One page of the current values of many series, made by one statement.

Observations and the derived values that none outranks, in one order: series, then period as
`Period.sort_key` has it. As JSON the rows are built in PostgreSQL, as text ready to send; a
serializer is over twenty times slower at 1,200 rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from metrics.selectors.observation_sql import COLUMNS, page_statement
from metrics.selectors.prepared import execute_prepared

Row = tuple[Any, ...]
__all__ = ["COLUMNS", "AskedSeries", "JsonPage", "PageRequest", "Position", "Row"]
__all__ += ["asked_series", "json_page", "page_rows"]


@dataclass(frozen=True, slots=True)
class AskedSeries:
    """What an answer needs to know of a series."""

    id: int
    key: str
    frequency: str
    nature: str
    unit: str
    unit_kind: str


@dataclass(frozen=True, slots=True)
class Position:
    """A row's place in the order; `end` and `start` are date.max where the period has none.

    `tail` tells apart the rows of one period, where a question has several of them.
    """

    series: str
    end: date
    start: date
    period: str
    tail: str = ""

    @property
    def place(self) -> tuple[date, date, str, str]:
        return (self.end, self.start, self.period, self.tail)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which rows: a range that periods must touch, an order within each series, a place in it."""

    limit: int
    start: date | None = None
    end: date | None = None
    is_descending: bool = False
    position: Position | None = None
    is_backward: bool = False


@dataclass(frozen=True, slots=True)
class JsonPage:
    """Rows as the inside of a JSON array; `has_more` in the direction of the request."""

    text: str
    has_more: bool
    first: Position | None
    last: Position | None


ASKED_FIELDS = ("id", "key", "frequency", "indicator__nature", "indicator__unit__key",
                "indicator__unit__kind")  # fmt: skip

# Every answer asks this, and to build the query takes longer than to run it.
_ASKED = """
SELECT s.id, s.key, s.frequency, i.nature, u.key, u.kind
FROM metrics_series s JOIN metrics_indicator i ON i.id = s.indicator_id
JOIN metrics_unit u ON u.id = i.unit_id WHERE s.key = ANY(%s::text[])
"""


def asked_series(keys: Sequence[str]) -> dict[str, AskedSeries]:
    """The series of these keys, by key; unknown keys are left out. One query."""
    with connection.cursor() as cursor:
        execute_prepared(cursor, _ASKED, [list(keys)])
        rows = cursor.fetchall()
    return {row[1]: AskedSeries(*row) for row in rows}


def json_page(asked: Sequence[AskedSeries], request: PageRequest) -> JsonPage:
    """A page as JSON text. One query."""
    statement, parameters = page_statement(asked, request, as_json=True)
    with connection.cursor() as cursor:
        execute_prepared(cursor, statement, parameters)
        text, count, first, last = cursor.fetchone()
    ends = (_position(first), _position(last))
    if request.is_backward:
        ends = ends[::-1]
    return JsonPage(text or "", count > request.limit, *ends)


def page_rows(asked: Sequence[AskedSeries], request: PageRequest) -> list[Row]:
    """The rows of a page in the order of COLUMNS, and one more where there are more. One query.

    Of a request backwards the rows come in the order of reading away from its position.
    """
    statement, parameters = page_statement(asked, request, as_json=False)
    with connection.cursor() as cursor:
        execute_prepared(cursor, statement, parameters)
        rows: list[Row] = cursor.fetchall()
    return rows


def _position(fields: list[str] | None) -> Position | None:
    if fields is None:
        return None
    series, end, start, period = fields
    return Position(series, date.fromisoformat(end), date.fromisoformat(start), period)
