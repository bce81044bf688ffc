"""Adding past vintages: what a source said before we began to record it."""

from collections.abc import Sequence
from datetime import date, datetime
from time import monotonic
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from metrics.models import Change, Observation, Release, StagedObservation
from metrics.participants import participants
from metrics.selectors.vintages import Vintages, series_vintages
from metrics.services.clock import lock_clock, settle, tick
from metrics.services.observations import as_observation
from metrics.services.publishing import ReleaseStateError
from metrics.stats.periods import Period


class BackfillError(ValueError):
    """A row that is no past vintage: its place (from 0), the field, and what is expected."""

    def __init__(self, row: int, field: str, message: str) -> None:
        super().__init__(f"row {row + 1}, {field}: {message}")
        self.row = row
        self.field = field
        self.message = message


def may_backfill(user: Any) -> bool:
    return bool(user is not None and user.has_perm("metrics.backfill_vintage"))


def backfill_vintages(
    rows: Sequence[StagedObservation], *, actor: Any, now: datetime
) -> Change | None:
    """Record what sources said in the past, as `realtime_*` and `vintage_dates` answer it.

    `rows` are staged rows of one release (`stage_observation`; they need not be saved), each with
    `vintage_on`: a day before that of the value now preferred. They are stored with an empty
    interval of seqs, so no answer as of any seq, past or coming, ever shows them. A vintage that is
    known already, with the same statement, writes nothing; None where all are.
    `actor` needs the permission "metrics.backfill_vintage", or is None for the system. Raises
    PermissionDenied, BackfillError, or ReleaseStateError for a release that is not open.
    """
    if actor is not None and not may_backfill(actor):
        raise PermissionDenied("This user may not backfill vintages.")
    started = monotonic()
    with transaction.atomic():
        lock_clock()
        release = _open_release(rows)
        new = _new_rows(rows)
        if not new:
            return None
        change = tick(release.kind, now=now, release=release, actor=actor)
        Observation.objects.bulk_create([_backfilled(row, change) for row in new], batch_size=2000)
        change.summary = {"backfilled": len(new)}
        release.state = Release.State.PUBLISHED
        release.save(update_fields=["state"])
        for participant in participants():
            participant.series_changed({row.series_id for row in new}, change)
        change.save(update_fields=["summary"])
        settle(change, started)
    return change


def _open_release(rows: Sequence[StagedObservation]) -> Release:
    ids = {row.release_id for row in rows}
    if len(ids) != 1:
        raise ValueError("Expected rows of one release.")
    release: Release = Release.objects.select_for_update().get(pk=ids.pop())
    if not release.is_open:
        raise ReleaseStateError(f"Release {release.pk} is {release.state}.")
    return release


def find_misplaced(rows: Sequence[StagedObservation]) -> list[BackfillError]:
    """What makes rows no past vintages, row by row; empty where all are. Two queries."""
    return _sort_out(rows)[1]


def _new_rows(rows: Sequence[StagedObservation]) -> list[StagedObservation]:
    """The rows that say something new; raises BackfillError. Two queries."""
    new, errors = _sort_out(rows)
    if errors:
        raise errors[0]
    return new


def _sort_out(
    rows: Sequence[StagedObservation],
) -> tuple[list[StagedObservation], list[BackfillError]]:
    known = series_vintages({row.series_id for row in rows})
    new: list[StagedObservation] = []
    errors: list[BackfillError] = []
    days: set[tuple[int, str, date | None]] = set()
    for number, row in enumerate(rows):
        slot = (row.series_id, row.period, row.vintage_on)
        try:
            _check(number, row, known[row.series_id])
            if slot in days:
                raise BackfillError(number, "vintage_on", f"{row.vintage_on} is given twice")
        except BackfillError as error:
            errors.append(error)
            continue
        days.add(slot)
        if not _is_known(row, known[row.series_id]):
            new.append(row)
    return new, errors


def _check(number: int, row: StagedObservation, known: Vintages) -> None:
    told = known.get(Period.parse(row.period), [])
    if row.action != StagedObservation.Action.RECORD:
        raise BackfillError(number, "action", "expected a value: the past is not withdrawn")
    if row.vintage_on is None:
        raise BackfillError(number, "vintage_on", "expected the day of publication by the source")
    if not told:
        raise BackfillError(number, "period", "expected a period with a current value")
    if row.vintage_on >= told[-1].realtime_from:
        raise BackfillError(
            number, "vintage_on", f"expected a day before {told[-1].realtime_from}, the current one"
        )
    for vintage in told:
        recorded = vintage.realtime_from == row.vintage_on and not vintage.statement.is_backfilled
        if recorded and not _is_known(row, known):
            raise BackfillError(number, "vintage_on", f"{row.vintage_on} is recorded otherwise")


def _is_known(row: StagedObservation, known: Vintages) -> bool:
    """Whether the vintage of that day says the same."""
    for vintage in known.get(Period.parse(row.period), []):
        value = vintage.statement.value
        if vintage.realtime_from == row.vintage_on:
            return (value.figure.value, value.stated, value.source_id, value.locator) == (
                row.value,
                row.stated,
                row.source_id,
                row.locator,
            )
    return False


def _backfilled(row: StagedObservation, change: Change) -> Observation:
    return as_observation(row, change, preferred=False, seq_to=change.seq)
