"""What was known when: as of a moment of ours, and by the sources' own days."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.models import Change, Series
from metrics.services.publishing import publish_release
from metrics.services.staging import stage_observation
from metrics.services.vintages import backfill_vintages
from tests.metrics.api.contract import allowed, faults
from tests.metrics.factories import NOW, SourceFactory, make_release, make_series, publish

URL = "/api/v1/series/webank.users/observations"
HOUR = timedelta(hours=1)


def record(series: Series, day: date, *rows: tuple[str, str], hours: int) -> Change:
    release = make_release()
    for period, stated in rows:
        stage_observation(
            release,
            series=series,
            period=period,
            source=SourceFactory(),
            stated=stated,
            vintage_on=day,
        ).save()
    return publish_release(release, actor=None, now=NOW + HOUR * hours)


@pytest.fixture
def series(db: None) -> Series:
    """2016 and 2017 said in 2018; 2017 revised, 2018 new in 2019; 2016 said in 2017 backfilled."""
    series = make_series("webank.users", nature="stock")
    record(series, date(2018, 3, 1), ("2016", "100"), ("2017", "200"), hours=0)
    record(series, date(2019, 3, 1), ("2017", "210"), ("2018", "300"), hours=1)
    row = stage_observation(
        make_release(),
        series=series,
        period="2016",
        source=SourceFactory(),
        stated="90",
        vintage_on=date(2017, 3, 1),
    )
    backfill_vintages([row], actor=None, now=NOW + HOUR * 2)
    return series


def rows(client: Client, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(URL, query).json()["results"]
    return found


def told(client: Client, **query: Any) -> list[tuple[Any, ...]]:
    names = ("period", "value", "realtime_from", "realtime_to")
    return [tuple(row[name] for name in names) for row in rows(client, **query)]


def short(client: Client, **query: Any) -> list[tuple[str, str | None]]:
    return [(row["period"], row["value"]) for row in rows(client, **query)]


def test_as_of_answers_what_stood_with_its_real_interval(client: Client, series: Series) -> None:
    as_of = (NOW + HOUR / 2).isoformat()
    found = rows(client, as_of=as_of)
    assert [(row["period"], row["value"]) for row in found] == [("2016", "100"), ("2017", "200")]
    assert found[1]["valid_from"] == "2026-11-23T08:00:00Z"
    assert found[1]["valid_to"] == "2026-11-23T09:00:00Z"
    assert found[0]["valid_to"] is None
    assert short(client, as_of="2020-01-01") == []


def test_as_of_a_change_is_the_state_after_it(client: Client, series: Series) -> None:
    as_of = "2026-11-23T09:00:00Z"
    assert short(client, as_of=as_of) == [("2016", "100"), ("2017", "210"), ("2018", "300")]


def test_transform_as_of_compares_what_stood(client: Client, series: Series) -> None:
    found = short(client, as_of=(NOW + HOUR / 2).isoformat(), units="pc1")
    assert found == [("2016", None), ("2017", "100")]


def test_derived_value_as_of_is_computed_from_what_stood(client: Client, users: str) -> None:
    url = f"/api/v1/series/{users}/observations"
    before = client.get(url).json()["results"]
    first = Change.objects.latest_seq()
    instant = Change.objects.get(pk=first).published_at
    publish((make_series("china-internet.users-growth"), "2018", "3.2%"), now=instant + HOUR)
    query = {"as_of": instant.isoformat()}
    then = client.get(url, query).json()["results"]
    assert [(row["period"], row["value"]) for row in then] == [
        (row["period"], row["value"]) for row in before
    ]
    implied = then[1]
    assert (implied["status"], implied["rule"]) == ("I", "implied-prior.users-growth")
    assert implied["valid_from"] is None
    now = client.get(url).json()["results"]
    assert now[1]["value"] != implied["value"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"output_type": 1}, [("2016", "90", "2017-03-01", "2018-03-01"),
                              ("2016", "100", "2018-03-01", None),
                              ("2017", "200", "2018-03-01", "2019-03-01"),
                              ("2017", "210", "2019-03-01", None),
                              ("2018", "300", "2019-03-01", None)]),
        ({"realtime_start": "2018-06-01", "realtime_end": "2018-06-01"},
         [("2016", "100", "2018-03-01", None), ("2017", "200", "2018-03-01", "2019-03-01")]),
        ({"realtime_end": "2017-12-31"}, [("2016", "90", "2017-03-01", "2018-03-01")]),
        ({"realtime_end": "2016-12-31"}, []),
        ({"vintage_dates": "2017-06-01"}, [("2016", "90", "2017-03-01", "2018-03-01")]),
        ({"output_type": 4}, [("2016", "90", "2017-03-01", "2018-03-01"),
                              ("2017", "200", "2018-03-01", "2019-03-01"),
                              ("2018", "300", "2019-03-01", None)]),
        ({"output_type": 4, "realtime_start": "2018-01-01", "realtime_end": "2018-12-31"},
         [("2017", "200", "2018-03-01", "2019-03-01")]),
    ],
)  # fmt: skip
def test_real_time_lists_each_value_with_its_whole_interval(
    client: Client, series: Series, query: dict[str, Any], expected: list[tuple[Any, ...]]
) -> None:
    assert told(client, **query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"output_type": 2, "vintage_dates": "2017-06-01,2018-06-01"},
         [("2017-06-01", "2016", "90"), ("2018-06-01", "2016", "100"),
          ("2018-06-01", "2017", "200")]),
        ({"output_type": 2, "realtime_start": "2019-01-01"},
         [("2019-03-01", "2016", "100"), ("2019-03-01", "2017", "210"),
          ("2019-03-01", "2018", "300")]),
        ({"output_type": 3}, [("2017-03-01", "2016", "90"), ("2018-03-01", "2016", "100"),
                              ("2018-03-01", "2017", "200"), ("2019-03-01", "2017", "210"),
                              ("2019-03-01", "2018", "300")]),
        ({"output_type": 3, "realtime_start": "2019-01-01"},
         [("2019-03-01", "2017", "210"), ("2019-03-01", "2018", "300")]),
    ],
)  # fmt: skip
def test_vintage_output_tells_the_day_of_each_row(
    client: Client, series: Series, query: dict[str, Any], expected: list[tuple[str, ...]]
) -> None:
    found = [(row["vintage_date"], row["period"], row["value"]) for row in rows(client, **query)]
    assert sorted(found) == expected


def test_vintages_as_of_know_no_later_backfill(client: Client, series: Series) -> None:
    found = told(client, output_type=4, as_of=(NOW + HOUR).isoformat())
    assert found[0] == ("2016", "100", "2018-03-01", None)


def test_growth_by_vintage_compares_what_was_known(client: Client, series: Series) -> None:
    found = told(client, units="pc1", observation_start="2017-01-01", observation_end="2017-12-31",
                 output_type=1)  # fmt: skip
    assert found == [("2017", "100", "2018-03-01", "2019-03-01"),
                     ("2017", "110.0", "2019-03-01", None)]  # fmt: skip


@pytest.mark.parametrize("query", [{"output_type": 1}, {"output_type": 2}, {"sources": "all"}])
@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_join_to_the_whole_in_both_directions(
    client: Client, series: Series, query: dict[str, Any], order: str, limit: int
) -> None:
    publish((series, "2018", "301"), source=SourceFactory(slug="rival"), now=NOW + HOUR * 3)
    given = {**query, "sort_order": order}
    whole = rows(client, **given)
    page = client.get(URL, {**given, "limit": limit}).json()
    forward, last = list(page["results"]), page
    while page["next"]:
        last = page = client.get(page["next"]).json()
        forward += page["results"]
    backward = last["results"]
    while last["previous"]:
        last = client.get(last["previous"]).json()
        backward = last["results"] + backward
    assert len(whole) > 3
    assert forward == backward == whole


def test_all_sources_stand_side_by_side_with_the_preference_and_its_reason(
    client: Client, series: Series
) -> None:
    release = make_release()
    rival = SourceFactory(slug="rival")
    stage_observation(release, series=series, period="2018", source=rival, stated="301",
                      preferred=False, note="counts visitors too").save()  # fmt: skip
    publish_release(release, actor=None, now=NOW + HOUR * 3)
    found = [row for row in rows(client, sources="all") if row["period"] == "2018"]
    names = ("source", "value", "preferred", "note")
    assert [tuple(row[name] for name in names) for row in found] == [
        ("report-2019", "300", True, None),
        ("rival", "301", False, "counts visitors too"),
    ]
    assert [row["value"] for row in rows(client)] == ["100", "210", "300"]


def test_table_has_the_columns_that_were_asked_for(client: Client, series: Series) -> None:
    text = client.get(URL, {"output_type": 4, "format": "csv"}).content.decode()
    assert text.splitlines()[0].endswith(",rule,realtime_from,realtime_to")
    assert text.splitlines()[1].endswith(",2017-03-01,2018-03-01")


def test_vintages_lists_the_days_of_the_sources(client: Client, series: Series) -> None:
    answer = client.get("/api/v1/series/webank.users/vintages").json()
    assert answer == {
        "next": None,
        "previous": None,
        "results": [
            {"vintage_date": "2017-03-01", "values": 1},
            {"vintage_date": "2018-03-01", "values": 2},
            {"vintage_date": "2019-03-01", "values": 2},
        ],
    }


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"as_of": "2018"}, "as_of", "moment"),
        ({"as_of": "2018-13-01"}, "as_of", "moment"),
        ({"as_of": "2018-01-01T08:00:00"}, "as_of", "moment"),
        ({"as_of": "9999-12-31"}, "as_of", "moment"),
        ({"as_of": "2999-01-01"}, "as_of", "not_past"),
        ({"realtime_start": "2018"}, "realtime_start", "invalid"),
        ({"realtime_start": "2018-01-02", "realtime_end": "2018-01-01"}, "realtime_end",
         "range_empty"),
        ({"vintage_dates": "2018"}, "vintage_dates", "days"),
        ({"vintage_dates": "2018-01-01", "realtime_end": "2018-01-01"}, "vintage_dates",
         "conflicting_parameters"),
        ({"output_type": "5"}, "output_type", "invalid_choice"),
        ({"sources": "all", "units": "pc1"}, "sources", "conflicting_parameters"),
        ({"include": "consistency", "output_type": "1"}, "include", "conflicting_parameters"),
    ],
)  # fmt: skip
def test_wrong_moment_is_a_400(
    client: Client, series: Series, query: dict[str, str], field: str, code: str
) -> None:
    response = client.get(URL, query)
    assert response.status_code == 400
    assert faults(response) == [(field, code)]


@pytest.mark.parametrize(
    "query",
    [
        {"as_of": (NOW + HOUR * 5).isoformat()},
        {"as_of": (NOW + HOUR * 5).isoformat(), "units": "pc1"},
        {"output_type": 1},
        {"output_type": 2, "units": "chg"},
        {"sources": "all", "include": "consistency"},
    ],
)
def test_rows_and_vintages_add_no_queries(
    client: Client, series: Series, query: dict[str, Any]
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL, query).status_code == 200
        return len(captured)

    late = make_series("late.users")
    publish((late, "2018", "1"), now=NOW + HOUR * 9)  # so that the moment is settled
    one = queries()
    for n in range(3):
        rows = [(str(2000 + year), str(n + year)) for year in range(20)]
        record(series, date(2020 + n, 3, 1), *rows, hours=10 + n)
    assert queries() == one <= 14


def test_derived_values_of_a_moment_add_no_queries_by_the_series(
    client: Client, users: str
) -> None:
    def queries(keys: list[str]) -> int:
        given = {"series": ",".join(keys), "as_of": instant}
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/api/v1/observations", given).status_code == 200
        return len(captured)

    keys = [f"market-{n}.users" for n in range(20)]
    rows = [
        row
        for key in keys
        for row in ((make_series(key), "2018", "100"), (make_series(f"{key}-growth"), "2018", "5%"))
    ]
    publish(*rows, definitions_changed=True)
    instant = Change.objects.latest("seq").published_at.isoformat()
    publish((make_series("late.users"), "2018", "1"), now=NOW + HOUR * 9)
    assert queries([users]) == queries([users, *keys])


def test_wrong_output_type_names_the_types(client: Client, series: Series) -> None:
    assert allowed(client.get(URL, {"output_type": "5"})) == ["1", "2", "3", "4"]
