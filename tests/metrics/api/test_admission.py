"""The door: what endpoints do where nobody stands at it."""

from typing import Any

import pytest
from django.test import Client

from metrics.api import admission
from tests.metrics.factories import make_series, publish

pytestmark = pytest.mark.django_db

URL = "/api/v1/units"


@pytest.fixture(autouse=True)
def nobody_at_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "_doors", [])


def test_everybody_comes_in_and_nothing_is_said_of_quotas(client: Client) -> None:
    answer = client.get(URL, headers={"authorization": "Api-Key whatever"})
    assert answer.status_code == 200
    assert "RateLimit" not in answer
    assert "Authorization" not in answer["Vary"]


def test_unchanged_answer_is_one_query(client: Client, django_assert_num_queries: Any) -> None:
    etag = client.get(URL)["ETag"]
    with django_assert_num_queries(1):
        assert client.get(URL, headers={"if-none-match": etag}).status_code == 304


def test_tag_of_before_the_first_release_is_not_taken_for_todays(client: Client) -> None:
    etag = client.get(URL)["ETag"]
    publish((make_series("webank.users"), "2018", "5"))
    assert client.get(URL, headers={"if-none-match": etag}).status_code == 200
