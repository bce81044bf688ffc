"""Observations of one series and of many, as JSON."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from metrics.models import Observation, StagedObservation
from metrics.services.publishing import publish_release
from metrics.services.staging import stage_observation
from tests.metrics.api.contract import payload
from tests.metrics.factories import NOW, make_release, make_series, publish

USERS = "/api/v1/series/china-internet.users/observations"
WEBANK = "/api/v1/series/webank.users/observations"


def periods(response: Any) -> list[str]:
    return [row["period"] for row in response.json()["results"]]


def values(response: Any) -> list[str | None]:
    return [row["value"] for row in response.json()["results"]]


def test_stated_and_implied_values_match_the_contract(client: Client, users: str) -> None:
    response = client.get(USERS)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.json() == payload(__file__, "observations")


def test_transformed_values_match_the_contract(client: Client, users: str) -> None:
    assert client.get(USERS, {"units": "pc1"}).json() == payload(__file__, "observations-pc1")


def test_stated_value_fills_the_period_outranks_the_implied_one(client: Client, users: str) -> None:
    series = make_series(users)
    publish((series, "2017", "7.72亿"))
    rows = {row["period"]: row for row in client.get(USERS).json()["results"]}
    assert rows["2017"]["value"] == "772000000"
    assert rows["2017"]["status"] == "A"
    assert "rule" not in rows["2017"]


def test_corrected_value_appears_once_with_its_own_instant(client: Client, yearly: str) -> None:
    at = datetime(2027, 1, 2, 3, 4, 5, 600_000, tzinfo=UTC)
    publish((make_series(yearly), "2018", "60"), kind="correction", now=at)
    last = client.get(WEBANK).json()["results"][-1]
    assert (last["period"], last["value"]) == ("2018", "60")
    assert last["valid_from"] == "2027-01-02T03:04:05.600000Z"


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ("lin", ["100", "110", "121", "0", "50"]),
        ("chg", [None, "10", "11", "-121", "50"]),
        ("ch1", [None, "10", "11", "-121", "50"]),
        ("pch", [None, "10.0", "10.0", "-100", None]),
        ("pc1", [None, "10.0", "10.0", "-100", None]),
        ("pca", [None, "10.0", "10.0", "-100", None]),
    ],
)
def test_units_transform_by_the_previous_period(
    client: Client, yearly: str, units: str, expected: list[str | None]
) -> None:
    assert values(client.get(WEBANK, {"units": units})) == expected


@pytest.mark.parametrize("units", ["cch", "cca", "log"])
def test_logarithms_of_zero_are_missing_with_a_reason(
    client: Client, yearly: str, units: str
) -> None:
    row = client.get(WEBANK, {"units": units, "observation_start": "2017-01-01"}).json()
    assert row["results"][0]["value"] is None
    assert row["results"][0]["null_reason"] == "not_determinable"


@pytest.mark.parametrize(
    ("units", "unit"),
    [("lin", "person"), ("chg", "person"), ("pc1", "percent-growth"), ("log", None)],
)
def test_transform_sets_the_unit(
    client: Client, yearly: str, users: str, units: str, unit: str | None
) -> None:
    assert client.get(WEBANK, {"units": units}).json()["results"][0]["unit"] == unit


def test_first_period_of_a_range_is_compared_with_the_one_before_it(
    client: Client, yearly: str
) -> None:
    response = client.get(WEBANK, {"units": "pc1", "observation_start": "2016-01-01"})
    assert values(response)[0] == "10.0"


@pytest.mark.parametrize("units", ["lin", "chg"])
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["2007/2008", "2017", "2018", "undated"]),
        ({"observation_start": "2018-12-31"}, ["2018"]),
        ({"observation_start": "2008-12-31", "observation_end": "2017-01-01"},
         ["2007/2008", "2017"]),
        ({"observation_end": "2006-12-31"}, []),
        ({"observation_start": "1900-01-01", "sort_order": "desc"},
         ["2018", "2017", "2007/2008"]),
        ({"sort_order": "desc"}, ["undated", "2018", "2017", "2007/2008"]),
    ],
)  # fmt: skip
def test_range_keeps_the_periods_that_touch_it(
    client: Client, users: str, units: str, given: dict[str, str], expected: list[str]
) -> None:
    assert periods(client.get(USERS, {"units": units, **given})) == expected


def test_many_series_come_by_key_then_period(client: Client, users: str, yearly: str) -> None:
    url = "/api/v1/observations"
    rows = client.get(url, {"series": f"{yearly},{users}", "sort_order": "desc"}).json()["results"]
    assert [(row["series"], row["period"]) for row in rows] == [
        *((users, period) for period in ("undated", "2018", "2017", "2007/2008")),
        *((yearly, period) for period in ("2018", "2017", "2016", "2015", "2014")),
    ]


@pytest.mark.parametrize("units", ["lin", "chg"])
@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 2, 4, 9])
def test_pages_join_to_the_whole_in_both_directions(
    client: Client, users: str, yearly: str, units: str, order: str, limit: int
) -> None:
    query = {"series": f"{users},{yearly}", "units": units, "sort_order": order}
    whole = client.get("/api/v1/observations", query).json()["results"]
    page = client.get("/api/v1/observations", {**query, "limit": limit}).json()
    forward, last = list(page["results"]), page
    while page["next"]:
        last = page = client.get(page["next"]).json()
        forward += page["results"]
    backward = last["results"]
    while last["previous"]:
        last = client.get(last["previous"]).json()
        backward = last["results"] + backward
    assert len(whole) == 9
    assert forward == whole
    assert backward == whole


def test_withdrawn_value_is_null_with_its_reason(client: Client, yearly: str) -> None:
    series = make_series(yearly)
    release = make_release("withdrawal")
    source = Observation.objects.filter(series=series)[0].source
    withdraw = StagedObservation.Action.WITHDRAW
    stage_observation(release, series=series, period="2018", source=source, action=withdraw).save()
    publish_release(release, actor=None, now=NOW)
    row = client.get(WEBANK).json()["results"][-1]
    assert (row["value"], row["null_reason"], row["status"]) == (None, "withdrawn", "M")
