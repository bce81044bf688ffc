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
    """A statement known from `realtime_from` until before `realtime_to` (None: still)."""

    statement: Statement
    realtime_from: date
    realtime_to: date | None


# Of one series, in the order of their days.
Vintages = dict[Period, list[Vintage]]


def series_vintages(series_ids: Collection[int], seq: int | None = None) -> dict[int, Vintages]:
    """The vintages of each period of the series, as told at a seq (None: now). Two queries.

    A statement that was preferred, or backfilled, is a vintage from the day its source published
    it. One that a later statement of the same or an earlier day has replaced was our mistake, not
    the source's revision, and is none.
    """
    was_preferred = Q(preferred=True) | Q(seq_to=F("seq_from"))
    rows = Observation.objects.filter(was_preferred, series__in=series_ids)
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
    """The days on which something of the series was published or revised, in order."""
    return sorted(
        {one.realtime_from for each in vintages for slot in each.values() for one in slot}
    )


def known_on(vintages: Mapping[Period, list[Vintage]], day: date) -> dict[Period, Vintage]:
    """What was known at the end of a day, by period in order."""
    found = {}
    for period in sorted(vintages):
        known = [one for one in vintages[period] if one.realtime_from <= day]
        if known:
            found[period] = known[-1]
    return found


def _standing(told: list[Statement]) -> dict[date, Statement]:
    """The statement of each day, of statements in the order in which they were told."""
    by_day: dict[date, Statement] = {}
    for statement in told:  # of several backfills of a day, the last
        if statement.is_backfilled:
            by_day[statement.known_on] = statement
    earliest = date.max
    for statement in reversed(told):
        if not statement.is_backfilled and statement.known_on < earliest:
            by_day[statement.known_on] = statement
            earliest = statement.known_on
    return by_day


def _intervals(by_day: Mapping[date, Statement]) -> list[Vintage]:
    days = [*sorted(by_day), None]
    return [
        Vintage(by_day[first], first, following)
        for first, following in pairwise(days)
        if first is not None
    ]
