"""OpenAPI and the docs page."""

import re
from io import StringIO
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

URLS_OF_OTHERS = re.compile(r"""["'(](?:https?:)?//(?!testserver)[^"')]+""")


def schema() -> dict[str, object]:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    document: dict[str, object] = yaml.safe_load(out.getvalue())
    return document


def test_schema_is_valid_and_has_every_endpoint() -> None:
    document = schema()
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {  # type: ignore[call-overload]
        "/api/v1/",
        "/api/v1/cases",
        "/api/v1/cases/{slug}",
        "/api/v1/technologies",
        "/api/v1/technologies/{slug}",
        "/api/v1/entities",
        "/api/v1/entities/{slug}",
        "/api/v1/indicators",
        "/api/v1/indicators/{key}",
        "/api/v1/units",
        "/api/v1/units/{key}",
        "/api/v1/sources",
        "/api/v1/sources/{slug}",
        "/api/v1/series",
        "/api/v1/series/{key}",
        "/api/v1/series/{key}/observations",
        "/api/v1/series/{key}/vintages",
        "/api/v1/series/{key}/lineage",
        "/api/v1/observations",
        "/api/v1/search",
        "/api/v1/exports",
        "/api/v1/exports/{seq}",
        "/api/v1/exports/{seq}.zip",
        "/api/v1/releases",
        "/api/v1/releases/{seq}",
        "/api/v1/changes",
        "/api/v1/verify",
        "/api/v1/verify/taken",
    }


def test_schema_names_exactly_the_parameters_that_are_allowed(client: Client, users: str) -> None:
    for path, operations in schema()["paths"].items():  # type: ignore[attr-defined]
        method = "get" if "get" in operations else "post"
        parameters = operations[method].get("parameters", [])
        described = {given["name"] for given in parameters if given["in"] == "query"}
        key = users if "/series/" in path else "person"
        address = path.format(slug="webank", key=key, seq=1)
        refusal = client.generic(method, f"{address}?zz=1").json()
        assert set(refusal["errors"][0]["allowed"]) == described, path


@pytest.mark.django_db
def test_schema_is_served(client: Client) -> None:
    response = client.get("/api/v1/schema")
    assert response.status_code == 200
    assert yaml.safe_load(response.content)["info"]["title"] == "Fintech cases and metrics"


@pytest.mark.django_db
def test_docs_page_has_nothing_inline_and_nobody_elses_address(client: Client) -> None:
    page = client.get("/api/v1/docs")
    html = page.content.decode()
    script = client.get("/api/v1/docs?script=")
    assert page.status_code == script.status_code == 200
    assert script["Content-Type"].startswith("application/javascript")
    assert "<style" not in html
    assert " style=" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not URLS_OF_OTHERS.search(html + script.content.decode())


@pytest.mark.parametrize(
    "url",
    [
        "units", "units/person", "series/china-internet.users/observations",
        "series/china-internet.users/observations?format=csv&limit=1", "observations?format=csv",
        "units?x=1", "units/none", "exports", "search?q=users&lang=en",
    ],
)  # fmt: skip
def test_schema_names_the_headers_that_are_answered(client: Client, users: str, url: str) -> None:
    paths: dict[str, Any] = schema()["paths"]  # type: ignore[assignment]
    answer = client.get(f"/api/v1/{url}")
    path = re.sub("none|person", "{key}", url.partition("?")[0])
    path = path.replace("china-internet.users", "{key}")
    described = paths[f"/api/v1/{path}"]["get"]["responses"][str(answer.status_code)]["headers"]
    ours = {
        "ETag", "Cache-Control", "Vary", "RateLimit", "RateLimit-Policy", "Link",
        "Content-Disposition", "Retry-After", "WWW-Authenticate", "Content-Language",
    }  # fmt: skip
    sent = ours & set(answer.headers)
    assert sent - {"Content-Language"} <= set(described)
    assert ("ETag" in described) == ("ETag" in sent)


def test_schema_tells_of_tags_only_where_there_are() -> None:
    paths: dict[str, Any] = schema()["paths"]  # type: ignore[assignment]
    for path, operations in paths.items():
        for operation in operations.values():
            names = {given["name"] for given in operation.get("parameters", [])}
            has_tag = path not in ("/api/v1/verify", "/api/v1/verify/taken")
            assert ("If-None-Match" in names) == ("304" in operation["responses"]) == has_tag
            assert {"RateLimit", "Vary"} <= set(operation["responses"]["429"]["headers"])
            assert "Retry-After" in operation["responses"]["429"]["headers"]
    assert "503" in paths["/api/v1/observations"]["get"]["responses"]


def test_results_of_every_list_are_a_list() -> None:
    paths: dict[str, Any] = schema()["paths"]  # type: ignore[assignment]
    lists = 0
    for operations in paths.values():
        told = operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        page = told.get("application/json", {}).get("schema", {})
        if "next" in page.get("properties", {}):
            lists += 1
            assert page["properties"]["results"]["type"] == "array"
    assert lists >= 5
