"""Bulk answers take their own scope, and strangers get only so much of them."""

from typing import Any

import pytest
from django.test import Client

from partners.models import Partner
from tests.metrics.api.contract import faults
from tests.metrics.factories import make_series, publish
from tests.partners.conftest import issue

URL = "/api/v1/observations"


@pytest.fixture
def values(db: None) -> str:
    """Five values of two series."""
    one, other = make_series("webank.users"), make_series("acme.users")
    publish(*((one, str(year), "5") for year in range(2015, 2019)), (other, "2018", "6"))
    return one.key


def test_strangers_get_so_many_values_and_keys_all(
    client: Client, partner: Partner, values: str, settings: Any
) -> None:
    settings.API_ANONYMOUS_BULK_ROWS = 4
    refused = client.get(URL, {"format": "csv"})
    assert refused.status_code == 400
    assert faults(refused) == [("series", "too_many_rows")]
    assert refused.json()["errors"][0]["allowed"] == ["entity", "indicator", "source"]
    one = client.get(URL, {"format": "csv", "entity": "webank"})
    assert len(one.getvalue().splitlines()) == 5
    headers = issue(partner, scopes=["read", "bulk"]).headers
    every = client.get(URL, {"format": "jsonl"}, headers=headers)
    assert len(every.getvalue().splitlines()) == 5


def test_key_without_the_scope_reads_pages_only(
    client: Client, partner: Partner, values: str
) -> None:
    headers = issue(partner, scopes=["read"]).headers
    refused = client.get(URL, {"format": "csv"}, headers=headers)
    assert refused.status_code == 403
    assert faults(refused) == [(None, "missing_scope")]
    assert client.get(URL, {"series": values}, headers=headers).status_code == 200
