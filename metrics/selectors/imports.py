"""How far a file has come, and what an undo of it would leave as it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from metrics.models import Change, ImportBatch

State, Phase = ImportBatch.State, ImportBatch.Phase
MOVING = (State.UPLOADED, State.CHECKING)
# A rate of less than this is no rate yet.
SETTLED = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """`rate` is in rows a second; None where it, or the time left, cannot be told.

    `waiting` is how long a file that nobody has taken yet has been waiting.
    """

    state: str
    phase: str
    rows_done: int
    rows_total: int
    rate: float | None
    remaining: timedelta | None
    waiting: timedelta

    @property
    def is_moving(self) -> bool:
        return self.state in MOVING


def import_progress(batch: ImportBatch, now: datetime) -> ImportProgress:
    """How far the check of a file has come; of the batch as it was read, without a query."""
    rate = _rate(batch, now)
    left = max(batch.rows_total - batch.rows_done, 0)
    return ImportProgress(
        state=batch.state,
        phase=batch.phase,
        rows_done=batch.rows_done,
        rows_total=batch.rows_total,
        rate=rate,
        remaining=timedelta(seconds=left / rate) if rate else None,
        waiting=max(now - batch.uploaded_at, timedelta(0)),
    )


def _rate(batch: ImportBatch, now: datetime) -> float | None:
    is_reading = batch.state == State.CHECKING and batch.phase == Phase.READING
    if not is_reading or batch.started_at is None or not batch.rows_done:
        return None
    elapsed = now - batch.started_at
    return batch.rows_done / elapsed.total_seconds() if elapsed >= SETTLED else None


def changes_since(batch: ImportBatch) -> int:
    """How many publications there were since the file was compared. One query."""
    if batch.base_seq is None:
        return 0
    since = Change.objects.filter(seq__gt=batch.base_seq)
    return since.exclude(kind=Change.Kind.REFRESH).count()
