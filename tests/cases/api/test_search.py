"""The search endpoint."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from cases.services.search_documents import Words, write_documents
from tests.cases.api.conftest import write
from tests.metrics.api.contract import faults, payload

SEARCH = "/api/v1/search"


def keys(response: Any) -> list[str]:
    return [row["key"] for row in response.json()["results"]]


def documents(count: int) -> None:
    write_documents(
        [Words("en", "series", f"a.{n:03}", f"Giraffe {n}", "", "") for n in range(count)]
    )


def test_answer_matches_the_contract(client: Client, webank: Case) -> None:
    response = client.get(SEARCH, {"q": "60 million", "lang": "en"})
    assert response.json() == payload(__file__, "search")


def test_language_chooses_the_documents(client: Client, webank: Case) -> None:
    found = client.get(SEARCH, {"q": "微众银行", "lang": "zh-hans"}).json()["results"]
    assert [row["url"] for row in found] == ["http://testserver/zh-hans/cases/webank/"]
    assert keys(client.get(SEARCH, {"q": "微众银行", "lang": "en"})) == []


def test_drafts_never_leak(client: Client, draft: Case, admin_client: Client) -> None:
    for reader in (client, admin_client):
        assert keys(reader.get(SEARCH, {"q": "secret", "lang": "en"})) == []
    write(draft, "en", "Secret case")
    assert keys(client.get(SEARCH, {"q": "secret", "lang": "en"})) == ["secret-case"]


@pytest.mark.django_db
def test_pages_join_to_the_whole(client: Client) -> None:
    documents(25)
    page = client.get(SEARCH, {"q": "giraffe", "lang": "en", "limit": 10})
    joined = keys(page)
    pages = [page]
    while page.json()["next"]:
        page = client.get(page.json()["next"])
        pages.append(page)
        joined += keys(page)
    assert sorted(joined) == [f"a.{n:03}" for n in range(25)]
    assert keys(client.get(page.json()["previous"])) == keys(pages[1])
    assert pages[0].json()["previous"] is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"lang": "en"}, "q", "required"),
        ({"q": "x"}, "lang", "required"),
        ({"q": "x", "lang": "fr"}, "lang", "invalid_choice"),
        ({"q": "x" * 101, "lang": "en"}, "q", "too_long"),
        ({"q": "x", "lang": "en", "kind": "draft"}, "kind", "invalid_choice"),
        ({"q": "x", "lang": "en", "limit": "101"}, "limit", "out_of_range"),
        ({"q": "x", "lang": "en", "cursor": "2"}, "cursor", "invalid_cursor"),
        ({"q": "x", "lang": "en", "cursor": "2-10"}, "cursor", "invalid_cursor"),
        ({"q": "x", "lang": "en", "cursor": "51-20"}, "cursor", "invalid_cursor"),
        ({"q": "x", "lang": "en", "page": "2"}, "page", "unknown_parameter"),
        ({"q": ["x", "y"], "lang": "en"}, "q", "repeated_parameter"),
    ],
)
def test_wrong_parameter_is_a_400(
    client: Client, query: dict[str, Any], field: str, code: str
) -> None:
    response = client.get(SEARCH, query)
    assert response.status_code == 400
    assert faults(response) == [(field, code)]


@pytest.mark.django_db
def test_twenty_rows_take_as_many_queries_as_one(client: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(SEARCH, {"q": "giraffe", "lang": "en"})
        return len(captured)

    documents(1)
    one = count()
    documents(20)
    assert count() == one == 3


@pytest.mark.django_db
def test_unchanged_answer_is_not_sent_again(client: Client) -> None:
    documents(1)
    first = client.get(SEARCH, {"q": "giraffe", "lang": "en"})
    again = client.get(
        SEARCH, {"q": "giraffe", "lang": "en"}, headers={"If-None-Match": first["ETag"]}
    )
    assert (first.status_code, again.status_code) == (200, 304)
    assert json.loads(first.content)["results"][0]["title"] == "Giraffe 0"
