"""OpenAPI and the docs page."""

import re
from io import StringIO

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
