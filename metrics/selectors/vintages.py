"""What was known on a day, by the dates of the sources themselves (ALFRED's real time).

A series has two histories: when readers here saw a value (seqs), and when its source published it
(vintages). This is the second, as told at a seq of the first.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import F, Q

from metrics.models import Observation
from metrics.selectors.statements import Statement, loaded_statements
from metrics.stats.periods import Period


@dataclass(frozen=True, slots=True)
class Vintage:
    """A statement known from `realtime_from` until before `realtime_to` (None: still).

    `is_news`: it says something else than the vintage before it; a later document, or another
    source, that repeats a figure is a vintage of its own and no news.
    """

    statement: Statement
    realtime_from: date
    realtime_to: date | None
    is_news: bool = True


# Preferred for some time, or backfilled. What one change both wrote and closed nobody saw.
_EMPTY = Q(seq_to__isnull=False, seq_to=F("seq_from"))
WAS_TOLD = Q(preferred=True) & ~_EMPTY | Q(preferred=False) & _EMPTY

# Of one series, in the order of their days.
Vintages = dict[Period, list[Vintage]]


def series_vintages(series_ids: Collection[int], seq: int | None = None) -> dict[int, Vintages]:
    """The vintages of each period of the series, as told at a seq (None: now). Two queries.

    A statement that was preferred, or backfilled, is a vintage from the day its source published
    it. One that a statement recorded later, of the same or an earlier day, has replaced was our
    mistake, not the source's revision, and is none. So the last vintage of a period is what stands.
    """
    rows = Observation.objects.filter(WAS_TOLD, series__in=series_ids)
    if seq is not None:
        rows = rows.filter(seq_from__lte=seq)
    slots: dict[tuple[int, Period], list[Statement]] = defaultdict(list)
    for statement in loaded_statements(rows):
        slots[statement.series_id, statement.value.period].append(statement)
    found: dict[int, Vintages] = {pk: {} for pk in series_ids}
    for (series_id, period), told in slots.items():
        found[series_id][period] = _intervals(_standing(told))
    return found


def vintage_days(vintages: Iterable[Vintages]) -> list[date]:
    """The days on which a figure of the series was new or revised, in order."""
    slots = (slot for each in vintages for slot in each.values())
    return sorted({one.realtime_from for slot in slots for one in slot if one.is_news})


def known_on(vintages: Mapping[Period, list[Vintage]], day: date) -> dict[Period, Vintage]:
    """What was known at the end of a day, by period in order."""
    found = {}
    for period in sorted(vintages):
        known = [one for one in vintages[period] if one.realtime_from <= day]
        if known:
            found[period] = known[-1]
    return found


def figure_of(statement: Statement) -> tuple[object, ...]:
    """What a statement says, whoever says it."""
    value = statement.value
    return (value.figure, value.qualifier, value.status)


def _standing(told: list[Statement]) -> dict[date, Statement]:
    """The statement of each day, of statements in the order in which they were told.

    A backfill is placed by its day and replaces nothing but a backfill of that day.
    """
    by_day: dict[date, Statement] = {}
    earliest = date.max
    for statement in reversed(told):
        if statement.known_on < earliest:
            by_day.setdefault(statement.known_on, statement)
            if not statement.is_backfilled:
                earliest = statement.known_on
    return by_day


def _intervals(by_day: Mapping[date, Statement]) -> list[Vintage]:
    found: list[Vintage] = []
    for first, following in pairwise([*sorted(by_day), None]):
        if first is None:
            continue
        says = figure_of(by_day[first])
        is_news = not found or figure_of(found[-1].statement) != says
        found.append(Vintage(by_day[first], first, following, is_news))
    return found
