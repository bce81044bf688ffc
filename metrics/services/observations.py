"""Recording observations: append-only, close and insert."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from metrics.models import Change, Observation, StagedObservation

# What makes two rows the same statement; a row that differs in none of these is not written.
STATEMENT_FIELDS = (
    "value",
    "stated",
    "resolution",
    "lower",
    "upper",
    "qualifier",
    "status",
    "null_reason",
    "locator",
    "note",
    "vintage_on",
    "preferred",
)


@dataclass(slots=True)
class Recorded:
    """What a recording did: rows inserted and closed, and the slots readers see differently."""

    inserted: int = 0
    closed: int = 0
    touched: set[tuple[int, str]] = field(default_factory=set)


def record_observations(rows: Sequence[StagedObservation], change: Change) -> Recorded:
    """Write the difference between staged rows and the current ones, visible from `change.seq`.

    The caller holds the publishing lock. A row equal to the current one of its source writes
    nothing. A preferred row takes the preference from its rivals, which are closed and inserted
    again without it. A withdrawal closes the row and inserts one without a value and with the
    reason "withdrawn".
    """
    recorded = Recorded()
    current = _current_rows(rows)
    staged = {(row.series_id, row.period, row.source_id) for row in rows}
    closing: list[Observation] = []
    inserting: list[Observation] = []
    for row in rows:
        slot = current.setdefault((row.series_id, row.period), {})
        rival = slot.get(row.source_id)
        if rival is not None and _same(rival, row):
            continue
        if rival is not None:
            closing.append(rival)
        inserting.append(_staged(row, change))
        if row.preferred:
            # A rival that this release states itself says there whether it is preferred.
            rivals = [
                other
                for source_id, other in slot.items()
                if (row.series_id, row.period, source_id) not in staged
            ]
            _take_preference(rivals, change, closing, inserting)
        recorded.touched.add((row.series_id, row.period))
    recorded.closed = _close(closing, change)
    recorded.inserted = len(Observation.objects.bulk_create(inserting, batch_size=2000))
    return recorded


def _current_rows(
    rows: Iterable[StagedObservation],
) -> dict[tuple[int, str], dict[int, Observation]]:
    """Current rows of the series concerned: {(series, period): {source: row}}."""
    slots: dict[tuple[int, str], dict[int, Observation]] = {}
    series_ids = {row.series_id for row in rows}
    for observation in Observation.objects.current().filter(series__in=series_ids):
        slot = slots.setdefault((observation.series_id, observation.period), {})
        slot[observation.source_id] = observation
    return slots


def _same(observation: Observation, row: StagedObservation) -> bool:
    if row.action == StagedObservation.Action.WITHDRAW:
        return observation.null_reason == "withdrawn"
    return all(getattr(observation, name) == getattr(row, name) for name in STATEMENT_FIELDS)


def as_observation(
    row: StagedObservation | Observation, change: Change, **differing: Any
) -> Observation:
    """An unsaved observation that says what the row says, but for `differing`, from a change on."""
    fields = {name: getattr(row, name) for name in STATEMENT_FIELDS} | differing
    return Observation(
        series_id=row.series_id,
        period=row.period,
        period_start=row.period_start,
        period_end=row.period_end,
        source_id=row.source_id,
        release_id=row.release_id,
        seq_from=change.seq,
        **fields,
    )


def _staged(row: StagedObservation, change: Change) -> Observation:
    if row.action == StagedObservation.Action.WITHDRAW:
        return as_observation(
            row,
            change,
            value=None,
            lower=None,
            upper=None,
            resolution=None,
            null_reason="withdrawn",
            status="M",
        )
    return as_observation(row, change)


def _take_preference(
    rivals: Iterable[Observation],
    change: Change,
    closing: list[Observation],
    inserting: list[Observation],
) -> None:
    """Close the preferred rivals in a slot and insert them again as not preferred."""
    for rival in rivals:
        if rival.preferred:
            closing.append(rival)
            inserting.append(as_observation(rival, change, preferred=False))


def _close(rows: Iterable[Observation], change: Change) -> int:
    ids = [row.pk for row in rows]
    return Observation.objects.filter(Q(pk__in=ids)).update(seq_to=change.seq) if ids else 0
