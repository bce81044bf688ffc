"""Rows of observations by the sources' own days: FRED's real-time periods and output types.

Stated values only: a rule has no vintages of its own. Each vintage is aggregated and transformed
with what was known on its day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from metrics.selectors.observation_page import AskedSeries, PageRequest
from metrics.selectors.observation_rows import (
    Names,
    computed_rows,
    known_units,
    placed,
    stated_fields,
)
from metrics.selectors.question import BY_VINTAGE, FIRST, NEW_AND_REVISED, Question, Realtime
from metrics.selectors.row_pages import Placed, is_within, position_of
from metrics.selectors.vintages import Vintage, Vintages, known_on, series_vintages, vintage_days
from metrics.stats.periods import Period

# What was known of a series on a day, by period code: the fields of the row.
Snapshot = dict[str, dict[str, Any]]
# A value with the days from and until which it was known.
Run = tuple[dict[str, Any], date, date | None]


def vintage_rows(
    asked: Sequence[AskedSeries], question: Question, request: PageRequest
) -> list[Placed]:
    """All rows of the range. Three queries.

    Output type 1: each value once, with the whole time for which it was known, if any of that lies
    in the real time asked for. 2: what was known on each vintage day. 3: of that, what was new or
    other than on the vintage day before. 4: the first value of each period.
    """
    vintages = series_vintages([series.id for series in asked], question.seq)
    names = known_units()
    realtime = question.realtime or Realtime()
    rows: list[Placed] = []
    for series in asked:
        history = _history(series, vintages[series.id], question, names)
        rows += [
            one
            for one in _chosen(series, history, question, realtime)
            if is_within(Period.parse(one.position.period), request.start, request.end)
        ]
    return rows


def _history(
    series: AskedSeries, vintages: Vintages, question: Question, names: Names
) -> list[tuple[date, Snapshot]]:
    """What was known on each day on which something changed, in order."""
    return [
        (day, _snapshot(series, known_on(vintages, day), question, names))
        for day in vintage_days([vintages])
    ]


def _snapshot(
    series: AskedSeries, known: Mapping[Period, Vintage], question: Question, names: Names
) -> Snapshot:
    if not question.is_computed:
        return {p.code: stated_fields(series, one.statement) for p, one in known.items()}
    values = {period: one.statement.value for period, one in known.items()}
    rows = computed_rows(series, values, question, names)
    return {one.position.period: dict(zip(question.columns, one.row, strict=True)) for one in rows}


def _chosen(
    series: AskedSeries,
    history: list[tuple[date, Snapshot]],
    question: Question,
    realtime: Realtime,
) -> Iterator[Placed]:
    runs = list(_runs(history))
    for fields, start, end, day in _asked_runs(runs, [one for one, _ in history], realtime):
        period = Period.parse(fields["period"])
        told = {"realtime_from": start, "realtime_to": end, "vintage_date": day}
        row = placed(series.key, period, {**fields, **told}, question)
        yield replace(row, position=position_of(series.key, period, (day or start).isoformat()))


def _asked_runs(
    runs: list[Run], history: list[date], realtime: Realtime
) -> Iterator[tuple[dict[str, Any], date, date | None, date | None]]:
    """The runs that the output type lists, with the vintage day where it lists by those."""
    if realtime.output_type in BY_VINTAGE:
        days = sorted(realtime.days) or [day for day in history if _is_asked(day, realtime)]
        yield from _by_day(runs, days, history, realtime.output_type == NEW_AND_REVISED)
        return
    chosen = _firsts(runs) if realtime.output_type == FIRST else runs
    for run in chosen:
        is_first_release = realtime.output_type == FIRST
        if _is_asked(run[1], realtime) if is_first_release else _touches(run, realtime):
            yield (*run, None)


def _runs(history: list[tuple[date, Snapshot]]) -> Iterator[Run]:
    """Each value of each period with the days from and until which it was known."""
    standing: dict[str, tuple[dict[str, Any], date]] = {}
    for day, snapshot in history:
        for code in [*standing]:
            if snapshot.get(code) != standing[code][0]:
                yield (*standing.pop(code), day)
        for code, fields in snapshot.items():
            standing.setdefault(code, (fields, day))
    for fields, since in standing.values():
        yield fields, since, None


def _by_day(
    runs: list[Run], days: list[date], history: list[date], only_new: bool
) -> Iterator[tuple[dict[str, Any], date, date | None, date | None]]:
    """What was known on each day; or what had come since the day before it.

    Before the first day asked for comes the vintage day of the series before it.
    """
    for number, day in enumerate(days):
        earlier = [one for one in history if one <= day][:-1]
        before = days[number - 1] if number else earlier[-1] if earlier else date.min
        for fields, start, end in runs:
            is_known = start <= day and (end is None or day < end)
            if is_known and (start > before or not only_new):
                yield fields, start, end, day


def _firsts(runs: list[Run]) -> list[Run]:
    first: dict[str, Run] = {}
    for run in runs:
        code = run[0]["period"]
        if code not in first or run[1] < first[code][1]:
            first[code] = run
    return list(first.values())


def _touches(run: Run, realtime: Realtime) -> bool:
    _, start, end = run
    if realtime.days:
        return any(start <= day and (end is None or day < end) for day in realtime.days)
    return start <= realtime.end and (end is None or end > realtime.start)


def _is_asked(day: date, realtime: Realtime) -> bool:
    return day in realtime.days if realtime.days else realtime.start <= day <= realtime.end
