"""Keeping what was read: rows by COPY, problems and proposals, progress that others can see."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from metrics.models import (
    ImportBatch,
    ImportDifference,
    ImportProblem,
    ImportRow,
    ProposedEntity,
    ProposedSeries,
)
from metrics.services.imports.blocks import Chunk, Texts
from metrics.services.imports.problems import Problems
from metrics.services.imports.proposed import NewEntity
from metrics.services.imports.reading import Reader
from metrics.services.imports.resolving import Resolver

BATCH_LOCK = 0x696D7074  # "impt"
# Cells of the file that are held at once: they go into one transaction, which shows the progress.
CELLS = 100_000


class BatchHeldError(Exception):
    """Another worker has this batch in hand."""


@contextmanager
def holding(batch_id: int) -> Iterator[None]:
    """Hold a batch for this connection, across its transactions. Raises BatchHeldError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [BATCH_LOCK, batch_id])
        if not cursor.fetchone()[0]:
            raise BatchHeldError(batch_id)
    try:
        yield
    finally:
        # A broken connection has released it already, and keeps the first error from being told.
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [BATCH_LOCK, batch_id])


@contextmanager
def without_collection() -> Iterator[None]:
    """Keep Python from looking for circles among millions of short-lived rows, which have none.

    It would do so again and again, and take longer than the reading.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def forget(batch: ImportBatch) -> None:
    """Remove what an earlier check of the batch left."""
    with transaction.atomic():
        for model in (ImportDifference, ImportRow, ImportProblem, ProposedSeries, ProposedEntity):
            model.objects.filter(batch=batch).delete()


def store_rows(reader: Reader, rows: Iterator[Texts], told: Callable[[int], None]) -> None:
    """COPY the rows of the file as they are read; nothing more is kept once something is wrong.

    What some chunks name is looked up before they are copied: a connection that copies cannot be
    asked.
    """
    with without_collection():
        for chunks in _lots(reader.chunks(rows)):
            reader.look_up(chunks)
            with transaction.atomic():
                _copy(reader, chunks)
                told(chunks[-1].last)


def _lots(chunks: Iterator[Chunk]) -> Iterator[list[Chunk]]:
    lot: list[Chunk] = []
    cells = 0
    for chunk in chunks:
        lot.append(chunk)
        cells += len(chunk.lines) * len(chunk.columns)
        if cells >= CELLS:
            yield lot
            lot, cells = [], 0
    if lot:
        yield lot


def _copy(reader: Reader, chunks: Iterable[Chunk]) -> None:
    columns = SQL(", ").join(map(Identifier, reader.copy_columns))
    statement = SQL("COPY metrics_importrow ({}) FROM STDIN").format(columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for chunk in chunks:
            lines = reader.lines(chunk)
            if not reader.problems.count:
                copy.write(lines)


def store_findings(batch: ImportBatch, resolver: Resolver, problems: Problems) -> None:
    """Keep problems, and where there are none the entities and series to be created."""
    ImportProblem.objects.bulk_create(
        [
            ImportProblem(
                batch=batch,
                row=problem.row,
                column=problem.column,
                cell=problem.cell,
                code=problem.code,
                params=problem.params,
            )
            for problem in problems.found
        ]
    )
    if not problems.count:
        _store_proposals(batch, resolver)


def _store_proposals(batch: ImportBatch, resolver: Resolver) -> None:
    made: dict[NewEntity, ProposedEntity] = {
        new: ProposedEntity(
            batch=batch,
            code=new.code,
            slug=new.slug,
            name_zh_hans=new.name_zh_hans,
            name_en=new.name_en,
            kind=new.kind,
        )
        for new in resolver.new_entities.values()
    }
    ProposedEntity.objects.bulk_create(made.values())
    ProposedSeries.objects.bulk_create(
        [
            ProposedSeries(
                batch=batch,
                reserved_id=new.pk,
                entity_id=new.entity_id,
                proposal=made[new.new_entity] if new.new_entity else None,
                indicator_id=new.indicator_id,
                frequency=new.frequency,
            )
            for new in resolver.new_series
        ],
        batch_size=2000,
    )
