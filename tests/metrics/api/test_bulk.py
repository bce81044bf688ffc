"""Everything in one answer: complete, in memory that does not grow, let go of by whoever stops."""

import csv
import io
import json
import time
import tracemalloc
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from metrics.api import streams
from metrics.models import Source
from metrics.services.refresh import refresh_all
from tests.metrics.api.conftest import LATER
from tests.metrics.api.contract import faults
from tests.metrics.factories import SourceFactory, make_series, publish
from tests.metrics.large import large_group

URL = "/api/v1/observations"


def body(response: Any) -> str:
    assert response.status_code == 200, response.content
    assert response.streaming
    text: str = response.getvalue().decode()
    return text


def rows(client: Client, **query: str) -> list[dict[str, Any]]:
    lines = body(client.get(URL, {"format": "jsonl", **query})).splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def three(users: str, yearly: str, rank: str) -> list[str]:
    return sorted([users, yearly, rank, f"{users}-growth"])


def test_everything_is_what_the_pages_hold(client: Client, three: list[str]) -> None:
    pages = client.get(URL, {"series": ",".join(three)}).json()["results"]
    assert rows(client) == pages
    table = body(client.get(URL, {"format": "csv"}))
    assert table == client.get(URL, {"series": ",".join(three), "format": "csv"}).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"units": "chg", "indicator": "users"},
        {"as_of": "2026-11-23T08:00:00.5Z"},
        {"sources": "all"},
        {"include": "consistency"},
        {"frequency": "A", "aggregation_method": "eop", "indicator": "users"},
        {"observation_start": "2016-01-01", "observation_end": "2018-12-31"},
        {"sort_order": "desc"},
    ],
    ids=lambda query: next(iter(query)),
)
def test_every_question_is_answered_as_by_the_pages(
    client: Client, three: list[str], query: dict[str, str]
) -> None:
    keys = [key for key in three if key.endswith(".users") or "indicator" not in query]
    named = {name: value for name, value in query.items() if name != "indicator"}
    pages = client.get(URL, {"series": ",".join(keys), **named}).json()["results"]
    assert pages
    assert rows(client, **query) == pages


def test_filters_keep_the_series_of_them(client: Client, three: list[str]) -> None:
    other = SourceFactory(slug="other")
    publish((make_series("acme.users"), "2018", "5"), source=other)
    found = {name: {row["series"] for row in rows(client, **query)} for name, query in {
        "entity": {"entity": "webank"}, "indicator": {"indicator": "users"},
        "source": {"source": "other"}, "both": {"entity": "webank", "indicator": "users"},
    }.items()}  # fmt: skip
    assert found["entity"] == {"webank.users", "webank.app-rank"}
    assert found["indicator"] == {"webank.users", "china-internet.users", "acme.users"}
    assert found["source"] == {"acme.users"}
    assert found["both"] == {"webank.users"}


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({}, ("series", "required")),
        ({"format": "xlsx"}, ("series", "required")),
        ({"entity": "webank"}, ("series", "required")),
        ({"format": "csv", "limit": "5"}, ("limit", "not_in_bulk")),
        ({"format": "csv", "cursor": "x"}, ("cursor", "not_in_bulk")),
        ({"format": "csv", "output_type": "2"}, ("output_type", "not_in_bulk")),
        ({"format": "csv", "entity": "nobody"}, ("entity", "invalid_choice")),
        ({"format": "csv", "units": "pc1"}, ("units", "unsuitable_transform")),
        ({"series": "webank.users", "entity": "webank"}, ("entity", "conflicting_parameters")),
    ],
)
def test_what_does_not_suit_is_refused(
    client: Client, three: list[str], query: dict[str, str], fault: tuple[str, str]
) -> None:
    response = client.get(URL, query)
    assert response.status_code == 400
    assert faults(response) == [fault]


def test_lines_of_json_have_pages_where_series_are_named(client: Client, users: str) -> None:
    page = client.get(URL, {"series": users, "format": "jsonl", "limit": 2})
    assert page["Content-Type"] == "application/jsonl"
    assert len(page.content.splitlines()) == 2
    assert 'rel="next"' in page["Link"]


def test_formulas_are_harmless_in_bulk_too(client: Client, cnnic: Source) -> None:
    series = make_series("webank.npl-change", unit="points", nature="ratio")
    publish((series, "2018", "-1.5ppts"), source=cnnic)
    (row,) = csv.DictReader(io.StringIO(body(client.get(URL, {"format": "csv"}))))
    assert (row["value"], row["stated"]) == ("-1.5", "'-1.5ppts")


def test_restricted_values_are_not_in_bulk(client: Client, users: str) -> None:
    Source.objects.update(redistributable=False)
    for query in ({}, {"sources": "all"}):
        found = rows(client, **query)
        assert {row["value"] for row in found} == {None}
        assert {row["null_reason"] for row in found} == {"restricted"}


def test_head_opens_no_stream(client: Client, users: str) -> None:
    before = streams._turns._value
    response = client.head(URL, {"format": "csv"})
    assert (response.status_code, response["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert streams._turns._value == before
    got = client.get(URL, {"format": "csv"})
    assert got.getvalue()
    assert response["Content-Disposition"] == got["Content-Disposition"]


def test_known_answer_is_not_made_again(client: Client, users: str) -> None:
    first = client.get(URL, {"format": "csv"})
    assert first.getvalue()
    again = client.get(URL, {"format": "csv"}, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


@pytest.fixture
def panel(transactional_db: None) -> int:
    """The values of 301 series."""
    large_group(300, years=200)
    return 60_001


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_memory_does_not_grow_with_the_answer(client: Client, panel: int, form: str) -> None:
    client.get(URL, {"format": form, "entity": "revenue-1"}).getvalue()
    tracemalloc.start()
    try:
        small = most_memory(client, form, entity="revenue-1")
        large = most_memory(client, form)
    finally:
        tracemalloc.stop()
    assert (small[1], large[1]) == (200, panel)
    assert large[0] < 12_000_000  # as rows the whole takes twenty times that
    assert large[2] > 7_000_000


def most_memory(client: Client, form: str, **query: str) -> tuple[int, int, int]:
    """Peak of bytes held while the answer is taken; its lines but the header, its length."""
    tracemalloc.reset_peak()
    lines = length = 0
    for chunk in client.get(URL, {"format": form, **query}):
        lines += chunk.count(b"\n")
        length += len(chunk)
    return tracemalloc.get_traced_memory()[1], lines - (form == "csv"), length


def open_transactions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'"
            " AND datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def test_client_that_goes_away_leaves_nothing_open(client: Client, panel: int) -> None:
    before = streams._turns._value
    response = client.get(URL, {"format": "csv"})
    next(iter(response))
    assert connection.in_atomic_block
    assert streams._turns._value == before - 1
    response.close()
    assert not connection.in_atomic_block
    assert streams._turns._value == before
    unread = client.get(URL, {"format": "csv"})
    unread.close()
    assert not connection.in_atomic_block
    assert streams._turns._value == before


def test_client_that_stops_reading_is_let_go(client: Client, panel: int, settings: Any) -> None:
    settings.API_BULK_IDLE_SECONDS = 0.1
    before = streams._turns._value
    chunks = iter(client.get(URL, {"format": "csv"}))
    next(chunks)
    next(chunks)
    pid = connection.connection.info.backend_pid
    with connection.copy().cursor() as cursor:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
            if cursor.fetchone() == (0,):
                break
        cursor.db.close()
    with pytest.raises(DatabaseError):
        list(chunks)
    assert streams._turns._value == before
    assert not connection.in_atomic_block
    assert len(rows(client, entity="revenue-1")) == 200


def test_no_more_answers_at_once_than_there_are_turns(
    client: Client, panel: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "_turns", streams.BoundedSemaphore(1))
    taking = client.get(URL, {"format": "csv"})
    turn = streams._turns
    assert not turn.acquire(blocking=False)
    taking.close()
    with streams.take_turn():
        busy = client.get(URL, {"format": "csv"})
    assert busy.status_code == 503
    assert busy["Retry-After"] == "10"
    assert faults(busy) == [(None, "busy")]


def test_answer_is_of_one_moment(client: Client, panel: int) -> None:
    """What is published while it is sent is not in it."""
    response = client.get(URL, {"format": "jsonl"})
    chunks = iter(response)
    first_chunk = next(chunks)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("UPDATE metrics_observation SET seq_to = seq_from WHERE seq_to IS NULL")
    other.close()
    assert first_chunk.count(b"\n") + sum(one.count(b"\n") for one in chunks) == panel


def test_refreshed_values_are_streamed_with_the_stated(client: Client, users: str) -> None:
    refresh_all(now=LATER)
    assert {row["status"] for row in rows(client)} >= {"A", "I"}
