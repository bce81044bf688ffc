"""Checking a file as a whole: read, compared with what stands; nothing of it is visible yet."""

import logging
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import BinaryIO, cast

from django.core.files.base import File
from django.db.models import Q

from metrics.models import Change, ImportBatch
from metrics.nudge import nudge
from metrics.services.imports.backfilling import backfill_problems
from metrics.services.imports.comparing import (
    compare,
    find_twice,
    leave_out_redacted,
    says_nothing_new,
)
from metrics.services.imports.layout import thaw_layout
from metrics.services.imports.limits import MOST_BACKFILLED, MOST_PROBLEMS, refuse_large
from metrics.services.imports.opening import is_workbook, open_rows
from metrics.services.imports.problems import FileRefusedError, Problems
from metrics.services.imports.reading import Reader
from metrics.services.imports.resolving import Resolver
from metrics.services.imports.storing import (
    BatchHeldError,
    forget,
    holding,
    store_findings,
    store_rows,
)
from metrics.services.imports.uploading import CHECK_TASK

logger = logging.getLogger(__name__)

State, Phase = ImportBatch.State, ImportBatch.Phase
OPEN = (State.UPLOADED, State.CHECKING)
# A failed check is not tried again by itself; a batch that nobody came for is, after this.
PATIENCE = timedelta(seconds=30)


def check_import(batch_id: int, *, now: datetime) -> ImportBatch:
    """Read the file of a batch, tell what is wrong or what would change. Safe to run twice.

    A batch that another worker has in hand, or that is not open any more, is left as it is. A
    file that cannot be read at all ends as "invalid" with one problem, an error of ours as
    "failed" with its text. Progress is saved as it goes.
    """
    try:
        with holding(batch_id):
            batch = ImportBatch.objects.get(pk=batch_id)
            if batch.state in OPEN:
                _check(batch, now)
            return batch
    except BatchHeldError:
        return ImportBatch.objects.get(pk=batch_id)


def compare_again(batch_id: int, *, now: datetime) -> ImportBatch:
    """Compare a checked file with what stands now, without reading it again."""
    with holding(batch_id):
        batch = ImportBatch.objects.get(pk=batch_id)
        if batch.state in (State.STAGED, State.UNCHANGED):
            if batch.rows.exists() or not batch.rows_done:
                _save(batch, state=State.CHECKING, phase=Phase.COMPARING, started_at=now)
                _compare(batch, now, monotonic())
            else:
                _check(batch, now)
        return batch


def resume_imports(now: datetime) -> int:
    """Ask again for the check of what nobody works at: a message was lost or a worker died."""
    waiting = ImportBatch.objects.filter(
        Q(state=State.UPLOADED, uploaded_at__lt=now - PATIENCE) | Q(state=State.CHECKING)
    )
    count = 0
    for pk in waiting.values_list("pk", flat=True):
        try:
            with holding(pk):
                nudge(CHECK_TASK, pk)
                count += 1
        except BatchHeldError:
            continue
    return count


def _check(batch: ImportBatch, now: datetime) -> None:
    started = monotonic()
    forget(batch)
    _save(
        batch,
        state=State.CHECKING,
        phase=Phase.READING,
        started_at=now,
        finished_at=None,
        rows_done=0,
        failure="",
    )
    try:
        if says_nothing_new(batch):
            _finish(batch, now, started, state=State.UNCHANGED)
        elif _read(batch, now, started):
            _compare(batch, now, started)
    except Exception as error:
        logger.exception("import_failed", extra={"batch": batch.pk})
        _finish(batch, now, started, state=State.FAILED, failure=str(error)[:2000])


def _read(batch: ImportBatch, now: datetime, started: float) -> bool:
    """Read and keep the rows; whether nothing is wrong with them."""
    layout = thaw_layout(batch.layout_frozen)
    problems = Problems(MOST_PROBLEMS)
    reader = Reader(batch.pk, layout, Resolver(layout), problems)
    try:
        _store(batch, reader)
    except FileRefusedError as error:
        problems.extend([error.problem])
    if not problems.count and reader.repeats.are_possible:
        problems.extend(find_twice(batch, MOST_PROBLEMS))
    if not problems.count and layout.is_backfill:
        if batch.rows.count() > MOST_BACKFILLED:
            problems.add(0, "too_many_backfilled", limit=MOST_BACKFILLED)
        else:
            problems.extend(backfill_problems(batch))
    store_findings(batch, reader.resolver, problems)
    _save(batch, errors=problems.count, skipped=problems.skipped)
    if problems.count:
        _finish(batch, now, started, state=State.INVALID)
    return not problems.count


def _store(batch: ImportBatch, reader: Reader) -> None:
    layout = reader.layout
    refuse_large(batch.size, is_workbook=is_workbook(batch.file_name, layout))
    with (
        batch.file.open("rb") as file,
        open_rows(_innermost(file), batch.file_name, layout) as (rows, total),
    ):
        _save(batch, rows_total=max(total - layout.header_row, 0))
        store_rows(reader, rows, partial(_tell, batch, layout.header_row))
    _save(batch, rows_total=batch.rows_done)


def _innermost(file: "File[bytes]") -> BinaryIO:
    """The file that Django's own are wrapped around: those are asked in Python at every line."""
    inner: object = file
    while isinstance(inner, File) and inner.file is not None:
        inner = inner.file
    return cast(BinaryIO, inner)


def _tell(batch: ImportBatch, headers: int, done: int) -> None:
    _save(batch, rows_done=max(done - headers, 0))


def _compare(batch: ImportBatch, now: datetime, started: float) -> None:
    _save(batch, phase=Phase.COMPARING)
    batch.skipped += leave_out_redacted(batch)
    if thaw_layout(batch.layout_frozen).is_backfill:
        batch.new, batch.base_seq = batch.rows.count(), Change.objects.latest_seq()
        differs = bool(batch.new)
    else:
        found = compare(batch)
        batch.new, batch.changed = found.new, found.changed
        batch.same, batch.withdrawn = found.same, found.withdrawn
        differs = found.differs
    _finish(batch, now, started, state=State.STAGED if differs else State.UNCHANGED, conflicts=0)


def _finish(batch: ImportBatch, now: datetime, started: float, **fields: object) -> None:
    took = timedelta(seconds=monotonic() - started)
    _save(
        batch,
        phase=Phase.DONE,
        finished_at=now + took,
        new=batch.new,
        changed=batch.changed,
        same=batch.same,
        withdrawn=batch.withdrawn,
        base_seq=batch.base_seq,
        skipped=batch.skipped,
        rows_done=batch.rows_done,
        rows_total=batch.rows_total,
        **fields,
    )


def _save(batch: ImportBatch, **fields: object) -> None:
    """Set and save these fields only; others see them at once."""
    for name, value in fields.items():
        setattr(batch, name, value)
    batch.save(update_fields=list(fields))
