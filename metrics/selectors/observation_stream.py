"""All rows of very many series, one batch after the other, in memory that does not grow.

Series come a few at a time, in the order of their keys; the rows of those few come through a
server-side cursor. So the first rows are there at once, and neither side ever holds or sorts all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Collate

from metrics.models import DerivedValue, Observation, Series
from metrics.selectors.batches import batched
from metrics.selectors.observation_page import ASKED_FIELDS, AskedSeries, PageRequest, Row
from metrics.selectors.observation_rows import observation_rows
from metrics.selectors.observation_sql import stream_statement
from metrics.selectors.question import Question
from metrics.selectors.row_pages import rows_page

SERIES_AT_ONCE = 100
ROWS_AT_ONCE = 2_000


def series_of(
    *, entity: str | None = None, indicator: str | None = None, source: str | None = None
) -> QuerySet[Series]:
    """The series of an entity, of an indicator, and with a current value of a source."""
    rows = Series.objects.order_by(Collate("key", "C"))
    if entity is not None:
        rows = rows.filter(entity__slug=entity)
    if indicator is not None:
        rows = rows.filter(indicator__key=indicator)
    if source is not None:
        told = Observation.objects.current().filter(series=OuterRef("pk"), source__slug=source)
        rows = rows.filter(Exists(told))
    return rows


def has_more_rows(series: QuerySet[Series], most: int, after_seq: int | None = None) -> bool:
    """Whether the series have more current values than so many (that went live after a seq),
    derived ones counted. Two queries, of which none reads further than it must.
    """
    ids = series.order_by().values("pk")
    since = after_seq or 0
    stated = Observation.objects.current().preferred().filter(series__in=ids, seq_from__gt=since)
    stated = stated.order_by()
    count = stated.values("pk")[: most + 1].count()
    derived = DerivedValue.objects.filter(series__in=ids, computed_seq__gt=since).order_by()
    return count > most or count + derived.values("pk")[: most + 1].count() > most


def asked_batches(series: QuerySet[Series]) -> Iterator[Sequence[AskedSeries]]:
    rows = series.values_list(*ASKED_FIELDS).iterator(SERIES_AT_ONCE)
    return batched((AskedSeries(*row) for row in rows), SERIES_AT_ONCE)


def row_batches(
    series: QuerySet[Series], question: Question, request: PageRequest
) -> Iterator[Sequence[Row]]:
    """Rows in the order of the question's columns; see observation_rows for what it raises."""
    for asked in asked_batches(series):
        if question.is_plain:
            yield from _fetched(asked, request, as_json=False)
        else:
            rows = observation_rows(asked, question, request)
            whole = replace(request, limit=len(rows) + 1)
            yield from batched(rows_page(rows, whole).rows, ROWS_AT_ONCE)


def line_batches(series: QuerySet[Series], request: PageRequest) -> Iterator[Sequence[str]]:
    """The plain rows, each as JSON that the database made."""
    for asked in asked_batches(series):
        for rows in _fetched(asked, request, as_json=True):
            yield [text for (text,) in rows]


def _fetched(
    asked: Sequence[AskedSeries], request: PageRequest, *, as_json: bool
) -> Iterator[list[tuple[Any, ...]]]:
    keys = [one.key for one in asked]
    statement, parameters = stream_statement(keys, request, as_json=as_json)
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield rows
