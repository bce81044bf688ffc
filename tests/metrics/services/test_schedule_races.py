"""Two connections that notice the same due release, or one that moves it meanwhile."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from metrics.models import Change, Observation, Release
from metrics.services.clock import lock_clock
from metrics.services.publishing import publish_release
from metrics.services.scheduling import publish_due, schedule_release, unschedule_release
from tests.metrics.factories import NOW, make_series
from tests.metrics.services.conftest import WAIT_SECONDS, Others
from tests.metrics.services.test_scheduling import LATER, scheduled

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_notice_publish_once(others: Others) -> None:
    series = make_series("webank.users")
    for period in ("2018", "2019", "2020"):
        scheduled(series, period)
    start = threading.Barrier(3, timeout=WAIT_SECONDS)
    made: list[list[Change]] = []

    def notice() -> None:
        start.wait()
        made.append(publish_due(LATER))

    others.start(notice)
    others.start(notice)
    start.wait()
    others.end()
    assert sum(map(len, made)) == Change.objects.count() == 3
    assert Observation.objects.count() == 3
    assert not Release.objects.exclude(state="published").exists()


@pytest.mark.parametrize("moves", [True, False])
def test_release_that_is_moved_while_the_lock_is_waited_for_stays(
    others: Others, moves: bool
) -> None:
    release = scheduled(make_series("webank.users"))
    with transaction.atomic():
        lock_clock()
        thread = others.start(lambda: publish_due(LATER))
        _until_waiting_for_the_clock()
        if moves:
            schedule_release(release, at=LATER + timedelta(days=1), actor=None, now=NOW)
        else:
            unschedule_release(release, actor=None, now=NOW)
    thread.join(WAIT_SECONDS)
    release.refresh_from_db()
    assert release.state == ("scheduled" if moves else "draft")
    assert (release.failed_at, Change.objects.count()) == (None, 0)


def test_release_published_by_hand_meanwhile_is_not_published_again(others: Others) -> None:
    release = scheduled(make_series("webank.users"))
    with transaction.atomic():
        lock_clock()
        thread = others.start(lambda: publish_due(LATER))
        _until_waiting_for_the_clock()
        publish_release(release, actor=None, now=NOW)
    thread.join(WAIT_SECONDS)
    assert Change.objects.count() == 1


def _until_waiting_for_the_clock() -> None:
    """Until another connection waits for an advisory lock."""
    waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"
    for _ in range(WAIT_SECONDS * 20):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.05)")
    raise AssertionError("nobody waits for the clock")
