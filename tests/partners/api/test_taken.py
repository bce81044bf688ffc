"""What a partner fetched and what changed of it since: theirs alone, and gone once fetched anew."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Export
from cases.services.exporting import build_export
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


@pytest.fixture
def bulk(partner: Partner) -> Issued:
    return issue(partner, scopes=["read", "bulk"])


@pytest.fixture
def two(users: Series) -> list[Series]:
    other = make_series("acme.users")
    publish((other, "2018", "5"))
    return [users, other]


def in_bulk(client: Client, issued: Issued, **filters: str) -> Any:
    answer = client.get(
        "/api/v1/observations", {"format": "csv", **filters}, headers=issued.headers
    )
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize(
    ("filters", "expected"),
    [({}, ["acme.users", "webank.users"]), ({"entity": "acme"}, ["acme.users"])],
)
def test_what_was_sent_in_bulk_is_noted(
    client: Client, bulk: Issued, two: list[Series], filters: dict[str, str], expected: list[str]
) -> None:
    seq = Change.objects.latest_seq()
    assert in_bulk(client, bulk, **filters).getvalue()
    assert changed(client, bulk) == []
    publish(*((one, "2018", "9") for one in two), kind="correction", now=LATER)
    rows = changed(client, bulk)
    assert [(row["series"], row["taken_seq"]) for row in rows] == [(key, seq) for key in expected]


@pytest.mark.django_db(transaction=True)
def test_bulk_that_was_cut_off_leaves_no_mark(
    client: Client, bulk: Issued, two: list[Series]
) -> None:
    answer = in_bulk(client, bulk)
    assert next(iter(answer.streaming_content))
    answer.close()
    assert not Taken.objects.exists()


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, two: list[Series]) -> Export:
    monkeypatch.setattr(Export._meta.get_field("file"), "storage", FileSystemStorage(tmp_path))
    made = build_export(LATER)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("part", "is_noted"), [(None, True), ("bytes=0-99", False), ("bytes=100-", True)]
)
def test_export_is_noted_with_its_last_byte(
    client: Client, bulk: Issued, export: Export, part: str | None, *, is_noted: bool
) -> None:
    late = make_series("late.users")
    publish((late, "2018", "1"), now=LATER)
    headers = {**bulk.headers, **({"Range": part} if part else {})}
    client.get(f"/api/v1/exports/{export.seq}.zip", headers=headers).getvalue()
    noted = set(Taken.objects.values_list("seq", flat=True))
    assert noted == ({export.seq} if is_noted else set())
    assert not Taken.objects.filter(series_id=late.pk).exists()


def test_no_cache_keeps_the_list(client: Client, issued: Issued) -> None:
    answer = client.get(URL, headers=issued.headers)
    assert answer["Cache-Control"] == "private, no-store"


def test_part_of_a_series_hides_no_change_of_the_rest(
    client: Client, issued: Issued, users: Series
) -> None:
    fetch(client, issued)
    seq = Change.objects.latest_seq()
    publish((users, "2017", "3"), kind="correction", now=LATER)
    for query in ("?sort_order=desc&limit=1", "?observation_start=2018-01-01", "?limit=1"):
        fetch(client, issued, query=query)
        assert [row["taken_seq"] for row in changed(client, issued)] == [seq]
    client.head("/api/v1/series/webank.users/observations", headers=issued.headers)
    bulk = {"format": "csv", "observation_start": "2018-01-01"}
    assert client.get("/api/v1/observations", bulk, headers=issued.headers).getvalue()
    assert [row["taken_seq"] for row in changed(client, issued)] == [seq]
    fetch(client, issued)
    assert changed(client, issued) == []


def test_part_begins_what_a_partner_has(client: Client, issued: Issued, users: Series) -> None:
    fetch(client, issued, query="?limit=1")
    assert changed(client, issued) == []
    publish((users, "2017", "3"), kind="correction", now=LATER)
    assert len(changed(client, issued)) == 1


def test_pages_to_the_last_are_the_whole_as_of_the_first(
    client: Client, issued: Issued, users: Series
) -> None:
    fetch(client, issued)
    publish((users, "2017", "3"), kind="correction", now=LATER)
    seq = Change.objects.latest_seq()
    following = fetch(client, issued, query="?limit=1").json()["next"]
    publish((users, "2017", "4"), kind="correction", now=LATER)
    assert client.get(following, headers=issued.headers).json()["next"] is None
    assert [row["taken_seq"] for row in changed(client, issued)] == [seq]


def test_values_of_the_past_in_bulk_are_not_what_a_partner_has(
    client: Client, issued: Issued, users: Series
) -> None:
    moment = (NOW + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    fetch(client, issued)
    publish((users, "2017", "3"), kind="correction", now=LATER)
    past = {"format": "csv", "as_of": moment}
    assert client.get("/api/v1/observations", past, headers=issued.headers).getvalue()
    assert len(changed(client, issued)) == 1
