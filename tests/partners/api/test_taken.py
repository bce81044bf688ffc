"""What a partner fetched and what changed of it since: theirs alone, and gone once fetched anew."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.models import Change, Series
from partners.models import Partner, Taken
from tests.metrics.factories import NOW, make_series, publish
from tests.partners.conftest import Issued, issue

pytestmark = pytest.mark.django_db
URL = "/api/v1/verify/taken"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def users() -> Series:
    series = make_series("webank.users")
    publish((series, "2017", "1"), (series, "2018", "2"))
    return series


def fetch(client: Client, issued: Issued, key: str = "webank.users", query: str = "") -> Any:
    url = f"/api/v1/series/{key}/observations{query}"
    answer = client.get(url, headers=issued.headers)
    assert answer.status_code == 200
    return answer


def changed(client: Client, issued: Issued, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"{URL}{query}", headers=issued.headers)
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def test_what_was_fetched_is_listed_once_it_changed_and_until_it_is_fetched_again(
    client: Client, issued: Issued, users: Series
) -> None:
    fetch(client, issued)
    assert changed(client, issued) == []
    seq = Change.objects.latest_seq()
    publish((users, "2018", "3"), kind="correction", now=LATER)
    (row,) = changed(client, issued)
    assert (row["series"], row["taken_seq"], row["changed"]) == ("webank.users", seq, 1)
    assert row["periods"] == [{"period": "2018", "seq": seq + 1}]
    assert client.get(row["observations"], headers=issued.headers).status_code == 200
    assert changed(client, issued) == []


def test_series_that_was_never_fetched_is_not_listed(
    client: Client, issued: Issued, users: Series
) -> None:
    publish((users, "2018", "3"), kind="correction", now=LATER)
    assert changed(client, issued) == []


@pytest.mark.parametrize("query", ["?as_of=2026-11-24", "?output_type=4"])
def test_values_of_the_past_leave_no_mark(
    client: Client, issued: Issued, users: Series, query: str
) -> None:
    fetch(client, issued, query=query)
    assert not Taken.objects.exists()


def test_answer_that_was_known_leaves_no_mark(
    client: Client, issued: Issued, users: Series
) -> None:
    etag = fetch(client, issued)["ETag"]
    Taken.objects.all().delete()
    url = "/api/v1/series/webank.users/observations"
    known = client.get(url, headers={**issued.headers, "If-None-Match": etag})
    assert known.status_code == 304
    assert not Taken.objects.exists()


def test_nobody_is_remembered_without_a_key(client: Client, users: Series) -> None:
    client.get("/api/v1/series/webank.users/observations")
    assert not Taken.objects.exists()
    answer = client.get(URL)
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["code"] == "key_required"
    assert answer["WWW-Authenticate"].startswith("Api-Key")


def test_list_is_of_one_partner_and_all_its_keys(
    client: Client, issued: Issued, partner: Partner, users: Series
) -> None:
    other = issue(Partner.objects.create(name="Other", contact_email="a@other.example"))
    second = issue(partner, name="another")
    fetch(client, issued)
    publish((users, "2018", "3"), kind="correction", now=LATER)
    assert changed(client, other) == []
    assert [row["series"] for row in changed(client, second)] == ["webank.users"]


def test_many_series_are_noted_and_listed_by_pages(client: Client, issued: Issued) -> None:
    series = [make_series(f"e-{number}.users") for number in range(5)]
    publish(*((one, "2018", "1") for one in series))
    keys = ",".join(one.key for one in series)
    answer = client.get(f"/api/v1/observations?series={keys}", headers=issued.headers)
    assert answer.status_code == 200
    assert Taken.objects.count() == 5
    publish(*((one, "2018", "2") for one in series), kind="correction", now=LATER)
    page = client.get(f"{URL}?limit=2", headers=issued.headers).json()
    names = [row["series"] for row in page["results"]]
    while page["next"]:
        page = client.get(page["next"], headers=issued.headers).json()
        names += [row["series"] for row in page["results"]]
    assert names == sorted(one.key for one in series)


def test_cursor_that_is_none_is_refused(client: Client, issued: Issued) -> None:
    answer = client.get(f"{URL}?cursor={'x' * 200}", headers=issued.headers)
    assert answer.status_code == 400


def test_more_rows_cost_no_more_queries(client: Client, issued: Issued) -> None:
    def cost(count: int) -> int:
        series = [make_series(f"e-{count}-{number}.users") for number in range(count)]
        publish(*((one, "2018", "1") for one in series))
        keys = ",".join(one.key for one in series)
        client.get(f"/api/v1/observations?series={keys}", headers=issued.headers)
        publish(*((one, "2018", "2") for one in series), kind="correction", now=LATER)
        with CaptureQueriesContext(connection) as captured:
            assert changed(client, issued)
        return len(captured)

    assert cost(1) == cost(20)
