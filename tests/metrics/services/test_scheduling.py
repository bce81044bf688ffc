"""Scheduled releases: published whole, once, by whoever notices; what fails holds up nobody."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.utils import translation

from metrics.models import Change, Observation, Release, Series
from metrics.selectors.dashboard import scheduled_releases
from metrics.services import scheduling
from metrics.services.composing import CompositionError, add_value, compose_release
from metrics.services.corrections import reject_release
from metrics.services.publishing import publish_release
from metrics.services.scheduling import (
    ScheduleError,
    is_any_due,
    publish_due,
    schedule_release,
    unschedule_release,
)
from metrics.tasks import publish_due_releases, sweep
from tests.metrics.factories import NOW, SourceFactory, make_series, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def publisher() -> User:
    user = User.objects.create_user("publisher")
    user.user_permissions.add(Permission.objects.get(codename="publish_release"))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def series() -> Series:
    series = make_series("webank.users")
    publish((series, "2017", "100"))
    return series


def with_value(series: Series, period: str, stated: str) -> Release:
    words = {"zh-hans": "发布", "en": f"Release of {period}"}
    release = compose_release(title=words, reason={}, kind="new", actor=None, now=NOW)
    add_value(
        release, series=series, period=period, source=SourceFactory(), stated=stated, actor=None
    )
    return release


def scheduled(
    series: Series, period: str = "2018", *, at: datetime = LATER, actor: Any = None
) -> Release:
    release = with_value(series, period, "200")
    schedule_release(release, at=at, actor=actor, now=NOW)
    release.refresh_from_db()
    return release


def stated() -> set[str]:
    return set(Observation.objects.current().values_list("period", flat=True))


def test_release_goes_live_at_its_time_and_not_before(series: Series, publisher: User) -> None:
    release = scheduled(series, actor=publisher)
    assert (release.state, release.scheduled_by) == ("scheduled", publisher)
    assert not is_any_due(LATER - timedelta(seconds=1))
    assert publish_due(LATER - timedelta(seconds=1)) == []
    assert is_any_due(LATER)
    (change,) = publish_due(LATER)
    assert (change.release, change.actor) == (release, publisher)
    assert stated() == {"2017", "2018"}
    assert publish_due(LATER) == []
    assert not is_any_due(LATER)


def test_due_releases_go_live_in_the_order_of_their_times(series: Series) -> None:
    second = scheduled(series, "2019", at=LATER + timedelta(minutes=1))
    first = scheduled(series, "2018")
    changes = publish_due(LATER + timedelta(hours=1))
    assert [change.release for change in changes] == [first, second]


@pytest.mark.parametrize("notice", [publish_due_releases, sweep])
def test_worker_publishes_what_is_due(series: Series, notice: Any) -> None:
    scheduled(series)  # long past by the clock of the machine
    Release.objects.filter(state="scheduled").update(scheduled_at=NOW - timedelta(days=900))
    notice()
    assert stated() == {"2017", "2018"}


@pytest.mark.parametrize(
    ("at", "words"),
    [(NOW, "yet to come"), (LATER.replace(tzinfo=None), "time zone")],
)
def test_time_must_be_an_instant_to_come(series: Series, at: datetime, words: str) -> None:
    release = with_value(series, "2018", "200")
    with pytest.raises(ScheduleError, match=words):
        schedule_release(release, at=at, actor=None, now=NOW)
    release.refresh_from_db()
    assert release.state == "draft"


def test_empty_or_decided_release_is_not_scheduled(series: Series) -> None:
    words = {"zh-hans": "发布", "en": "Empty"}
    empty = compose_release(title=words, reason={}, kind="new", actor=None, now=NOW)
    with pytest.raises(ScheduleError, match="holds nothing"):
        schedule_release(empty, at=LATER, actor=None, now=NOW)
    release = with_value(series, "2018", "200")
    publish_release(release, actor=None, now=NOW)
    with pytest.raises(ScheduleError, match="already decided"):
        schedule_release(release, at=LATER, actor=None, now=NOW)


def test_only_publishers_schedule(series: Series) -> None:
    author, release = User.objects.create_user("author"), with_value(series, "2018", "200")
    with pytest.raises(PermissionDenied):
        schedule_release(release, at=LATER, actor=author, now=NOW)
    with pytest.raises(PermissionDenied):
        unschedule_release(scheduled(series, "2019"), actor=author, now=NOW)


def test_release_off_the_schedule_waits_again(series: Series) -> None:
    release = scheduled(series)
    unschedule_release(release, actor=None, now=NOW)
    release.refresh_from_db()
    assert (release.state, release.scheduled_at, release.scheduled_by) == ("draft", None, None)
    assert publish_due(LATER) == []
    with pytest.raises(ScheduleError, match="not scheduled"):
        unschedule_release(release, actor=None, now=NOW)


def test_scheduled_release_takes_another_time(series: Series) -> None:
    release = scheduled(series)
    schedule_release(release, at=LATER + timedelta(days=1), actor=None, now=NOW)
    assert publish_due(LATER) == []
    assert len(publish_due(LATER + timedelta(days=1))) == 1


def test_what_a_scheduled_release_holds_is_locked(series: Series) -> None:
    release = scheduled(series)
    with pytest.raises(CompositionError, match="off the schedule"):
        add_value(
            release, series=series, period="2020", source=SourceFactory(), stated="1", actor=None
        )


def test_release_over_a_changed_slot_stays_with_the_reason(series: Series) -> None:
    stale, other = scheduled(series, "2018"), scheduled(series, "2019")
    publish((series, "2018", "250"))
    changes = publish_due(LATER)
    assert [change.release for change in changes] == [other]
    stale.refresh_from_db()
    assert (stale.state, stale.failed_at) == ("scheduled", LATER)
    assert "webank.users 2018" in stale.failure_en
    assert "webank.users 2018" in stale.failure_zh_hans
    assert stale.failure_en != stale.failure_zh_hans
    assert publish_due(LATER + timedelta(days=1)) == []
    (line,) = scheduled_releases().lines
    assert line.note.startswith("not published: These values were changed")


def test_failed_release_goes_live_once_a_publisher_has_looked(series: Series) -> None:
    release, at = scheduled(series), LATER + timedelta(hours=1)
    publish((series, "2018", "250"))
    publish_due(LATER)
    with pytest.raises(ScheduleError, match="Changed since"):
        schedule_release(release, at=at, actor=None, now=LATER)
    schedule_release(release, at=at, actor=None, now=LATER, despite_changes=True)
    assert len(publish_due(at)) == 1
    release.refresh_from_db()
    assert (release.failure_en, release.failed_at) == ("", None)


def test_busy_database_is_tried_again(series: Series, monkeypatch: pytest.MonkeyPatch) -> None:
    release = scheduled(series)

    def busy(*_args: Any) -> None:
        raise OperationalError("deadlock detected")

    with monkeypatch.context() as patch:
        patch.setattr(scheduling, "publish_open", busy)
        assert publish_due(LATER) == []
    release.refresh_from_db()
    assert release.failure_en == "deadlock detected"
    assert publish_due(LATER + timedelta(seconds=59)) == []
    assert len(publish_due(LATER + timedelta(seconds=60))) == 1


def test_fault_of_ours_holds_up_no_other_release(
    series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = scheduled(series, "2018"), scheduled(series, "2019")
    publish_open = scheduling.publish_open

    def fail(release: Release, change: Change) -> set[int]:
        if release == bad:
            raise ZeroDivisionError
        return publish_open(release, change)

    monkeypatch.setattr(scheduling, "publish_open", fail)
    assert [change.release for change in publish_due(LATER)] == [good]
    bad.refresh_from_db()
    assert bad.failure_en == "ZeroDivisionError"


def test_rejected_release_does_not_go_live(series: Series, publisher: User) -> None:
    reject_release(scheduled(series), actor=publisher, now=NOW)
    assert publish_due(LATER) == []
