"""docs/api.md against the shipped content: what it shows is what is answered."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from metrics.models import Series
from metrics.selectors.values import series_values

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
API = "/api/v1"


@pytest.fixture
def content(db: None) -> None:
    call_command("load_content", verbosity=0)


def examples() -> list[Any]:
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)]


@pytest.mark.usefixtures("content")
def test_guide_shows_what_is_answered(client: Client) -> None:
    addresses = re.findall(r'curl "\$API([^"]*)"(?! -)', GUIDE)
    assert len(addresses) >= 9
    for address in addresses:
        response = client.get(API + address)
        assert response.status_code == 200, address
        if "/exports" not in address:  # of which there are none yet
            assert '"results":[]' not in response.getvalue().decode(), address

    observation, _message, problem = examples()  # the message: tests/partners/test_guide.py
    rows = client.get(f"{API}/series/{observation['series']}/observations").json()["results"]
    shown = next(row for row in rows if row["period"] == observation["period"])
    assert shown | {"valid_from": observation["valid_from"]} == observation
    refused = client.get(f"{API}/series/webank.npl-ratio/observations?units=pc1")
    assert refused.json() == problem


@pytest.mark.usefixtures("content")
def test_figures_of_the_guide_are_checked(client: Client) -> None:
    ((address, body),) = re.findall(r"""curl "\$API([^"]*)" -H .*\n  -d '([^']*)'""", GUIDE)
    answer = client.post(API + address, body, content_type="application/json")
    assert [one["verdict"] for one in answer.json()["results"]] == ["rounded_match"]


@pytest.mark.usefixtures("content")
def test_every_page_of_shipped_observations_agrees_with_the_evaluator(client: Client) -> None:
    series = {one.pk: one.key for one in Series.objects.all()[:100]}
    values = series_values(series)
    expected = [
        (key, period.code, value.qualifier, value.status, value.figure.null_reason or None)
        for pk, key in sorted(series.items(), key=lambda item: item[1])
        for period, value in values[pk].items()
    ]
    query = {"series": ",".join(series.values()), "limit": 10_000}
    rows = client.get(f"{API}/observations", query).json()["results"]
    fields = ("series", "period", "qualifier", "status", "null_reason")
    assert [tuple(row[name] for name in fields) for row in rows] == expected
