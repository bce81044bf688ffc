"""Releases by day, in the time zone of the site."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from metrics.models import Release, Series
from metrics.selectors.dashboard import published_releases
from metrics.selectors.release_calendar import (
    MOST_A_DAY,
    CalendarEntry,
    calendar_month,
    month_of,
)
from metrics.services.withdrawing import withdraw_release
from tests.metrics.admin.staff import browser_of
from tests.metrics.factories import NOW, make_release, make_series, publish

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
URL = "/admin/metrics/release/calendar/"


@pytest.fixture
def users() -> Series:
    return make_series("webank.users")


def scheduled(at: datetime, **fields: object) -> Release:
    release = make_release()
    Release.objects.filter(pk=release.pk).update(state="scheduled", scheduled_at=at, **fields)
    return release


def days(first: date = NOVEMBER) -> dict[date, list[CalendarEntry]]:
    return {day.on: list(day.entries) for day in calendar_month(first, NOW.date()).days}


def test_scheduled_and_published_releases_stand_by_day(users: Series) -> None:
    publish((users, "2017", "1"), now=NOW)
    later = scheduled(NOW + timedelta(days=3))
    found = days()
    assert list(found) == [date(2026, 11, 23), date(2026, 11, 26)]
    assert [entry.state for entry in found[date(2026, 11, 23)]] == ["published"]
    (entry,) = found[date(2026, 11, 26)]
    assert (entry.release_id, entry.state) == (later.pk, "scheduled")


def test_day_is_that_of_the_time_zone_of_the_site() -> None:
    """17:00 UTC on the last of October is the first of November in Shanghai."""
    scheduled(datetime(2026, 10, 31, 17, tzinfo=UTC))
    assert list(days()) == [NOVEMBER]
    assert days(date(2026, 10, 1)) == {}


def test_failed_and_withdrawn_releases_say_so(users: Series) -> None:
    scheduled(NOW, failed_at=NOW, failure_zh_hans="因为", failure_en="because")
    release = publish((users, "2017", "1"), now=NOW).release
    assert release is not None
    withdraw_release(release, reason={"en": "so"}, actor=None, now=NOW)
    states = sorted(entry.state for entry in days()[date(2026, 11, 23)])
    assert states == ["failed", "published", "withdrawn"]


def test_full_day_lists_the_first_and_counts_the_rest(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(MOST_A_DAY + 3):
        scheduled(NOW)
    with django_assert_num_queries(2):
        (day,) = calendar_month(NOVEMBER, NOW.date()).days
    assert (len(day.entries), day.further) == (MOST_A_DAY, 3)


@pytest.mark.parametrize(
    ("first", "before", "after"),
    [
        (date(2026, 1, 1), "2025-12", "2026-02"),
        (date(2026, 12, 1), "2026-11", "2027-01"),
        (NOVEMBER, "2026-10", "2026-12"),
    ],
)
def test_months_beside_are_named(first: date, before: str, after: str) -> None:
    month = calendar_month(first, NOW.date())
    assert (month.before, month.after) == (before, after)


@pytest.mark.parametrize("text", ["2026", "2026-13", "26-11", "2026-1", "x", "0000-01"])
def test_what_names_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  of whatever part
        month_of(text)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("November 2026", "Monday, 23 November")), ("zh-hans", ("2026年11月", "11月23日"))],
)
def test_page_reads_in_both_languages(users: Series, language: str, words: tuple[str, ...]) -> None:
    publish((users, "2017", "1"), now=NOW)
    answer = browser_of("Author").get(
        URL, {"month": "2026-11"}, headers={"accept-language": language}
    )
    html = answer.content.decode()
    assert all(word in html for word in words)


def test_wrong_month_is_a_bad_request() -> None:
    assert browser_of("Author").get(URL, {"month": "soon"}).status_code == 400


def test_calendar_is_for_who_may_see_releases(client: Client) -> None:
    assert browser_of("nobody").get(URL).status_code == 403
    assert client.get(URL).status_code == 302


def test_panel_tells_what_went_live_of_late(
    users: Series, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish((users, "2017", "1"), now=datetime.now(UTC))
    with translation.override("zh-hans"), django_assert_num_queries(2):
        summary = published_releases()
    assert [line.text for line in summary.lines] == ["发布"]
    assert summary.count == 1
