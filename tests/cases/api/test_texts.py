"""Cases and technologies in the API."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from tests.cases.api.conftest import write

API = "/api/v1/"
PAYLOADS = Path(__file__).parent / "payloads"


def slugs(response: Any) -> list[str]:
    return [row["slug"] for row in response.json()["results"]]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("cases", "cases"),
        ("cases/webank", "case"),
        ("cases/webank?lang=en", "case-en"),
        ("technologies/big-data", "technology"),
    ],
)
def test_answer_matches_the_contract(client: Client, webank: Case, url: str, name: str) -> None:
    expected = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    assert client.get(API + url).json() == expected


@pytest.mark.parametrize(
    "url",
    [
        "cases",
        "cases?lang=en",
        "cases/webank",
        "cases?technology=big-data",
        "technologies",
        "technologies/big-data",
        "schema",
    ],
)
@pytest.mark.parametrize("is_staff", [False, True])
def test_drafts_never_leak(client: Client, draft: Case, url: str, is_staff: bool) -> None:
    if is_staff:
        client.force_login(get_user_model().objects.create_superuser("editor"))
    response = client.get(API + url)
    assert response.status_code == 200
    assert "secret" not in response.content.decode().lower()


@pytest.mark.parametrize("url", ["cases/secret-case", "technologies/secret-tech"])
def test_draft_is_not_found(client: Client, draft: Case, url: str) -> None:
    assert client.get(API + url).status_code == 404


def test_draft_technology_is_no_filter(client: Client, draft: Case) -> None:
    response = client.get(f"{API}cases?technology=secret-tech")
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "invalid_choice"


def test_text_being_rewritten_is_told_as_published(client: Client, webank: Case) -> None:
    write(webank, "en", "A secret new title", live=False)
    body = client.get(f"{API}cases/webank?lang=en").json()
    assert body["title"] == "WeBank: over 60 million users"


def test_lang_keeps_texts_published_in_that_language(client: Client, webank: Case) -> None:
    assert slugs(client.get(f"{API}technologies?lang=en")) == ["big-data"]
    assert slugs(client.get(f"{API}technologies?lang=zh-hans")) == []
    assert client.get(f"{API}technologies/big-data?lang=zh-hans").status_code == 404
    assert client.get(f"{API}technologies/big-data").json()["languages"] == ["en"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["webank", "overview"]),
        ("?kind=overview", ["overview"]),
        ("?technology=big-data", ["webank"]),
        ("?entity=webank", ["webank"]),
        ("?entity=webank&kind=overview", []),
    ],
)
def test_filter_keeps_what_it_names(
    client: Client, webank: Case, query: str, expected: list[str]
) -> None:
    write(Case.objects.create(slug="overview", kind="overview", position=5), "en", "Overview")
    assert slugs(client.get(f"{API}cases{query}")) == expected


def test_pages_join_to_the_whole_where_positions_are_equal(client: Client, webank: Case) -> None:
    for number in range(5):
        write(Case.objects.create(slug=f"case-{number}", position=1), "en", f"Case {number}")
    whole = slugs(client.get(f"{API}cases"))
    page = client.get(f"{API}cases?limit=2")
    joined = slugs(page)
    while page.json()["next"]:
        page = client.get(page.json()["next"])
        joined += slugs(page)
    assert joined == whole == [*(f"case-{number}" for number in range(5)), "webank"]


@pytest.mark.parametrize("url", ["cases", "cases?lang=en", "cases/webank"])
def test_texts_add_no_queries(client: Client, webank: Case, url: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(API + url).status_code == 200
        return len(captured)

    count()
    one = count()
    for number in range(20):
        case = Case.objects.create(slug=f"case-{number:02}", position=2)
        case.technologies.set(webank.technologies.all())
        case.entities.set(webank.entities.all())
        write(case, "en", f"Case {number}: {{{{ webank.users@2017 }}}}")
        write(case, "zh-hans", f"案例 {number}")
    assert count() == one


@pytest.mark.parametrize("position", ["x", "99999999999999999999"])
def test_position_that_no_case_can_have_is_refused_or_empty(
    client: Client, webank: Case, position: str
) -> None:
    from base64 import b64encode

    cursor = b64encode(f"p={position}".encode()).decode()
    response = client.get(f"{API}cases", {"cursor": cursor})
    assert response.status_code in (200, 400)


def test_text_that_comes_between_two_pages_moves_none(client: Client, db: None) -> None:
    for slug, position in (("b", 0), ("d", 0), ("f", 0), ("a", 1), ("c", 10), ("e", 9)):
        write(Case.objects.create(slug=slug, position=position), "en", slug.upper())
    first = client.get(f"{API}cases?limit=2").json()
    write(Case.objects.create(slug="aa", position=0), "en", "AA")
    found = [row["slug"] for row in first["results"]]
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    found += [row["slug"] for page in (second, third) for row in page["results"]]
    assert found == ["b", "d", "f", "a", "e", "c"]
    assert third["next"] is None
    back = client.get(third["previous"]).json()
    assert [row["slug"] for row in back["results"]] == ["f", "a"]
    assert slugs(client.get(f"{API}cases")) == ["aa", "b", "d", "f", "a", "e", "c"]
