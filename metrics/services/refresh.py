"""Working off the marks: any number of workers, no coordinator, nothing lost."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from metrics.models import Change, RefreshRun, Rule, RuleInput, Series, StaleSeries
from metrics.participants import participants
from metrics.services.clock import lock_clock, tick
from metrics.services.derived import Work, compute_work, write_work
from metrics.services.stale import Targets, affected, mark

logger = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(hours=1)


@dataclass(slots=True)
class Claim:
    """Targets that this transaction holds the locks of, and how often each was tried before."""

    targets: Targets
    marks: int
    attempts: dict[tuple[str, int], int]


def refresh_all(*, now: datetime, limit: int = 1000) -> int:
    """Refresh batch by batch until nothing is due; the number of values written."""
    written = 0
    while (run := refresh_batch(now=now, limit=limit)) is not None:
        written += run.written
    return written


def refresh_batch(*, now: datetime, limit: int = 1000) -> RefreshRun | None:
    """One transaction: claim targets, evaluate, write what changed, mark the next level.

    Returns None when nothing is due or everything due is held by other workers. A target that
    fails is put back with a later `retry_at` and never holds up the others.
    """
    with transaction.atomic():
        claim = _claim(now, limit)
        if not claim.targets:
            return None
        run = RefreshRun(started_at=now, targets=len(claim.targets), marks=claim.marks)
        work = _compute(claim, run, now)
        if work:
            _publish(work, claim.targets, run, now)
        run.finished_at = max(now, datetime.now(tz=now.tzinfo))
        run.save()
    return run


def _claim(now: datetime, limit: int) -> Claim:
    """Lock due targets that nobody holds, then delete their marks, then (by the caller) read.

    In that order: a mark written after the delete is another row and survives, so inputs that
    change while they are read are read again.
    """
    due = StaleSeries.objects.filter(Q(retry_at=None) | Q(retry_at__lte=now))
    series_ids = _lock(Series.objects.filter(pk__in=due.values("series")), limit)
    rule_ids = _lock(Rule.objects.filter(pk__in=due.values("rule")), limit)
    claim = Claim(Targets(series=set(series_ids)), 0, {})
    for series_id, rule_id, period, attempts in _take_marks(series_ids, rule_ids):
        claim.marks += 1
        if rule_id is not None:
            claim.targets.rules[rule_id].add(period)
        key = ("series", series_id or 0) if rule_id is None else ("rule", rule_id)
        claim.attempts[key] = max(attempts, claim.attempts.get(key, 0))
    claim.targets.series &= {pk for kind, pk in claim.attempts if kind == "series"}
    return claim


def _lock(rows: "QuerySet[Series] | QuerySet[Rule]", limit: int) -> list[int]:
    # NO KEY: observations and marks that refer to the row can still be inserted meanwhile
    locked = rows.order_by("pk").select_for_update(skip_locked=True, no_key=True)
    return list(locked.values_list("pk", flat=True)[:limit])


def _take_marks(
    series_ids: list[int], rule_ids: list[int]
) -> Iterable[tuple[int | None, int | None, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM metrics_staleseries WHERE series_id = ANY(%s) OR rule_id = ANY(%s)"
            " RETURNING series_id, rule_id, period, attempts",
            [series_ids, rule_ids],
        )
        marks: list[tuple[int | None, int | None, str, int]] = cursor.fetchall()
        return marks


def _compute(claim: Claim, run: RefreshRun, now: datetime) -> Work:
    """All targets together; where that fails one by one, so that only the failing wait."""
    try:
        with transaction.atomic():
            return compute_work(claim.targets)
    except Exception:
        logger.exception("refresh_chunk_failed")
    work = Work()
    for single, key in _singles(claim.targets):
        try:
            with transaction.atomic():
                part = compute_work(single)
        except Exception as error:
            logger.exception("refresh_target_failed", extra={"target": key})
            run.failed += 1
            _back_off(single, claim.attempts.get(key, 0) + 1, error, now)
        else:
            work.upserts += part.upserts
            work.deletes += part.deletes
            work.summaries += part.summaries
    return work


def _singles(targets: Targets) -> Iterable[tuple[Targets, tuple[str, int]]]:
    for pk in sorted(targets.series):
        yield Targets(series={pk}), ("series", pk)
    for pk, codes in sorted(targets.rules.items()):
        single = Targets()
        single.rules[pk] |= codes
        yield single, ("rule", pk)


def _back_off(target: Targets, attempts: int, error: Exception, now: datetime) -> None:
    retry_at = now + min(timedelta(minutes=2 ** min(attempts, 10)), LONGEST_WAIT)
    details = {"attempts": attempts, "retry_at": retry_at, "error": str(error)[:1000]}
    for pk in target.series:
        StaleSeries.objects.create(series_id=pk, **details)
    for pk, codes in target.rules.items():
        for code in codes:
            StaleSeries.objects.create(rule_id=pk, period=code, **details)


def _publish(work: Work, targets: Targets, run: RefreshRun, now: datetime) -> None:
    """Tick the clock and write. What was marked again meanwhile was computed from older inputs."""
    lock_clock()
    work, run.deferred = _still_valid(work, targets)
    if not work:
        return
    change = tick(Change.Kind.REFRESH, now=now)
    run.seq = change.seq
    run.written = write_work(work, change)
    change.summary = {"derived": run.written}
    change.save(update_fields=["summary"])
    mark(affected(work.slots, summarised=targets.series))
    for participant in participants():
        participant.series_changed(work.series, change)


def _still_valid(work: Work, targets: Targets) -> tuple[Work, int]:
    marks = StaleSeries.objects.filter(retry_at=None)
    again = set(marks.filter(series__in=targets.series).values_list("series_id", flat=True))
    rules = set(marks.filter(rule__in=targets.rules).values_list("rule_id", flat=True))
    if rules:
        outputs = Series.objects.filter(rule_inputs__version__rule__in=rules)
        again |= set(outputs.values_list("pk", flat=True))
    if again:
        _mark_again(targets, again)
    return (work.without(again) if again else work), len(again)


def _mark_again(targets: Targets, again: set[int]) -> None:
    """What is dropped has no mark of its own left: the one that came meanwhile may be of another
    period of the rule, or of the series where the work was the rule's."""
    dropped = Targets(series=targets.series & again)
    outputs = RuleInput.objects.filter(version__rule__in=targets.rules, output__in=again)
    for rule_id in outputs.values_list("version__rule", flat=True).distinct():
        dropped.rules[rule_id] |= targets.rules[rule_id]
    mark(dropped)
