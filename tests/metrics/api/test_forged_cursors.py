"""A cursor is a place that we gave out; anything else is a 400."""

import json
from base64 import urlsafe_b64encode
from urllib.parse import quote

import pytest
from django.test import Client

from tests.metrics.factories import make_series, publish

FORGED = [
    json.dumps(["f", ["a"], "2018-01-01", "2018-01-01", ["b"]]),
    json.dumps(["f", "\ud800", "2018-01-01", "2018-01-01", "x"]),
    "[" * 20_000,
    "{}",
    "7",
]


@pytest.mark.django_db
@pytest.mark.parametrize("text", FORGED)
@pytest.mark.parametrize("query", ["", "units=chg&", "format=csv&"])
def test_forged_cursor_is_refused(client: Client, text: str, query: str) -> None:
    publish((make_series("e.a"), "2018", "10"))
    cursor = quote(urlsafe_b64encode(text.encode()).decode())
    answer = client.get(f"/api/v1/series/e.a/observations?{query}cursor={cursor}")
    assert answer.status_code == 400
