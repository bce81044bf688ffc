"""Working off the marks: any number of workers, no coordinator, nothing lost."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from math import inf
from time import monotonic

from django.db import transaction

from metrics.models import Change, RefreshRun, Rule, Series, StaleSeries
from metrics.participants import participants
from metrics.services.claims import Claim, claim_targets, expand_marks, is_due
from metrics.services.clock import lock_clock, settle, tick
from metrics.services.derived import Work, compute_work
from metrics.services.merging import changed_series, dependents, merge, stage, step_back
from metrics.services.stale import EVERY_PERIOD, Targets, mark

logger = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(hours=1)


def refresh_all(*, now: datetime, limit: int = 1000, seconds: float = inf) -> int:
    """Refresh batch by batch until nothing is due or the time is up; the number of values written.

    `now` is the moment of the call; later batches are dated by how long the earlier ones took.
    """
    started = monotonic()
    written = 0
    moment = now
    while (run := refresh_batch(now=moment, limit=limit)) is not None:
        written += run.written
        moment = now + timedelta(seconds=monotonic() - started)
        if moment - now >= timedelta(seconds=min(seconds, 1e9)):
            break
    return written


def has_due_marks(now: datetime) -> bool:
    """Whether anything is due, held by a worker or not."""
    return StaleSeries.objects.filter(is_due(now)).exists()


def mark_everything() -> Targets:
    """Mark every series and every rule over a group; what was marked."""
    targets = Targets(series=set(Series.objects.values_list("pk", flat=True)))
    for pk in Rule.objects.filter(group__isnull=False).values_list("pk", flat=True):
        targets.rules[pk].add(EVERY_PERIOD)
    mark(targets)
    return targets


def refresh_batch(*, now: datetime, limit: int = 1000) -> RefreshRun | None:
    """One transaction: claim targets, evaluate, write what changed, mark the next level.

    Returns None when nothing is due or everything due is held by other workers. A target that
    fails is put back with a later `retry_at` and never holds up the others.
    """
    with transaction.atomic():
        expand_marks(now)
    with transaction.atomic():
        claim = claim_targets(now, limit)
        if not claim.targets:
            return None
        run = RefreshRun(started_at=now, targets=len(claim.targets), marks=claim.marks)
        work = _compute(claim, run, now)
        run.read = work.read
        if work.differs:
            _publish(work, claim.targets, run, now)
        run.finished_at = max(now, datetime.now(tz=now.tzinfo))
        run.save()
    return run


def _compute(claim: Claim, run: RefreshRun, now: datetime) -> Work:
    """All targets together, beside what stands; where that fails one by one.

    So only those that fail wait. Each is put beside what stands for itself first: a value that
    the database refuses fails there, not when all are written.
    """
    try:
        with transaction.atomic():
            return _staged(compute_work(claim.targets))
    except Exception:
        logger.exception("refresh_chunk_failed")
    work = Work()
    for single, key in _singles(claim.targets):
        try:
            with transaction.atomic():
                part = _staged(compute_work(single))
        except Exception as error:
            logger.exception("refresh_target_failed", extra={"target": key})
            run.failed += 1
            _back_off(single, claim.attempts.get(key, 0) + 1, error, now)
        else:
            work.extend(part)
    return _staged(work)


def _staged(work: Work) -> Work:
    work.differs = bool(stage(work) or work.summaries or work.without_summary)
    return work


def _singles(targets: Targets) -> Iterable[tuple[Targets, tuple[str, int]]]:
    for pk in sorted(targets.series):
        yield Targets(series={pk}), ("series", pk)
    for pk, codes in sorted(targets.rules.items()):
        for code in sorted(codes):
            single = Targets()
            single.rules[pk].add(code)
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
    started = monotonic()
    lock_clock()
    run.deferred = step_back(work)
    changed = changed_series(work)
    if not changed:
        return
    change = tick(Change.Kind.REFRESH, now=now)
    run.seq = change.seq
    run.written = merge(work, change)
    change.summary = {"derived": run.written}
    change.save(update_fields=["summary"])
    mark(dependents(summarised=targets.series))
    for participant in participants():
        participant.series_changed(changed, change)
    settle(change, started)
