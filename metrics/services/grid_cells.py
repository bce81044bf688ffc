"""Cells of the grid, read as saving would read them: same, new, changed, refused."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache

from django.utils.translation import gettext as _

from metrics.models import NullReason, Observation, Release, Series, Source, StagedObservation
from metrics.selectors.grid import Slot, cell_text, current_slots, texts_as_of
from metrics.selectors.printing import reason_text
from metrics.selectors.values import Cell
from metrics.services.observations import STATEMENT_FIELDS
from metrics.services.staging import StagingError, stage_observation
from metrics.translation import translated

LONGEST_TEXT = 200
LANGUAGES = ("zh-hans", "en")


class State(StrEnum):
    SAME = "same"
    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    INVALID = "invalid"
    CONFLICT = "conflict"


REFUSED = (State.INVALID, State.CONFLICT)
WRITTEN = (State.NEW, State.CHANGED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a cell was made to read, and the seq of its slot when it was shown (0: empty)."""

    series_id: int
    period: str
    base: int
    text: str

    @property
    def cell(self) -> Cell:
        return self.series_id, self.period


@dataclass(frozen=True, slots=True)
class Said:
    """What holds for the whole block. Without a source each changed cell keeps its own."""

    source: Source | None = None
    locator: str = ""
    vintage_on: date | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What saving a cell would do. `text` and `seq` are what stands there now."""

    typed: Typed
    state: State
    text: str = ""
    seq: int = 0
    message: str = ""
    row: StagedObservation | None = None


def judge_cells(
    typed: Sequence[Typed], said: Said, *, language: str, release: Release | None = None
) -> list[Judged]:
    """Read every cell as saving would, and save nothing. Three queries, whatever their number.

    A cell that still reads as it was shown is the same; one that somebody changed since then and
    that reads otherwise is a conflict.
    """
    ids = {one.series_id for one in typed}
    series = Series.objects.with_definitions().in_bulk(ids)
    slots = current_slots(ids, {one.period for one in typed})
    stale = {one.cell: one.base for one in typed if slots.get(one.cell, Slot()).seq != one.base}
    shown = texts_as_of(stale, language) if stale else {}
    judge = _Judge(said, language, release or Release())
    return [
        judge(
            one,
            series.get(one.series_id),
            slots.get(one.cell, Slot()),
            shown.get(one.cell, "") if one.cell in stale else None,
        )
        for one in typed
    ]


@dataclass(frozen=True, slots=True)
class _Judge:
    said: Said
    language: str
    release: Release

    def __call__(
        self, typed: Typed, series: Series | None, slot: Slot, shown: str | None
    ) -> Judged:
        """`shown` is what the cell read when it was shown, where that is not what it reads now."""
        now = cell_text(slot.preferred, self.language)
        neat = " ".join(typed.text.split())
        as_is = Judged(typed, State.SAME, now, slot.seq)
        if {typed.text, neat} & {now, shown}:
            return as_is
        typed = replace(typed, text=neat)
        as_is = replace(as_is, typed=typed)
        if shown is not None:
            return replace(as_is, state=State.CONFLICT, message=_conflict(slot.preferred, now))
        if series is None:
            return replace(as_is, state=State.INVALID, message=_("This series is unknown."))
        try:
            row = self._row(typed, series, slot)
        except StagingError as error:
            return replace(as_is, state=State.INVALID, message=translated(error.message))
        return replace(as_is, state=_state(row, slot.preferred), row=row)

    def _row(self, typed: Typed, series: Series, slot: Slot) -> StagedObservation:
        current = slot.preferred
        if not typed.text and current is not None:
            return _withdrawal(self.release, series, current)
        source = self.said.source or (current.source if current is not None else Source())
        if len(typed.text) > LONGEST_TEXT:
            text = _("%(length)d characters; expected at most %(most)d.")
            values = {"length": len(typed.text), "most": LONGEST_TEXT}
            raise StagingError("stated", text % values)
        kept = slot.by_source.get(source.pk or 0)
        reason = _reason_typed(typed.text)
        row = stage_observation(
            self.release,
            series=series,
            period=typed.period,
            source=source,
            stated="" if reason else typed.text,
            null_reason=reason,
            status=_status(kept, reason),
            locator=self.said.locator or (kept.locator if kept else ""),
            note=kept.note if kept else "",
            vintage_on=self.said.vintage_on or (kept.vintage_on if kept else None),
        )
        if source.pk is None:
            raise StagingError("source", _("A new value needs a source; choose it below."))
        return row


def _withdrawal(release: Release, series: Series, row: Observation) -> StagedObservation:
    return stage_observation(
        release,
        series=series,
        period=row.period,
        source=row.source,
        locator=row.locator,
        preferred=row.preferred,
        action=StagedObservation.Action.WITHDRAW,
    )


def _status(kept: Observation | None, reason: str) -> str:
    if reason:
        return "M"
    return kept.status if kept is not None and kept.value is not None else "A"


def _reason_typed(text: str) -> str:
    """The reason for no value that a cell names by its code or in words of either language."""
    return _reasons().get(text, "")


@cache
def _reasons() -> dict[str, str]:
    codes = [str(code) for code in NullReason.values if code != NullReason.WITHDRAWN]
    return {
        name: code
        for code in codes
        for name in (code, *(reason_text(code, language) for language in LANGUAGES))
    }


def _state(row: StagedObservation, current: Observation | None) -> State:
    if current is None:
        return State.NEW
    if row.action == StagedObservation.Action.WITHDRAW:
        return State.WITHDRAWN
    is_same = row.source_id == current.source_id and all(
        getattr(row, name) == getattr(current, name) for name in STATEMENT_FIELDS
    )
    return State.SAME if is_same else State.CHANGED


def _conflict(row: Observation | None, text: str) -> str:
    if row is None or row.null_reason == NullReason.WITHDRAWN:
        return _("Somebody withdrew this value meanwhile.")
    values = {"text": text, "seq": row.seq_from}
    return _("Somebody changed this to “%(text)s” meanwhile (change %(seq)d).") % values
