"""Scripts of other sites read the API, and nothing else of the site."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

ELSEWHERE = {"origin": "https://elsewhere.example"}
PREFLIGHT = {
    **ELSEWHERE,
    "access-control-request-method": "GET",
    "access-control-request-headers": "authorization",
}


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/api/v1/", 200),
        ("/api/v1/units", 200),
        ("/api/v1/schema", 200),
        ("/api/v1/units?zz=1", 400),
        ("/api/v1/units/none", 404),
        ("/api/v1/nowhere", 404),
    ],
)
def test_every_answer_may_be_read_from_elsewhere(client: Client, url: str, status: int) -> None:
    answer = client.get(url, headers=ELSEWHERE)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (status, "*")
    exposed = answer["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"} <= set(exposed)
    assert {"Accept-Ranges", "Age", "Content-Range", "Repr-Digest"} <= set(exposed)
    assert "Access-Control-Allow-Credentials" not in answer


def test_refused_key_may_be_read_of(client: Client) -> None:
    answer = client.get("/api/v1/units", headers={**ELSEWHERE, "authorization": "Api-Key x"})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (401, "*")


def test_preflight_costs_no_query_and_counts_for_nothing(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = client.options("/api/v1/units", headers=PREFLIGHT)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Origin"] == "*"
    allowed = answer["Access-Control-Allow-Headers"].split(", ")
    assert {"Authorization", "If-None-Match", "If-Range", "Range"} <= set(allowed)
    assert "GET" in answer["Access-Control-Allow-Methods"]
    assert answer["Access-Control-Max-Age"] == "86400"
    assert "RateLimit" not in answer


@pytest.mark.parametrize("url", ["/en/", "/admin/login/", "/api/", "/healthz", "/api/v10/units"])
def test_nothing_else_may_be_read_from_elsewhere(client: Client, url: str) -> None:
    for answer in (client.get(url, headers=ELSEWHERE), client.options(url, headers=PREFLIGHT)):
        assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize(
    "url",
    [
        "", "units", "units/person", "series", "sources", "entities", "indicators", "cases",
        "technologies", "series/china-internet.users", "series/china-internet.users/observations",
        "observations?series=china-internet.users", "series/china-internet.users/vintages",
        "series/china-internet.users/lineage?period=2018", "search?q=users&lang=en",
    ],
)  # fmt: skip
def test_head_says_what_get_says_and_options_what_is_allowed(client: Client, url: str) -> None:
    address = f"/api/v1/{url}"
    got, head, options = client.get(address), client.head(address), client.options(address)
    assert (got.status_code, head.status_code, head.content) == (200, 200, b"")
    same = ("ETag", "Content-Type", "Cache-Control", "Vary", "Content-Language")
    assert [head[name] for name in same] == [got[name] for name in same]
    assert options.status_code == 200
    assert {"GET", "HEAD", "OPTIONS"} <= set(options["Allow"].split(", "))
    assert not {"PUT", "PATCH", "DELETE"} & set(options["Allow"].split(", "))


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize(
    "url", ["observations?format=csv", "series/china-internet.users/observations?format=xlsx"]
)
def test_options_is_json_whatever_format_was_asked_for(client: Client, url: str) -> None:
    options = client.options(f"/api/v1/{url}")
    assert (options.status_code, options["Content-Type"]) == (200, "application/json")
    assert options.json()["name"]
