"""Of several formats the one that a client likes best."""

import pytest
from django.test import Client

from metrics.api.negotiation import LONGEST, preferred

JSON, CSV = "application/json", "text/csv"
SDMX = "application/vnd.sdmx.data+csv;version=2.0.0"
OFFERED = (JSON, CSV, SDMX)
USERS = "/api/v1/series/china-internet.users/observations"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("*/*", JSON),
        ("text/*", CSV),
        ("text/csv, */*", CSV),
        ("application/json, text/csv;q=0.1", JSON),
        ("application/json;q=0.1, text/csv;q=0.9", CSV),
        ("text/csv;q=0, */*;q=0.1", JSON),
        ("application/json;q=0, */*", CSV),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("TEXT/CSV", CSV),
        ("text/csv; charset=utf-8", CSV),
        ("application/json; indent=4", JSON),
        ("application/vnd.sdmx.data+csv", SDMX),
        ("application/vnd.sdmx.data+csv; version=2.0.0; q=0.5, text/html", SDMX),
        ("application/vnd.sdmx.data+csv;version=1.0.0", None),
        ("text/html", None),
        ("*/*;q=0", None),
        ("application/json;q=abc", JSON),
        (";;,,/, json", None),
        ("text/html," * LONGEST, None),
    ],
)
def test_best_liked_of_what_is_offered_is_chosen(accept: str, chosen: str | None) -> None:
    assert preferred(accept, OFFERED) == chosen


def test_better_liked_format_is_answered(client: Client, users: str) -> None:
    accept = "application/json, text/csv;q=0.1"
    assert client.get(USERS, headers={"accept": accept})["Content-Type"] == JSON
    tag = client.get(USERS)["ETag"]
    assert client.get(USERS, headers={"accept": accept})["ETag"] == tag
    refused = client.get(USERS, headers={"accept": "*/*;q=0"})
    assert refused.status_code == 406
