"""Quotas: who is counted with whom, what the headers say, when a window begins anew."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from partners.models import KeyDay, Partner, Window
from partners.services.windows import close_windows
from tests.metrics.api.contract import faults
from tests.metrics.factories import UnitFactory
from tests.partners.conftest import Issued, issue

pytestmark = pytest.mark.django_db

URL = "/api/v1/units"
# Half an hour into a window of an hour.
HALF = datetime(2026, 11, 27, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_half(db: None) -> Any:
    with time_machine.travel(HALF, tick=False) as traveller:
        yield traveller


def told(answer: Any) -> tuple[str, str]:
    return answer["RateLimit-Policy"], answer["RateLimit"]


def test_answer_tells_the_policy_and_what_remains(client: Client, partner: Partner) -> None:
    issued = issue(partner, quota=10)
    client.get(URL, headers=issued.headers)
    answer = client.get(URL, headers=issued.headers)
    assert told(answer) == ('"default";q=10;w=3600', '"default";r=8;t=1800')


def test_request_beyond_the_quota_is_refused_until_the_window_ends(
    client: Client, partner: Partner, at_half: Any
) -> None:
    issued = issue(partner, quota=2)
    for _ in range(2):
        assert client.get(URL, headers=issued.headers).status_code == 200
    answer = client.get(URL, headers=issued.headers)
    assert (answer.status_code, faults(answer)) == (429, [(None, "quota_exceeded")])
    assert answer.json()["type"].endswith("#quota-exceeded")
    assert answer["Retry-After"] == "1800"
    assert told(answer) == ('"default";q=2;w=3600', '"default";r=0;t=1800')
    at_half.move_to(HALF + timedelta(seconds=1799))
    assert client.get(URL, headers=issued.headers)["Retry-After"] == "1"
    at_half.move_to(HALF + timedelta(seconds=1800))
    answer = client.get(URL, headers=issued.headers)
    assert (answer.status_code, told(answer)[1]) == (200, '"default";r=1;t=3600')


def test_anonymous_reading_has_a_lower_quota(client: Client, settings: Any) -> None:
    settings.API_ANONYMOUS_QUOTA = 1
    assert told(client.get(URL)) == ('"default";q=1;w=3600', '"default";r=0;t=1800')
    assert client.get(URL).status_code == 429


def test_key_is_not_held_up_by_its_neighbours(
    client: Client, issued: Issued, settings: Any
) -> None:
    settings.API_ANONYMOUS_QUOTA = 1
    client.get(URL)
    assert client.get(URL).status_code == 429
    answer = client.get(URL, headers=issued.headers)
    assert (answer.status_code, told(answer)[1]) == (200, '"default";r=9999;t=1800')


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("2001:db8:1:2::5", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::5", "2001:db8:1:3::5", False),
    ],
)
def test_one_network_is_counted_as_one(
    client: Client, settings: Any, one: str, other: str, is_same: bool
) -> None:
    settings.API_ANONYMOUS_QUOTA = 1
    client.get(URL, REMOTE_ADDR=one)
    answer = client.get(URL, REMOTE_ADDR=other)
    assert answer.status_code == (429 if is_same else 200)


def test_address_behind_our_proxy_is_who_asked(client: Client, settings: Any) -> None:
    settings.API_ANONYMOUS_QUOTA, settings.PROXY_COUNT = 1, 1
    seen = [
        client.get(URL, headers={"x-forwarded-for": f"{forged}, {address}"}).status_code
        for forged, address in [
            ("10.0.0.1", "203.0.113.7"), ("10.0.0.2", "203.0.113.7"), ("10.0.0.1", "203.0.113.8"),
        ]
    ]  # fmt: skip
    assert seen == [200, 429, 200]


def test_no_address_is_stored(client: Client) -> None:
    client.get(URL, REMOTE_ADDR="203.0.113.7")
    subject = Window.objects.get().subject
    assert subject.startswith("at:")
    assert "203" not in subject[:6]
    assert len(subject) == 35


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("get", URL, 200),
        ("head", URL, 200),
        ("options", URL, 200),
        ("post", URL, 405),
        ("get", f"{URL}?zz=1", 400),
        ("get", f"{URL}?format=zz", 400),
        ("get", f"{URL}/none", 404),
        ("get", "/api/v1/nowhere", 404),
        ("get", "/api/v1/", 200),
        ("get", "/api/v1/schema", 200),
        ("get", "/api/v1/docs", 200),
    ],
)
def test_every_answer_counts_one_and_says_so(
    client: Client, issued: Issued, method: str, url: str, status: int
) -> None:
    answer = getattr(client, method)(url, headers=issued.headers)
    assert answer.status_code == status
    assert told(answer) == ('"default";q=10000;w=3600', '"default";r=9999;t=1800')
    assert Window.objects.get().used == 1


def test_refused_key_is_told_what_its_address_has_left(client: Client) -> None:
    answer = client.get(URL, headers={"authorization": "Api-Key wrong"})
    assert told(answer) == ('"default";q=1000;w=3600', '"default";r=999;t=1800')


def test_unchanged_answer_costs_one_query_with_key_and_quota(
    client: Client, issued: Issued, django_assert_num_queries: Any
) -> None:
    UnitFactory()
    etag = client.get(URL, headers=issued.headers)["ETag"]
    with django_assert_num_queries(1):
        answer = client.get(URL, headers={**issued.headers, "if-none-match": etag})
    assert (answer.status_code, answer["ETag"]) == (304, etag)
    assert told(answer)[1] == '"default";r=9998;t=1800'


def test_no_shared_cache_keeps_the_answer_to_a_key(client: Client, issued: Issued) -> None:
    keyed, anonymous = client.get(URL, headers=issued.headers), client.get(URL)
    assert keyed["Cache-Control"] == "private, max-age=0"
    assert anonymous["Cache-Control"] == "public, max-age=0, s-maxage=5"
    for answer in (keyed, anonymous):
        assert "Authorization" in answer["Vary"]
    assert keyed["ETag"] == anonymous["ETag"]


def test_closed_windows_become_days_of_keys(client: Client, issued: Issued, at_half: Any) -> None:
    for hours in (0, 1, 12):
        at_half.move_to(HALF + timedelta(hours=hours))
        client.get(URL, headers=issued.headers)
        client.get(URL)
    for _ in range(2):
        close_windows(now=HALF + timedelta(hours=12), window_seconds=3600)
    days = list(KeyDay.objects.values_list("day", "requests"))
    assert days == [(HALF.date(), 2)]
    assert Window.objects.count() == 2  # those in hand
    close_windows(now=HALF + timedelta(hours=24), window_seconds=3600)
    assert list(KeyDay.objects.order_by("day").values_list("requests", flat=True)) == [2, 1]
    assert not Window.objects.exists()
