"""Figures that others print, held against what we published: now, as of a moment, or ever."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.db.models import F, Q

from metrics.models import Observation
from metrics.selectors.changed_values import changes_of_series
from metrics.selectors.observation_page import AskedSeries
from metrics.selectors.rule_graph import needed_for
from metrics.selectors.statements import loaded_statements
from metrics.selectors.values import Cell, Value, evaluate
from metrics.stats.matching import agreement
from metrics.stats.periods import Period

# How many earlier states of its inputs a derived value is computed for.
MOST_STATES: Final = 20


class Verdict(StrEnum):
    """What is to be said of a printed figure."""

    MATCH = "match"
    ROUNDED = "rounded_match"
    SUPERSEDED = "superseded"
    NEVER = "never_published"


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as printed: of a series and period, in the series' unit, as of a seq (None: now)."""

    series: AskedSeries
    period: Period
    value: Decimal
    seq: int | None = None

    @property
    def cell(self) -> Cell:
        return self.series.id, self.period.code


@dataclass(frozen=True, slots=True)
class Stood:
    """A published value: readers saw it from `since` until before `until` (None: still)."""

    value: Value
    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict, what the figure agrees with, and what stands now.

    `searched_since`: of a derived value, the seq before which no state was computed; 0: all were.
    """

    verdict: Verdict
    found: Stood | None
    current: Value | None
    searched_since: int = 0


def check_printed(figures: Sequence[Printed]) -> list[Checked]:
    """A verdict for each, in order. The queries grow with the moments asked for and with the
    states computed, not with the figures.
    """
    now = evaluate({one.cell for one in figures})
    then = _as_of(figures)
    first = [_at_its_moment(one, now, then) for one in figures]
    open_ = [one for one, checked in zip(figures, first, strict=True) if checked is None]
    past = _published({one.cell for one in open_})
    second = {id(one): _in_the_past(one, now, past) for one in open_}
    derived = [one for one in open_ if second[id(one)] is None and _is_derived(one, now)]
    computed = _computed(derived)
    return [
        checked
        or second[id(one)]
        or computed.get(id(one))
        or Checked(Verdict.NEVER, None, now[one.cell])
        for one, checked in zip(figures, first, strict=True)
    ]


def _as_of(figures: Sequence[Printed]) -> dict[int, Mapping[Cell, Value | None]]:
    cells: dict[int, set[Cell]] = defaultdict(set)
    for one in figures:
        if one.seq is not None:
            cells[one.seq].add(one.cell)
    return {seq: evaluate(asked, seq) for seq, asked in cells.items()}


def _at_its_moment(
    one: Printed,
    now: Mapping[Cell, Value | None],
    then: Mapping[int, Mapping[Cell, Value | None]],
) -> Checked | None:
    """A match with what stood at the moment that the figure is of."""
    value = now[one.cell] if one.seq is None else then[one.seq][one.cell]
    match = agreement(one.value, value.figure.value if value else None)
    if value is None or match is None:
        return None
    return Checked(Verdict(match.value), Stood(value, value.seq), now[one.cell])


def _published(cells: Collection[Cell]) -> dict[Cell, list[Stood]]:
    """What was stated for the cells and spoke for them once, the latest first. Two queries."""
    if not cells:
        return {}
    rows = Observation.objects.preferred().filter(
        ~Q(seq_to=F("seq_from")) | Q(seq_to=None),
        series__in={series for series, _ in cells},
        period__in={code for _, code in cells},
    )
    found: dict[Cell, list[Stood]] = defaultdict(list)
    for one in reversed(loaded_statements(rows)):
        stood = Stood(one.value, one.value.seq, one.seq_to)
        found[one.series_id, one.value.period.code].append(stood)
    return found


def _in_the_past(
    one: Printed, now: Mapping[Cell, Value | None], past: Mapping[Cell, Sequence[Stood]]
) -> Checked | None:
    """What was published before the figure's moment outranks what came only after it."""
    matching = [
        stood
        for stood in past.get(one.cell, ())
        if agreement(one.value, stood.value.figure.value) is not None
    ]
    before = [stood for stood in matching if one.seq is None or stood.since <= one.seq]
    if before:
        return Checked(Verdict.SUPERSEDED, before[0], now[one.cell])
    if matching:
        return Checked(Verdict.NEVER, matching[0], now[one.cell])
    return None


def _is_derived(one: Printed, now: Mapping[Cell, Value | None]) -> bool:
    value = now[one.cell]
    return value is None or value.rule_version_id is not None


def _computed(figures: Sequence[Printed]) -> dict[int, Checked]:
    """Derived values as they were before each of the last changes of what they are made of."""
    if not figures:
        return {}
    cells = {one.cell for one in figures}
    now = evaluate(cells)
    seqs = changes_of_series(needed_for({pk for pk, _ in cells}), most=MOST_STATES + 1)
    found: dict[int, Checked] = {}
    until: int | None = None
    for seq in seqs[:MOST_STATES]:
        states = evaluate(cells, seq - 1)
        for one in figures:
            value = states[one.cell]
            is_asked = one.seq is None or seq - 1 <= one.seq
            if id(one) in found or value is None or not is_asked:
                continue
            if agreement(one.value, value.figure.value) is not None:
                stood = Stood(value, seq - 1, seq)
                found[id(one)] = Checked(Verdict.SUPERSEDED, stood, now[one.cell])
        until = seq
    searched = (until or 0) if len(seqs) > MOST_STATES else 0
    missing = (one for one in figures if id(one) not in found)
    return found | {
        id(one): Checked(Verdict.NEVER, None, now[one.cell], searched) for one in missing
    }
