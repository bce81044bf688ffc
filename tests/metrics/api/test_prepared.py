"""Statements planned once a connection answer as those planned each time."""

from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

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
    executed = [one["sql"] for one in captured if one["sql"].startswith("EXECUTE")]
    assert (asked, len(executed)) == ([], 2)  # which series, and their page


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
