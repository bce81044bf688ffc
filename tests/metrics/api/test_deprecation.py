"""Endpoints that will go say so (RFC 9745, RFC 8594)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.deprecation import Deprecation
from metrics.api.endpoint import Endpoint
from metrics.api.schema import EndpointSchema


class OldView(Endpoint):
    """An endpoint of this test's own, which says more in its header Link than that it goes."""

    deprecation = Deprecation(
        datetime(2026, 1, 31, tzinfo=UTC), datetime(2027, 1, 31, tzinfo=UTC), "/api/v1/docs"
    )

    def get(self, request: Request) -> Response:
        return Response({}, headers={"Link": '</next>; rel="next"'})


class OlderView(Endpoint):
    """One whose end is not known."""

    deprecation = Deprecation(datetime(2026, 1, 31, tzinfo=UTC))

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("old", OldView.as_view()), path("older", OlderView.as_view())]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def headers_of(answer: Any) -> list[str | None]:
    return [answer.headers.get(name) for name in ("Deprecation", "Sunset", "Link")]


def test_endpoint_that_goes_says_since_when_until_when_and_what_to_read(client: Client) -> None:
    assert headers_of(client.get("/old")) == [
        "@1769817600",
        "Sun, 31 Jan 2027 00:00:00 GMT",
        '</next>; rel="next", </api/v1/docs>; rel="deprecation"; type="text/html"',
    ]


def test_unchanged_and_refused_answers_say_it_too(client: Client) -> None:
    etag = client.get("/old")["ETag"]
    for answer in (
        client.get("/old", headers={"if-none-match": etag}),
        client.get("/old", {"zz": 1}),
        client.head("/old"),
    ):
        assert answer.headers["Deprecation"] == "@1769817600", answer.status_code


def test_endpoint_without_an_end_names_none(client: Client) -> None:
    assert headers_of(client.get("/older")) == ["@1769817600", None, None]


def test_description_marks_what_goes() -> None:
    """As drf-spectacular asks for it."""
    for view, is_going in ((OldView(), True), (Endpoint(), False)):
        schema = EndpointSchema()
        schema.view, schema.method = view, "GET"
        assert schema.is_deprecated() is is_going
