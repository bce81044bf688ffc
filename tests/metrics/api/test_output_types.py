"""FRED's four output types over one history that has everything, plain and transformed.

| day        | what the source's world was told                    |
|------------|-----------------------------------------------------|
| 2017-03-01 | 2016 = 90 (backfilled)                              |
| 2018-03-01 | 2016 = 100, 2017 = 200                              |
| 2018-06-01 | 2017 = 200 again, by another source                 |
| 2019-03-01 | 2017 = 250 (revised), 2018 = 300                    |
| 2020-03-01 | 2018 withdrawn                                      |
| 2021-03-01 | 2018 = 320 (published again), 2017 = 210 by a rival |
"""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from metrics.models import Change, Series
from metrics.services.preferences import prefer_source
from metrics.services.publishing import publish_release
from metrics.services.staging import stage_observation
from metrics.services.vintages import backfill_vintages
from tests.metrics.api.contract import allowed, faults
from tests.metrics.factories import NOW, SourceFactory, make_release, make_series

URL = "/api/v1/series/webank.users/observations"


def record(series: Series, day: date, *rows: tuple[str, str], **more: Any) -> Change:
    """Rows of (period, stated); nothing stated withdraws the value, as of that day."""
    release = make_release()
    source = SourceFactory(slug=more.pop("source", "report-2019"))
    for period, stated in rows:
        told = {"stated": stated} if stated else {"null_reason": "withdrawn", "status": "M"}
        stage_observation(release, series=series, period=period, source=source, vintage_on=day,
                          **told, **more).save()  # fmt: skip
    return publish_release(release, actor=None, now=NOW)


@pytest.fixture(autouse=True)
def series(db: None) -> Series:
    series = make_series("webank.users", nature="stock")
    record(series, date(2018, 3, 1), ("2016", "100"), ("2017", "200"))
    record(series, date(2018, 6, 1), ("2017", "200"), source="repeats")
    record(series, date(2019, 3, 1), ("2017", "250"), ("2018", "300"))
    record(series, date(2020, 3, 1), ("2018", ""))
    record(series, date(2021, 3, 1), ("2018", "320"))
    record(series, date(2021, 3, 1), ("2017", "210"), source="rival", preferred=False)
    prefer_source(series, SourceFactory(slug="rival"), periods=["2017"], reason={"en": "audited"},
                  actor=None, now=NOW)  # fmt: skip
    row = stage_observation(make_release(), series=series, period="2016", source=SourceFactory(),
                            stated="90", vintage_on=date(2017, 3, 1))  # fmt: skip
    backfill_vintages([row], actor=None, now=NOW)
    return series


def told(client: Client, *names: str, **query: Any) -> list[tuple[Any, ...]]:
    response = client.get(URL, query)
    assert response.status_code == 200, response.content
    return [tuple(row[name] for name in names) for row in response.json()["results"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [("2016", "90", "2017-03-01", "2018-03-01"), ("2016", "100", "2018-03-01", None),
              ("2017", "200", "2018-03-01", "2018-06-01"),
              ("2017", "200", "2018-06-01", "2019-03-01"),
              ("2017", "250", "2019-03-01", "2021-03-01"), ("2017", "210", "2021-03-01", None),
              ("2018", "300", "2019-03-01", "2020-03-01"),
              ("2018", None, "2020-03-01", "2021-03-01"), ("2018", "320", "2021-03-01", None)]),
        # One day: at most one row a period; its interval is never cut to the day.
        ({"realtime_start": "2019-03-01", "realtime_end": "2019-03-01"},
         [("2016", "100", "2018-03-01", None), ("2017", "250", "2019-03-01", "2021-03-01"),
          ("2018", "300", "2019-03-01", "2020-03-01")]),
        # The day before: half-open, so what ends on the next day is still known.
        ({"realtime_start": "2019-02-28", "realtime_end": "2019-02-28"},
         [("2016", "100", "2018-03-01", None), ("2017", "200", "2018-06-01", "2019-03-01")]),
        # FRED counts both ends of the range.
        ({"realtime_start": "2020-06-01", "realtime_end": "2021-03-01",
          "observation_start": "2018-01-01"},
         [("2018", None, "2020-03-01", "2021-03-01"), ("2018", "320", "2021-03-01", None)]),
        ({"vintage_dates": "2017-02-28,2020-03-01", "observation_start": "2018-01-01"},
         [("2018", None, "2020-03-01", "2021-03-01")]),
    ],
)  # fmt: skip
def test_type_1_lists_each_statement_with_its_own_interval(
    client: Client, query: dict[str, Any], expected: list[tuple[Any, ...]]
) -> None:
    names = ("period", "value", "realtime_from", "realtime_to")
    assert told(client, *names, output_type=1, **query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"realtime_start": "2020-01-01"},
         [("2016", "2020-03-01", "100"), ("2016", "2021-03-01", "100"),
          ("2017", "2020-03-01", "250"), ("2017", "2021-03-01", "210"),
          ("2018", "2020-03-01", None), ("2018", "2021-03-01", "320")]),
        # The repetition of 1 June 2018 is no vintage date.
        ({"realtime_end": "2018-12-31"},
         [("2016", "2017-03-01", "90"), ("2016", "2018-03-01", "100"),
          ("2017", "2018-03-01", "200")]),
        # A day between vintages shows what was known on it.
        ({"vintage_dates": "2019-12-31"},
         [("2016", "2019-12-31", "100"), ("2017", "2019-12-31", "250"),
          ("2018", "2019-12-31", "300")]),
        ({"vintage_dates": "2016-12-31"}, []),
    ],
)  # fmt: skip
def test_type_2_lists_everything_known_on_each_vintage_date(
    client: Client, query: dict[str, Any], expected: list[tuple[Any, ...]]
) -> None:
    assert told(client, "period", "vintage_date", "value", output_type=2, **query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [("2016", "2017-03-01", "90"), ("2016", "2018-03-01", "100"),
              ("2017", "2018-03-01", "200"), ("2017", "2019-03-01", "250"),
              ("2017", "2021-03-01", "210"), ("2018", "2019-03-01", "300"),
              ("2018", "2020-03-01", None), ("2018", "2021-03-01", "320")]),
        # The first date of a range is compared with the vintage before it, not with nothing.
        ({"realtime_start": "2019-01-01", "realtime_end": "2019-12-31"},
         [("2017", "2019-03-01", "250"), ("2018", "2019-03-01", "300")]),
        # Dates asked for one by one are compared with one another.
        ({"vintage_dates": "2018-03-01,2021-03-01"},
         [("2016", "2018-03-01", "100"), ("2017", "2018-03-01", "200"),
          ("2017", "2021-03-01", "210"), ("2018", "2021-03-01", "320")]),
        ({"vintage_dates": "2018-03-01,2018-12-31"},
         [("2016", "2018-03-01", "100"), ("2017", "2018-03-01", "200")]),
    ],
)  # fmt: skip
def test_type_3_lists_what_was_new_or_revised_since_the_date_before(
    client: Client, query: dict[str, Any], expected: list[tuple[Any, ...]]
) -> None:
    assert told(client, "period", "vintage_date", "value", output_type=3, **query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [("2016", "90", "2017-03-01"), ("2017", "200", "2018-03-01"),
              ("2018", "300", "2019-03-01")]),
        ({"realtime_start": "2018-01-01", "realtime_end": "2018-12-31"},
         [("2017", "200", "2018-03-01")]),
        ({"realtime_start": "2020-01-01"}, []),
        ({"vintage_dates": "2019-03-01,2020-03-01"}, [("2018", "300", "2019-03-01")]),
    ],
)  # fmt: skip
def test_type_4_lists_the_first_release_of_each_period(
    client: Client, query: dict[str, Any], expected: list[tuple[Any, ...]]
) -> None:
    assert told(client, "period", "value", "realtime_from", output_type=4, **query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # 200/100, 250/100, 210/100: each with the base that was known.
        ({"output_type": 1, "observation_start": "2017-01-01"},
         [("2017", "100", "2018-03-01", "2019-03-01"),
          ("2017", "150.0", "2019-03-01", "2021-03-01"),
          ("2017", "110.0", "2021-03-01", None),
          ("2018", "20.0", "2019-03-01", "2020-03-01"), ("2018", None, "2020-03-01", "2021-03-01"),
          ("2018", "52.38", "2021-03-01", None)]),
        ({"output_type": 2, "vintage_dates": "2019-12-31", "observation_start": "2017-01-01"},
         [("2017", "150.0", "2019-03-01", "2021-03-01"),
          ("2018", "20.0", "2019-03-01", "2020-03-01")]),
        ({"output_type": 3, "vintage_dates": "2018-12-31,2019-12-31",
          "observation_start": "2017-01-01"},
         [("2017", "100", "2018-03-01", "2019-03-01"),
          ("2017", "150.0", "2019-03-01", "2021-03-01"),
          ("2018", "20.0", "2019-03-01", "2020-03-01")]),
        ({"output_type": 4, "observation_start": "2017-01-01"},
         [("2017", "100", "2018-03-01", "2019-03-01"),
          ("2018", "20.0", "2019-03-01", "2020-03-01")]),
    ],
)  # fmt: skip
def test_each_vintage_is_transformed_never_the_transform_dated(
    client: Client, query: dict[str, Any], expected: list[tuple[Any, ...]]
) -> None:
    names = ("period", "value", "realtime_from", "realtime_to")
    found = [(a, b and b[:5], *more) for a, b, *more in told(client, *names, units="pc1", **query)]
    assert found == expected


def test_aggregate_of_each_vintage_waits_for_all_its_parts(client: Client) -> None:
    """Half of a year is no year; what is revised, and withdrawn, moves the year with it."""
    series = make_series("acme.revenue", frequency="S", nature="flow")
    for day, row in (
        (date(2018, 8, 1), ("2018-S1", "10")),
        (date(2019, 2, 1), ("2018-S2", "20")),
        (date(2019, 3, 1), ("2018-S1", "12")),
        (date(2020, 1, 1), ("2018-S2", "")),
    ):
        record(series, day, row)
    query = {"output_type": 1, "frequency": "A", "aggregation_method": "sum"}
    found = client.get("/api/v1/series/acme.revenue/observations", query).json()["results"]
    names = ("value", "null_reason", "realtime_from", "realtime_to")
    assert [tuple(row[name] for name in names) for row in found] == [
        (None, "incomplete_period", "2018-08-01", "2019-02-01"),
        ("30", None, "2019-02-01", "2019-03-01"),
        ("32", None, "2019-03-01", "2020-01-01"),
        (None, "incomplete_period", "2020-01-01", None),
    ]


@pytest.mark.parametrize("kind", [1, 2, 3, 4])
@pytest.mark.parametrize("units", ["lin", "pc1"])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_of_any_size_join_to_the_whole(
    client: Client, kind: int, units: str, order: str
) -> None:
    query = {"output_type": kind, "units": units, "sort_order": order}
    whole = client.get(URL, query).json()["results"]
    for limit in (1, 2, 5, len(whole)):
        page = client.get(URL, {**query, "limit": limit}).json()
        found = list(page["results"])
        while page["next"]:
            page = client.get(page["next"]).json()
            found += page["results"]
        assert found == whole
        back = list(page["results"])
        while page["previous"]:
            page = client.get(page["previous"]).json()
            back = page["results"] + back
        assert back == whole


def test_vintages_count_no_repetition(client: Client) -> None:
    rows = client.get("/api/v1/series/webank.users/vintages").json()["results"]
    assert [(row["vintage_date"], row["values"]) for row in rows] == [
        ("2017-03-01", 1), ("2018-03-01", 2), ("2019-03-01", 2), ("2020-03-01", 1),
        ("2021-03-01", 2)]  # fmt: skip


def test_transform_of_too_many_vintages_is_refused_and_plain_values_are_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metrics.selectors.vintage_runs.MOST_COMPUTED", 5)
    response = client.get(URL, {"output_type": 1, "units": "pc1"})
    assert response.status_code == 400
    assert faults(response) == [("units", "too_many_vintages")]
    assert allowed(response) == ["lin"]
    assert len(told(client, "value", output_type=1)) == 9
