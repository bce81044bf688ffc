"""Recording observations: append-only, close and insert."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from metrics.models import Change, Observation, StagedObservation
from metrics.selectors.preferences import Slot, standing_preferences

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
    touched: set[Slot] = field(default_factory=set)


def record_observations(rows: Sequence[StagedObservation], change: Change) -> Recorded:
    """Write the difference between staged rows and the current ones, visible from `change.seq`.

    The caller holds the publishing lock. A row equal to the current one of its source writes
    nothing. Which source is preferred, `preferred_source` tells; a row whose preference changes is
    closed and inserted again. A withdrawal closes the row and inserts one without a value and with
    the reason "withdrawn"; it takes no preference that its source does not have.
    """
    current = _current_rows(rows)
    decided = standing_preferences({row.series_id for row in rows})
    slots: dict[Slot, list[StagedObservation]] = {}
    for row in rows:
        slots.setdefault((row.series_id, row.period), []).append(row)
    written = Written(change)
    for slot, staged in slots.items():
        _record_slot(staged, current.get(slot, {}), decided.of(slot), written)
    return written.save()


def preferred_source(
    current: Mapping[int, bool], staged: Mapping[int, bool], decided: int | None
) -> int | None:
    """The source that speaks for a slot, of {source: claims to be preferred} now and staged.

    The one decided for, if it states anything there; else the last that is staged as preferred;
    else the one that is preferred now; else the first that is staged. So a slot in which anything
    is stated has a value, and what is recorded never overrules a decision.
    """
    if decided is not None and (decided in current or decided in staged):
        return decided
    claiming = [source for source, claims in staged.items() if claims]
    standing = [source for source, claims in current.items() if claims]
    if claiming:
        return claiming[-1]
    return next(iter([*standing, *staged]), None)


@dataclass(slots=True)
class Written:
    """Rows to close and to insert by a change."""

    change: Change
    closing: list[Observation] = field(default_factory=list)
    inserting: list[Observation] = field(default_factory=list)
    touched: set[Slot] = field(default_factory=set)

    def replace(self, old: Observation | None, new: Observation) -> None:
        if old is not None:
            self.closing.append(old)
        self.inserting.append(new)
        self.touched.add((new.series_id, new.period))

    def prefer(self, rows: Iterable[Observation], source_id: int | None) -> None:
        """Close rows of a slot whose preference is another, and insert them again with it."""
        for row in rows:
            is_preferred = row.source_id == source_id
            if row.preferred != is_preferred:
                self.replace(row, as_observation(row, self.change, preferred=is_preferred))

    def save(self) -> Recorded:
        """Close first: of a slot one row at a time is preferred."""
        ids = [row.pk for row in self.closing]
        closed = 0
        if ids:
            closed = Observation.objects.filter(pk__in=ids).update(seq_to=self.change.seq)
        inserted = len(Observation.objects.bulk_create(self.inserting, batch_size=2000))
        return Recorded(inserted, closed, self.touched)


def _record_slot(
    staged: Sequence[StagedObservation],
    current: Mapping[int, Observation],
    decided: int | None,
    written: Written,
) -> None:
    claims = {source: row.preferred for source, row in current.items()}
    staged_claims = {
        # A withdrawal may give the preference up, and never takes it.
        row.source_id: row.preferred
        and (row.action == StagedObservation.Action.RECORD or claims.get(row.source_id, False))
        for row in staged
    }
    source_id = preferred_source(claims, staged_claims, decided)
    for row in staged:
        old, is_preferred = current.get(row.source_id), row.source_id == source_id
        if old is None or not _same(old, row, is_preferred):
            written.replace(old, _staged(row, written.change, is_preferred))
    written.prefer(
        (row for source, row in current.items() if source not in staged_claims), source_id
    )


def _current_rows(
    rows: Iterable[StagedObservation],
) -> dict[Slot, dict[int, Observation]]:
    """Current rows of the series concerned: {(series, period): {source: row}}."""
    slots: dict[Slot, dict[int, Observation]] = {}
    series_ids = {row.series_id for row in rows}
    for observation in Observation.objects.current().filter(series__in=series_ids):
        slot = slots.setdefault((observation.series_id, observation.period), {})
        slot[observation.source_id] = observation
    return slots


def _same(observation: Observation, row: StagedObservation, is_preferred: bool) -> bool:
    if observation.preferred != is_preferred:
        return False
    if row.action == StagedObservation.Action.WITHDRAW:
        return observation.null_reason == "withdrawn"
    names = (name for name in STATEMENT_FIELDS if name != "preferred")
    return all(getattr(observation, name) == getattr(row, name) for name in names)


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


def _staged(row: StagedObservation, change: Change, is_preferred: bool) -> Observation:
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
            preferred=is_preferred,
        )
    return as_observation(row, change, preferred=is_preferred)
