"""Which due targets a worker takes: those that no other worker holds.

Targets are locked, not marks: two marks of one target in two hands would be written in the wrong
order. Series are locked as rows, a group-wide rule period by period by advisory locks, so that
several workers share one rule. All locks end with the transaction, however it ends.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.db import connection
from django.db.models import Q

from metrics.lookups import array_of
from metrics.models import RuleInput, Series, StaleSeries
from metrics.services.derived import outputs_ever
from metrics.services.stale import EVERY_PERIOD, Targets

RULE_LOCK = 0x72756C65  # "rule"
# Cells computed in one transaction: what a worker holds in memory, and a publisher may wait for.
MOST_CELLS = 100_000
# Marks looked at in one go: enough that workers side by side find something each.
MOST_MARKS = 20_000

Pair = tuple[int, str]  # (rule id, period code)


@dataclass(slots=True)
class Claim:
    """Targets that this transaction holds the locks of, and how often each was tried before."""

    targets: Targets = field(default_factory=Targets)
    marks: int = 0
    attempts: dict[tuple[str, int], int] = field(default_factory=dict)


def claim_targets(now: datetime, limit: int) -> Claim:
    """Lock due targets that nobody holds, then delete their marks, then (by the caller) read.

    In that order: a mark written after the delete is another row and survives, so inputs that
    change while they are read are read again. Series come first, at most `limit` of them; rules
    over groups when no series is due.
    """
    claim = Claim()
    series_ids = _lock_series(now, limit)
    if series_ids:
        for pk, attempts in _take_series(series_ids):
            claim.marks += 1
            claim.targets.series.add(pk)
            _remember(claim, ("series", pk), attempts)
    if not claim.targets:
        for pair, attempts in _take_pairs(_lock_pairs(now)):
            claim.marks += 1
            claim.targets.rules[pair[0]].add(pair[1])
            _remember(claim, ("rule", pair[0]), attempts)
    return claim


def expand_marks(now: datetime) -> int:
    """Turn due marks of a rule for every period into marks of each, for several workers to share.

    In a transaction of its own, before targets are claimed. Returns the rules that were expanded.
    """
    due = StaleSeries.objects.filter(is_due(now), rule__isnull=False, period=EVERY_PERIOD)
    rules = list(due.order_by("rule_id").values_list("rule_id", flat=True).distinct())
    taken = [pk for pk, _ in _lock([(pk, EVERY_PERIOD) for pk in rules])]
    if not taken:
        return 0
    StaleSeries.objects.filter(rule__in=taken, period=EVERY_PERIOD).filter(is_due(now)).delete()
    inputs = RuleInput.objects.current().filter(version__rule__in=taken).order_by()
    reads: dict[int, set[int]] = {pk: set() for pk in taken}
    for rule_id, series_id in inputs.values_list("version__rule_id", "input_id").distinct():
        reads[rule_id].add(series_id)
    for rule_id, outputs in outputs_ever(taken).items():
        _mark_periods(rule_id, sorted(reads[rule_id]), outputs)
    return len(taken)


def _mark_periods(rule_id: int, inputs: list[int], outputs: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO metrics_staleseries
                (series_id, rule_id, period, marked_at, attempts, error)
            SELECT NULL, %s, period, clock_timestamp(), 0, '' FROM (
                SELECT period FROM metrics_observation
                WHERE seq_to IS NULL AND preferred AND series_id = ANY(%s::bigint[])
                UNION
                SELECT period FROM metrics_derivedvalue WHERE series_id = ANY(%s::bigint[])
            ) told ORDER BY period
            """,
            [rule_id, array_of(inputs), array_of([*inputs, *outputs])],
        )


def is_due(now: datetime) -> Q:
    """Marks that wait for nothing, or no longer."""
    return Q(retry_at=None) | Q(retry_at__lte=now)


def _lock_series(now: datetime, limit: int) -> list[int]:
    marks = StaleSeries.objects.filter(is_due(now), series__isnull=False).order_by("series_id")
    # NO KEY: observations and marks that refer to the row can still be inserted meanwhile
    rows = Series.objects.filter(pk__in=marks.values("series_id")[:MOST_MARKS]).order_by("pk")
    locked = rows.select_for_update(skip_locked=True, no_key=True)
    return list(locked.values_list("pk", flat=True)[:limit])


def _take_series(series_ids: list[int]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM metrics_staleseries WHERE series_id = ANY(%s::bigint[])"
            " RETURNING series_id, attempts",
            [array_of(series_ids)],
        )
        marks: list[tuple[int, int]] = cursor.fetchall()
        return marks


def _lock_pairs(now: datetime) -> list[Pair]:
    """Rules of one group in some periods that nobody holds, up to MOST_CELLS cells."""
    due = (
        StaleSeries.objects.filter(is_due(now), rule__isnull=False)
        .exclude(period=EVERY_PERIOD)
        .values_list("rule__group_id", "period", "rule_id")
        .order_by("rule__group_id", "period", "rule_id")
        .distinct()[:MOST_MARKS]
    )
    for _, of_group in groupby(due, key=lambda row: row[0]):
        taken: list[Pair] = []
        cells = 0
        for _, rows in groupby(of_group, key=lambda row: row[1]):
            locked = _lock([(rule_id, code) for _, code, rule_id in rows])
            taken += locked
            cells += _outputs(locked)
            if cells >= MOST_CELLS:
                return taken
        if taken:
            return taken
    return []


def _outputs(pairs: Iterable[Pair]) -> int:
    """How many cells the pairs make at most."""
    rules = [rule_id for rule_id, _ in pairs]
    return RuleInput.objects.current().filter(version__rule__in=rules).count() if rules else 0


def _lock(pairs: list[Pair]) -> list[Pair]:
    if not pairs:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rule_id, period FROM unnest(%s::bigint[], %s::text[]) pair(rule_id, period)"
            " WHERE pg_try_advisory_xact_lock(%s, hashtext(rule_id || ' ' || period))",
            [*map(list, zip(*pairs, strict=True)), RULE_LOCK],
        )
        locked: list[Pair] = cursor.fetchall()
        return locked


def _take_pairs(pairs: list[Pair]) -> Iterator[tuple[Pair, int]]:
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM metrics_staleseries s"
            " USING unnest(%s::bigint[], %s::text[]) pair(rule_id, period)"
            " WHERE s.rule_id = pair.rule_id AND s.period = pair.period"
            " RETURNING s.rule_id, s.period, s.attempts",
            list(map(list, zip(*pairs, strict=True))),
        )
        for rule_id, code, attempts in cursor.fetchall():
            yield (rule_id, code), attempts


def _remember(claim: Claim, key: tuple[str, int], attempts: int) -> None:
    claim.attempts[key] = max(attempts, claim.attempts.get(key, 0))
