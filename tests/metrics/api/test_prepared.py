"""Statements planned once a connection answer as those planned each time."""

from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus

from metrics.models import Source
from tests.metrics.factories import make_series, publish

URL = "/api/v1/series/china-internet.users/observations"


@pytest.fixture
def prepared(settings: Any) -> None:
    settings.DATABASE_PREPARE = True


QUESTIONS = [
    {name: value for name, value in chosen if value}
    for chosen in product(
        [("limit", "2"), ("limit", "")],
        [("sort_order", "desc"), ("sort_order", "")],
        [("observation_start", "2008-06-01"), ("observation_start", "")],
        [("observation_end", "2017-06-30"), ("observation_end", "")],
        [("format", "csv"), ("format", "")],
    )
]


@pytest.mark.parametrize("query", QUESTIONS, ids=lambda query: "&".join(query) or "plain")
def test_answers_are_the_same(
    client: Client, users: str, settings: Any, query: dict[str, str]
) -> None:
    planned = walk(client, query)
    settings.DATABASE_PREPARE = True
    assert walk(client, query) == walk(client, query) == planned


def walk(client: Client, query: dict[str, str]) -> list[bytes]:
    """The page, the next and back again."""
    pages, address = [], URL
    for relation in ("next", "previous"):
        response = client.get(address, query if address == URL else {})
        assert response.status_code == 200, response.content
        pages.append(response.content)
        if response["Content-Type"] != "application/json" or not response.json()[relation]:
            break
        address = response.json()[relation]
    return pages


def test_second_answer_is_planned_already(client: Client, users: str, prepared: None) -> None:
    client.get(URL)
    with CaptureQueriesContext(connection) as captured:
        client.get(URL)
    asked = [one["sql"] for one in captured if "metrics_observation" in one["sql"]]
    executed = [one["sql"].count("EXECUTE") for one in captured]
    assert (asked, executed) == ([], [0, 3])  # the door; the seq, which series, and their page


def test_new_values_and_new_restrictions_are_seen(
    client: Client, users: str, cnnic: Source, prepared: None
) -> None:
    before = client.get(URL).json()["results"]
    publish((make_series(users), "2019", "9亿"), source=cnnic)
    after = client.get(URL).json()["results"]
    assert len(after) == len(before) + 1
    Source.objects.update(redistributable=False)
    hidden = client.get(URL).json()["results"]
    assert {row["value"] for row in hidden} == {None}


@pytest.mark.parametrize("is_prepared", [True, False])
@pytest.mark.django_db(transaction=True)
def test_answer_outside_a_transaction_is_of_one_moment_and_two_journeys(
    client: Client, users: str, settings: Any, is_prepared: bool
) -> None:
    settings.DATABASE_PREPARE = is_prepared
    first = client.get(URL)
    with CaptureQueriesContext(connection) as captured:
        again = client.get(URL)
    assert (again.status_code, again.content) == (200, first.content)
    door, answer = (one["sql"] for one in captured)
    assert "partners_window" in door
    assert "REPEATABLE READ READ ONLY" in answer
    assert connection.connection is not None
    assert connection.connection.info.transaction_status == TransactionStatus.IDLE
    settings_of = "SHOW transaction_read_only; SHOW plan_cache_mode"
    with connection.cursor() as cursor:  # nothing of it stays
        cursor.execute(settings_of)
        found = [cursor.fetchone()[0]]
        cursor.nextset()
        found.append(cursor.fetchone()[0])
    assert found == ["off", "auto"]
