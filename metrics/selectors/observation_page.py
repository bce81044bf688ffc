"""One page of the current values of many series, made by one statement.

Observations and the derived values that none outranks, in one order: series, then period as
`Period.sort_key` has it. As JSON the rows are built in PostgreSQL, as text ready to send; a
serializer is over twenty times slower at 1,200 rows.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from metrics.selectors.at_once import Cells
from metrics.selectors.journey import texts_of_one_moment
from metrics.selectors.moment import LATEST
from metrics.selectors.observation_sql import COLUMNS, page_statement
from metrics.selectors.prepared import execute_prepared

Row = tuple[Any, ...]
__all__ = ["COLUMNS", "AskedSeries", "JsonPage", "PageRequest", "PlainAnswer", "Position", "Row"]
__all__ += ["asked_series", "page_rows", "plain_answer"]


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
    """Which rows: a range that periods must touch, an order within each series, a place in it.

    `seq` is that of the first page, of which those that follow are as well. `after_seq`: only rows
    that went live after it.
    """

    limit: int
    start: date | None = None
    end: date | None = None
    is_descending: bool = False
    position: Position | None = None
    is_backward: bool = False
    seq: int | None = None
    after_seq: int | None = None


@dataclass(frozen=True, slots=True)
class JsonPage:
    """Rows as the inside of a JSON array; `has_more` in the direction of the request."""

    body: bytes
    has_more: bool

    @property
    def first(self) -> Position | None:
        row, is_cut, _rest = self.body.partition(_BETWEEN)
        return _position(row + b"}" if is_cut else row)

    @property
    def last(self) -> Position | None:
        _rest, is_cut, row = self.body.rpartition(_BETWEEN)
        return _position(_BEGIN + row if is_cut else row)


@dataclass(frozen=True, slots=True)
class PlainAnswer:
    """The page of the series that were found, by key, as of a seq."""

    seq: int
    asked: dict[str, AskedSeries]
    page: JsonPage


ASKED_FIELDS = ("id", "key", "frequency", "indicator__nature", "indicator__unit__key",
                "indicator__unit__kind")  # fmt: skip

# Nowhere but between two rows: within a text every quotation mark has a backslash before it.
_BETWEEN, _BEGIN = b'},{"series":', b'{"series":'
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


def plain_answer(keys: Sequence[str], request: PageRequest) -> PlainAnswer:
    """The current values of these series as JSON; unknown keys are left out. One query."""
    latest, series, rows = texts_of_one_moment(
        (LATEST, []), (_ASKED, [list(keys)]), page_statement(keys, request, as_json=True)
    )
    asked = [_asked_of(cells) for cells in series]
    page = json_page([(text or b"", int(count or 0)) for text, count in rows], request)
    return PlainAnswer(int(latest[0][0] or 0), {one.key: one for one in asked}, page)


def page_rows(asked: Sequence[AskedSeries], request: PageRequest) -> list[Row]:
    """The rows of a page in the order of COLUMNS, and one more where there are more. One query.

    Of a request backwards the rows come in the order of reading away from its position.
    """
    statement, parameters = page_statement([one.key for one in asked], request, as_json=False)
    with connection.cursor() as cursor:
        execute_prepared(cursor, statement, parameters)
        rows: list[Row] = cursor.fetchall()
    return rows


def _asked_of(cells: Cells) -> AskedSeries:
    pk, *texts = [(cell or b"").decode() for cell in cells]
    return AskedSeries(int(pk), *texts)


def json_page(texts: Sequence[tuple[bytes, int]], request: PageRequest) -> JsonPage:
    """Of the rows of each series and their number, read away from the position; all together one
    row more than the limit where there are more.
    """
    parts = [text for text, _count in texts]
    has_more = sum(count for _text, count in texts) > request.limit
    if has_more:
        parts[-1] = _without_furthest(parts[-1], is_backward=request.is_backward)
    if request.is_backward:
        parts.reverse()
    return JsonPage(b",".join(part for part in parts if part), has_more)


def _without_furthest(text: bytes, *, is_backward: bool) -> bytes:
    """Rows in the order of reading, without the one that is furthest from the position."""
    if is_backward:
        _row, is_cut, rest = text.partition(_BETWEEN)
        return _BEGIN + rest if is_cut else b""
    rest, is_cut, _row = text.rpartition(_BETWEEN)
    return rest + b"}" if is_cut else b""


def _position(row: bytes) -> Position | None:
    """The place of a row, by what it says of itself; None without a row."""
    if not row:
        return None
    told = json.loads(row)
    start = told["period_start"] or str(date.max)
    end = told["period_end"] or start
    return Position(
        told["series"], date.fromisoformat(end), date.fromisoformat(start), told["period"]
    )
