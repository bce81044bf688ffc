"""The API takes fewer layers than pages do, and nobody can tell by its answers."""

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from fintechsite.api_lane import TAKES_PART
from metrics.api.endpoint import Endpoint
from partners.services import admitting
from tests.metrics.factories import UnitFactory

LANE = "fintechsite.api_lane.ApiLane"


def told(answer: Any) -> tuple[int, bytes, dict[str, object]]:
    """Status, body, headers; of the policy of contents the parts, whose order is by chance."""
    headers = dict(answer.items())
    parts = frozenset(headers.pop("Content-Security-Policy", "").split("; "))
    headers.pop("RateLimit", None)  # counts on
    return answer.status_code, answer.content, {**headers, "policy": parts}


def test_layers_are_those_of_the_settings(settings: Any) -> None:
    assert set(settings.MIDDLEWARE) >= TAKES_PART


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/api/v1/", {}),
        ("/api/v1/units", {}),
        ("/api/v1/units?lang=en", {"accept-language": "en"}),
        ("/api/v1/units/none", {"accept-language": "en"}),
        ("/api/v1/units/", {}),
        ("/api/v1/en/", {}),
        ("/api/v1/nothing", {"cookie": "theme=dark"}),
        ("/api/v1/units?limit=0", {}),
        ("/api/v1/units?format=xml", {}),
        ("/api/v1/units", {"accept": "image/png"}),
        ("/api/v1/units", {"authorization": "Api-Key no.key"}),
        ("/api/v1/units", {"host": "elsewhere.example"}),
        ("/api/v1/units", {"origin": "https://elsewhere.example"}),
        ("/api/v1/schema?format=json", {}),
        ("/api/v1/docs", {}),
        ("/api/v1/docs/guide", {}),
        ("/api/v1/exports/1.zip", {}),
        ("/api/v1", {}),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
@pytest.mark.parametrize("is_secure", [False, True])
def test_answer_is_that_of_the_whole_stack(
    settings: Any, path: str, headers: dict[str, str], method: str, is_secure: bool
) -> None:
    settings.SECURE_SSL_REDIRECT = is_secure and path.endswith("units")
    settings.SECURE_HSTS_SECONDS = 1000
    UnitFactory(key="person", name_zh_hans="人", name_en="person")
    in_lane = Client().generic(method, path, headers=headers, secure=is_secure)
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != LANE]
    whole = Client().generic(method, path, headers=headers, secure=is_secure)
    assert told(in_lane) == told(whole)


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", ["sessionid=x", "csrftoken=x"])
def test_cookies_of_pages_are_not_looked_at(client: Client, cookie: str) -> None:
    plain = client.get("/api/v1/units")
    answer = client.get("/api/v1/units", headers={"cookie": cookie})
    assert told(answer) == told(plain)
    assert ("Cookie" in answer["Vary"], list(answer.cookies)) == (False, [])


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "?lang=zh-hans"])
def test_failure_around_a_view_is_a_problem_and_says_what_remains(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("on the way back")

    monkeypatch.setattr(Endpoint, "note_taken", broken)
    client = Client(raise_request_exception=False)
    answer = client.get(f"/api/v1/units{language}")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    problem = answer.json()
    assert (problem["type"], problem["title"]) == ("about:blank", "Internal Server Error")
    assert problem["errors"] == [{"field": None, "code": "error", "detail": problem["detail"]}]
    assert problem["detail"].isascii() is not bool(language)
    assert answer["RateLimit"].startswith('"default";r=999;')
    assert answer["RateLimit-Policy"] == '"default";q=1000;w=3600'
    assert "Authorization" in answer["Vary"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize("known", [{}, {"if-none-match": '"x"'}])
def test_failure_before_anything_was_counted_is_a_problem_without_a_quota(
    monkeypatch: pytest.MonkeyPatch, known: dict[str, str]
) -> None:
    def broken(*args: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(admitting.AtOnce, "row", broken)
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/units", headers=known)
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "RateLimit" not in answer


def test_host_that_is_none_of_ours_is_a_problem(client: Client) -> None:
    answer = client.get("/api/v1/units", headers={"host": "elsewhere.example"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"][0]["code"] == "bad_request"


@pytest.mark.django_db
def test_failure_of_a_page_stays_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("fintechsite.kept_pages.find_snapshot", broken)
    monkeypatch.setattr("cases.views.pages.find_snapshot", broken)
    answer = Client(raise_request_exception=False).get("/en/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "text/html; charset=utf-8")
