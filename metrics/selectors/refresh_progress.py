"""How far the refresh has come: what waits, how fast it goes, what fails. For admin and command."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Q

from metrics.models import RefreshRun, StaleSeries

# The rate is that of the runs that ended within this time.
RATE_WINDOW = timedelta(seconds=60)
RUNS_SHOWN = 20
FAILURES_SHOWN = 50

# One read of a value is one unit of work: a series has as many as its summary counts (a new one
# counts as one), a rule over a group in one period as many as the rule has inputs.
_BACKLOG = """
    WITH due AS (
        SELECT DISTINCT series_id, rule_id, period FROM metrics_staleseries
        WHERE retry_at IS NULL OR retry_at <= %(now)s
    ), members AS (
        SELECT v.rule_id, count(*) AS inputs
        FROM metrics_ruleinput i JOIN metrics_ruleversion v ON v.id = i.version_id
        WHERE i.seq_to IS NULL AND v.rule_id IN (SELECT rule_id FROM due)
        GROUP BY v.rule_id
    )
    SELECT count(*) FILTER (WHERE due.series_id IS NOT NULL),
        count(*) FILTER (WHERE due.rule_id IS NOT NULL AND due.period <> ''),
        count(*) FILTER (WHERE due.rule_id IS NOT NULL AND due.period = ''),
        coalesce(sum(coalesce(m.inputs, greatest(s.count, 1))), 0),
        (SELECT min(marked_at) FROM metrics_staleseries
            WHERE retry_at IS NULL OR retry_at <= %(now)s)
    FROM due
    LEFT JOIN members m ON m.rule_id = due.rule_id
    LEFT JOIN metrics_seriessummary s ON s.series_id = due.series_id
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is due: series, rules over a group by period, such rules for every period, values.

    `values` is how many values are still to be read, as far as it is known; `since` is when the
    oldest mark was made.
    """

    series: int
    rule_periods: int
    whole_rules: int
    values: int
    since: datetime | None

    @property
    def targets(self) -> int:
        return self.series + self.rule_periods + self.whole_rules


@dataclass(frozen=True, slots=True)
class Failure:
    """A target that failed and waits for its next try. `period` is "" for all or for a series."""

    kind: str
    key: str
    period: str
    error: str
    attempts: int
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rate:
    """Values read and written, and targets done, in a second."""

    read: float
    written: float
    targets: float


@dataclass(frozen=True, slots=True)
class RefreshProgress:
    """`rate` is None where no run ended lately, `remaining` where it cannot be told."""

    backlog: Backlog
    rate: Rate | None
    remaining: timedelta | None
    failures: tuple[Failure, ...]
    failing: int
    runs: tuple[RefreshRun, ...]

    @property
    def is_idle(self) -> bool:
        return not self.backlog.targets


def refresh_progress(now: datetime) -> RefreshProgress:
    """What is due, how fast it is worked off, and what fails. Five queries."""
    backlog = _backlog(now)
    rate = _rate(now)
    waiting = StaleSeries.objects.filter(attempts__gt=0)
    return RefreshProgress(
        backlog=backlog,
        rate=rate,
        remaining=_remaining(backlog, rate),
        failures=_failures(),
        failing=waiting.values("series", "rule", "period").distinct().count(),
        runs=tuple(RefreshRun.objects.order_by("-id")[:RUNS_SHOWN]),
    )


def _backlog(now: datetime) -> Backlog:
    with connection.cursor() as cursor:
        cursor.execute(_BACKLOG, {"now": now})
        series, pairs, wholes, values, since = cursor.fetchone()
    return Backlog(series, pairs, wholes, int(values), since)


def _rate(now: datetime) -> Rate | None:
    """Over the time from the first start to the last end of the runs that ended lately."""
    runs = list(RefreshRun.objects.filter(finished_at__gt=now - RATE_WINDOW))
    if not runs:
        return None
    took = max(r.finished_at for r in runs) - min(r.started_at for r in runs)
    seconds = max(took.total_seconds(), 0.001)
    return Rate(
        read=sum(run.read for run in runs) / seconds,
        written=sum(run.written for run in runs) / seconds,
        targets=sum(run.targets for run in runs) / seconds,
    )


def _remaining(backlog: Backlog, rate: Rate | None) -> timedelta | None:
    if not backlog.targets:
        return timedelta(0)
    if rate is None or not rate.read:
        return None
    return timedelta(seconds=round(backlog.values / rate.read))


def _failures() -> tuple[Failure, ...]:
    marks = (
        StaleSeries.objects.filter(Q(attempts__gt=0), retry_at__isnull=False)
        .annotate(series_key=F("series__key"), rule_key=F("rule__key"))
        .order_by("retry_at", "id")[:FAILURES_SHOWN]
    )
    return tuple(
        Failure(
            "series" if row.series_id else "rule",
            row.series_key or row.rule_key,
            row.period,
            row.error,
            row.attempts,
            row.retry_at,
        )
        for row in marks
    )
