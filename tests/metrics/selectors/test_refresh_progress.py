"""How far the refresh has come: what is due, how fast it goes, what fails."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from metrics.models import RefreshRun, Rule, StaleSeries
from metrics.selectors.refresh_progress import Rate, refresh_progress
from metrics.services.refresh import refresh_all
from metrics.services.stale import EVERY_PERIOD, Targets, mark
from tests.metrics.factories import NOW, make_series, publish
from tests.metrics.large import large_group

pytestmark = pytest.mark.django_db


def run(seconds_ago: float, took: float, **counts: int) -> RefreshRun:
    end = NOW - timedelta(seconds=seconds_ago)
    return RefreshRun.objects.create(
        started_at=end - timedelta(seconds=took), finished_at=end, **counts
    )


def test_empty_queue_is_idle_with_nothing_left() -> None:
    progress = refresh_progress(NOW)
    assert progress.is_idle
    assert (progress.backlog.values, progress.backlog.since) == (0, None)
    assert progress.remaining == timedelta(0)
    assert progress.rate is None


def test_backlog_counts_targets_once_and_their_values() -> None:
    large = large_group(4)
    large.mark("2001", "2002")
    large.mark("2002")
    large.mark(EVERY_PERIOD)
    mark(Targets(series={large.members[0].pk, large.members[1].pk}))
    backlog = refresh_progress(NOW).backlog
    assert (backlog.series, backlog.rule_periods, backlog.whole_rules) == (2, 6, 3)
    assert backlog.targets == 11
    # four inputs of each rule in each of its marks, and one for each series without a summary
    assert backlog.values == 9 * 4 + 2
    assert backlog.since is not None


def test_value_counts_follow_the_summaries() -> None:
    series = make_series("x.users")
    publish((series, "2017", "10"), (series, "2018", "20"))
    refresh_all(now=NOW)
    mark(Targets(series={series.pk}))
    assert refresh_progress(NOW).backlog.values == 2


def test_rate_is_of_runs_that_ended_lately_over_their_whole_time() -> None:
    run(120, 5, read=1_000_000, targets=9)
    run(20, 10, read=3_000, written=60, targets=20)
    run(10, 5, read=1_000, written=40, targets=20)
    # from the first start, thirty seconds ago, to the last end, ten seconds ago
    assert refresh_progress(NOW).rate == Rate(read=200.0, written=5.0, targets=2.0)


def test_remaining_time_is_the_values_at_the_rate() -> None:
    large = large_group(40)
    large.mark("2001")
    RefreshRun.objects.all().delete()
    run(10, 10, read=20)
    assert refresh_progress(NOW).remaining == timedelta(seconds=60)


def test_remaining_time_is_unknown_without_a_rate() -> None:
    mark(Targets(series={make_series("x.users").pk}))
    assert refresh_progress(NOW).remaining is None


def test_failing_target_is_told_and_is_not_due() -> None:
    rule = Rule.objects.create(key="sum", kind="sum", name_zh_hans="和", name_en="sum")
    later = NOW + timedelta(minutes=4)
    details = {"attempts": 2, "retry_at": later, "error": "no such nature"}
    StaleSeries.objects.create(series=make_series("x.users"), **details)
    StaleSeries.objects.create(rule=rule, period="2018", **details)
    progress = refresh_progress(NOW)
    assert progress.is_idle
    assert progress.failing == 2
    assert [(f.kind, f.key, f.period) for f in progress.failures] == [
        ("series", "x.users", ""),
        ("rule", "sum", "2018"),
    ]
    assert {(f.error, f.attempts, f.retry_at) for f in progress.failures} == {
        ("no such nature", 2, later)
    }
    assert not refresh_progress(later).is_idle


@pytest.mark.parametrize("marks", [1, 20])
def test_progress_takes_five_queries(
    marks: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ids = {make_series(f"x-{n}.users").pk for n in range(marks)}
    mark(Targets(series=ids))
    for pk in ids:
        StaleSeries.objects.create(series_id=pk, attempts=1, retry_at=NOW + timedelta(hours=1))
        run(1, 1)
    with django_assert_num_queries(5):
        refresh_progress(NOW)
