"""Rows of observations by the sources' own days: FRED's real-time periods and output types.

Stated values only: a rule has no vintages of its own. Each vintage is aggregated and transformed
with what was known on its day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from metrics.selectors.breaks import breaks_of
from metrics.selectors.observation_page import AskedSeries, PageRequest
from metrics.selectors.observation_rows import known_units, placed
from metrics.selectors.question import BY_VINTAGE, FIRST, NEW_AND_REVISED, Question, Realtime
from metrics.selectors.restricted import restricted_of
from metrics.selectors.row_pages import Placed, RowsPage, is_within
from metrics.selectors.slot_pages import Slot, slots_page
from metrics.selectors.vintage_runs import Run, Runs, computed_runs, stated_runs
from metrics.selectors.vintages import Vintages, series_vintages, vintage_days
from metrics.stats.breaks import NO_BREAKS
from metrics.stats.periods import Period

# A run of a period, and the vintage day by which it is listed.
Listed = tuple[Run, date | None]


def vintage_page(
    asked: Sequence[AskedSeries], question: Question, request: PageRequest
) -> RowsPage:
    """A page of the range, without what is restricted. Four queries.

    Output type 1: each value once, with the whole time for which it was known, if any of that lies
    in the real time asked for. 2: what was known on each vintage day. 3: of that, what was new or
    other than on the vintage day before. 4: the first value of each period. Raises
    TooManyVintagesError.
    """
    ids = [series.id for series in asked]
    vintages = _offered(series_vintages(ids, question.seq))
    names = known_units()
    breaks = breaks_of(ids, question.seq) if question.is_computed else {}
    realtime = question.realtime or Realtime()
    slots: list[Slot] = []
    for series in asked:
        told = vintages[series.id]
        if question.is_computed:
            broken = breaks.get(series.id, NO_BREAKS)
            runs = computed_runs(series, told, question, names, broken)
        else:
            runs = stated_runs(series, told)
        days = VintageDays(vintage_days([told]), realtime)
        slots += _slots(series, runs, days, question, request)
    return slots_page(slots, request)


def _offered(vintages: Mapping[int, Vintages]) -> dict[int, Vintages]:
    """Nobody derives a vintage, so only the sources matter."""
    restricted = restricted_of(())
    return (
        {
            pk: {
                period: [
                    replace(one, statement=restricted.statement(one.statement)) for one in slot
                ]
                for period, slot in slots.items()
            }
            for pk, slots in vintages.items()
        }
        if restricted.source_ids
        else dict(vintages)
    )


class VintageDays:
    """The days by which a series is listed, each with the one it is compared with."""

    def __init__(self, history: list[date], realtime: Realtime) -> None:
        self.realtime = realtime
        self.days = sorted(realtime.days)
        if not self.days:
            first = bisect_left(history, realtime.start)
            self.days = history[first : bisect_right(history, realtime.end)]
        self.before = [self._first_before(history), *self.days][: len(self.days)]

    def _first_before(self, history: list[date]) -> date:
        """What the first day is compared with: the vintage before the one known on it."""
        known = bisect_right(history, self.days[0]) if self.days else 0
        return history[known - 2] if known > 1 else date.min

    def of(self, runs: Sequence[Run]) -> Iterator[Listed]:
        """The runs of a period that the output type lists."""
        kind = self.realtime.output_type
        if kind in BY_VINTAGE:
            yield from self._by_day(runs, only_news=kind == NEW_AND_REVISED)
        elif kind == FIRST:
            yield from ((run, None) for run in runs[:1] if self._is_asked(run.start))
        else:
            yield from ((run, None) for run in runs if self._is_touched(run))

    def _by_day(self, runs: Sequence[Run], *, only_news: bool) -> Iterator[Listed]:
        starts = [run.start for run in runs]
        for day, before in zip(self.days, self.before, strict=True):
            run = _known(runs, starts, day)
            if run is None:
                continue
            earlier = _known(runs, starts, before) if only_news else None
            if earlier is None or earlier.says != run.says:
                yield run, day

    def _is_asked(self, day: date) -> bool:
        realtime = self.realtime
        return day in realtime.days if realtime.days else realtime.start <= day <= realtime.end

    def _is_touched(self, run: Run) -> bool:
        realtime = self.realtime
        if realtime.days:
            return any(run.is_known(day) for day in realtime.days)
        return run.start <= realtime.end and (run.end is None or run.end > realtime.start)


def _known(runs: Sequence[Run], starts: Sequence[date], day: date) -> Run | None:
    """Runs follow one another without a gap."""
    place = bisect_right(starts, day)
    return runs[place - 1] if place else None


def _slots(
    series: AskedSeries,
    runs: Runs,
    days: VintageDays,
    question: Question,
    request: PageRequest,
) -> Iterator[Slot]:
    for period, slot in runs.items():
        if is_within(period, request.start, request.end):
            made = partial(_rows, series.key, period, slot, days, question)
            yield Slot(series.key, period, made)


def _rows(
    key: str, period: Period, runs: Sequence[Run], days: VintageDays, question: Question
) -> Iterator[Placed]:
    for run, day in days.of(runs):
        told = {"realtime_from": run.start, "realtime_to": run.end, "vintage_date": day}
        fields = {**run.fields(), **told}
        yield placed(key, period, fields, question, tail=(day or run.start).isoformat())
