"""What HTTP caches are told."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.metrics.factories import make_series, publish

USERS = "/api/v1/series/china-internet.users/observations"
URLS = [USERS, "/api/v1/series", "/api/v1/units/person", "/api/v1/", "/api/v1/cases"]


@pytest.mark.parametrize("url", URLS)
def test_unchanged_answer_is_a_304_of_one_query(client: Client, users: str, url: str) -> None:
    etag = client.get(url)["ETag"]
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url, headers={"if-none-match": f'"other", {etag}'})
    assert (response.status_code, response.content, len(captured)) == (304, b"", 1)
    assert response["ETag"] == etag
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=5"


def test_release_changes_the_etag(client: Client, users: str) -> None:
    etag = client.get(USERS)["ETag"]
    publish((make_series(users), "2019", "9.04亿"))
    response = client.get(USERS, headers={"if-none-match": etag})
    assert response.status_code == 200
    assert response["ETag"] != etag


def test_each_representation_has_its_own_etag(client: Client, users: str) -> None:
    etags = {
        client.get(USERS)["ETag"],
        client.get(USERS, headers={"accept": "text/csv"})["ETag"],
        client.get(USERS, {"lang": "en"})["ETag"],
        client.get(USERS, {"units": "chg"})["ETag"],
    }
    assert len(etags) == 4


def test_refusal_is_not_cached(client: Client, users: str) -> None:
    response = client.get(USERS, {"units": "x"})
    assert "ETag" not in response
    assert "Cache-Control" not in response


def test_answer_sets_no_cookie_and_varies_by_none(client: Client, users: str) -> None:
    response = client.get(USERS)
    assert not response.cookies
    assert "Cookie" not in response["Vary"]


def test_head_says_what_get_says_without_a_body(client: Client, users: str) -> None:
    response = client.head(USERS)
    assert (response.status_code, response.content) == (200, b"")
    assert response["ETag"]
