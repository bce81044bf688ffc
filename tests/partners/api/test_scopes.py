"""What a key was made for is all that it may do."""

from typing import Any

import pytest
from django.test import Client
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.endpoint import Endpoint
from partners.models import Partner
from tests.metrics.api.contract import faults
from tests.partners.conftest import Issued, issue


class BulkView(Endpoint):
    """An endpoint of this test's own."""

    scope = "bulk"

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("bulk", BulkView.as_view())]
pytestmark = pytest.mark.django_db
own_addresses = pytest.mark.urls(__name__)


@own_addresses
def test_key_without_the_scope_is_refused(client: Client, issued: Issued) -> None:
    answer = client.get("/bulk", headers=issued.headers)
    assert (answer.status_code, faults(answer)) == (403, [(None, "missing_scope")])
    assert 'error="insufficient_scope", scope="bulk"' in answer["WWW-Authenticate"]


@own_addresses
def test_key_with_the_scope_is_let_in(client: Client, partner: Partner) -> None:
    issued = issue(partner, scopes=["bulk"])
    assert client.get("/bulk", headers=issued.headers).status_code == 200


@own_addresses
def test_what_is_closed_to_anonymous_readers_asks_for_a_key(client: Client, settings: Any) -> None:
    assert client.get("/bulk").status_code == 200
    settings.API_ANONYMOUS_SCOPES = ["read"]
    answer = client.get("/bulk")
    assert (answer.status_code, faults(answer)) == (401, [(None, "key_required")])
    assert answer["WWW-Authenticate"] == 'Api-Key realm="API"'


def test_figures_are_checked_with_a_key_made_for_it(client: Client, partner: Partner) -> None:
    keys = [issue(partner, scopes=["read"]), issue(partner, scopes=["verify"])]
    found = [
        client.post("/api/v1/verify", {}, "application/json", headers=one.headers).status_code
        for one in keys
    ]
    assert found == [403, 400]  # the second is let in, and told what is missing
