"""Each format is read back by a reader of others to the same values."""

import io
from datetime import date
from typing import Any

import pandas as pd
import pytest
from django.test import Client
from pysdmx.io import read_sdmx
from python_calamine import CalamineWorkbook

from metrics.models import Source
from metrics.selectors.observation_page import COLUMNS
from metrics.services.refresh import refresh_all
from tests.metrics.api.conftest import LATER
from tests.metrics.api.contract import allowed, faults
from tests.metrics.factories import SourceFactory, make_series, publish

SDMX = "application/vnd.sdmx.data+csv;version=2.0.0"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OBSERVATIONS = "/api/v1/observations"
USERS = "/api/v1/series/china-internet.users/observations"


def results(client: Client, **query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(OBSERVATIONS, query).json()["results"]
    assert rows
    return rows


def number(text: str | None) -> float | None:
    """As pandas and pysdmx hold it."""
    return float(text) if text else None


def sheet(content: bytes, name: str = "data") -> list[list[Any]]:
    found: list[list[Any]] = (
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()
    )
    return found


def sdmx(client: Client, **query: str) -> Any:
    response = client.get(OBSERVATIONS, {**query, "format": "sdmx-csv"})
    assert response.status_code == 200, response.content
    (dataset,) = read_sdmx(response.content.decode(), validate=False).data
    return dataset


@pytest.fixture
def every_frequency(users: str, cnnic: Source) -> str:
    """Keys of series of all frequencies, spans and undated values among them."""
    rows = [("2018-S1", "s"), ("2018-Q4", "q"), ("2018-12", "m"), ("2018-W05", "w")]
    rows += [("2018-12-31", "d")]
    keys = [users]
    for period, letter in rows:
        series = make_series(
            f"bank.rate-{letter}", frequency=letter.upper(), unit="points", nature="ratio"
        )
        publish((series, period, "-1.50ppts"), source=cnnic)
        keys.append(series.key)
    publish((make_series("bank.since"), "2016/", "12"), source=cnnic)
    refresh_all(now=LATER)
    return ",".join([*keys, "bank.since"])


def test_sdmx_is_read_back_to_the_same_values(client: Client, every_frequency: str) -> None:
    expected = results(client, series=every_frequency)
    dataset = sdmx(client, series=every_frequency)
    assert str(dataset.structure) == "Dataflow=FINTECH:OBSERVATIONS(1.0.0)"
    read = dataset.data.to_dict("records")
    assert [
        (f"{row['ENTITY']}.{row['INDICATOR']}", row["PERIOD"], number(row["OBS_VALUE"]),
         row["OBS_STATUS"], row["UNIT_MEASURE"], row["STATED"], row["SOURCE"],
         row["NULL_REASON"], row["VALID_FROM"])
        for row in read
    ] == [
        (row["series"], row["period"], number(row["value"]), row["status"],
         row["unit"], row["stated"] or "", row["source"] or "", row["null_reason"] or "",
         row["valid_from"])
        for row in expected
    ]  # fmt: skip
    assert {row["FREQ"] for row in read} == {"A", "S", "Q", "M", "W", "D"}
    times = {row["PERIOD"]: row["TIME_PERIOD"] for row in read}
    assert times["2018-S1"] == "2018-S1"
    assert times["2018-W05"] == "2018-W05"
    assert times["2007/2008"] == "2007-01-01/P2Y"
    assert times["2016/"] == "2016-01-01T00:00:00"
    assert times["undated"] == "_Z"


def test_sdmx_of_a_transform_names_it_in_the_key(client: Client, yearly: str) -> None:
    read = sdmx(client, series=yearly, units="pch").data.to_dict("records")
    expected = results(client, series=yearly, units="pch")
    assert {row["TRANSFORM"] for row in read} == {"pch"}
    assert [number(row["OBS_VALUE"]) for row in read] == [number(row["value"]) for row in expected]
    assert [row["RULE"] for row in read] == [row["rule"] for row in expected]


def test_sdmx_has_one_value_for_a_key_whatever_is_asked(client: Client, users: str) -> None:
    other = SourceFactory(slug="other", published_on=date(2020, 1, 1))
    series = make_series(users)
    publish((series, "2018", "8.3亿"), source=other)
    for more, own in (
        ({}, []),
        ({"sources": "all"}, ["SOURCE"]),
        ({"output_type": "1"}, ["REALTIME_FROM"]),
        ({"output_type": "2"}, ["VINTAGE_DATE"]),
    ):
        read = sdmx(client, series=users, **more).data
        key = ["FREQ", "ENTITY", "INDICATOR", "TRANSFORM", "TIME_PERIOD", *own]
        assert len(read) == len(results(client, series=users, **more))
        assert not read.duplicated(key).any(), more
    assert sdmx(client, series=users, sources="all").data["SOURCE"].tolist().count("_Z") == 1


def test_csv_is_read_by_pandas_in_one_line_with_types_intact(client: Client, users: str) -> None:
    body = io.BytesIO(client.get(OBSERVATIONS, {"series": users, "format": "csv"}).content)
    table = pd.read_csv(body, dtype={"period": str})
    expected = results(client, series=users)
    assert table["period"].tolist() == [row["period"] for row in expected]
    assert table["value"].dtype == "float64"
    assert table["value"].tolist() == [number(row["value"]) for row in expected]
    assert table["series"].tolist() == [users] * len(expected)


def test_workbook_has_numbers_as_numbers_and_days_as_days(client: Client, users: str) -> None:
    response = client.get(USERS, {"format": "xlsx"})
    assert response["Content-Type"] == XLSX
    assert response["Content-Disposition"].endswith('.xlsx"')
    header, *rows = sheet(response.content)
    expected = client.get(USERS).json()["results"]
    assert header == list(COLUMNS)
    stated = next(dict(zip(header, row, strict=True)) for row in rows if row[1] == "2018")
    assert (stated["value"], stated["period_end"]) == (829000000.0, date(2018, 12, 31))
    assert stated["stated"] == "8.29亿"
    assert [row[1] for row in rows] == [row["period"] for row in expected]


def test_number_that_no_cell_holds_is_text_with_a_note(client: Client, cnnic: Source) -> None:
    series = make_series("bank.deposits", nature="stock")
    publish((series, "2018", "12345678901234567.5"), (series, "1850", "8.29"), source=cnnic)
    content = client.get("/api/v1/series/bank.deposits/observations", {"format": "xlsx"}).content
    header, old, new = sheet(content)
    value, start = header.index("value"), header.index("period_start")
    assert (old[value], old[start]) == (8.29, "1850-01-01")
    assert new[value] == "12345678901234567.5"
    notes = dict(sheet(content, "about"))
    assert "more than 15 digits" in notes["Note"]


def test_workbook_tells_its_further_pages(client: Client, users: str) -> None:
    response = client.get(USERS, {"format": "xlsx", "limit": 2})
    told = dict(sheet(response.content, "about"))
    assert f'<{told["Next page"]}>; rel="next"' == response["Link"]
    assert len(sheet(client.get(told["Next page"]).content)) == 3
    assert client.get(USERS, {"format": "xlsx", "limit": "10001"}).status_code == 400


@pytest.mark.parametrize(
    ("accept", "told"),
    [
        (SDMX, SDMX),
        ("application/vnd.sdmx.data+csv; version=2.0.0", SDMX),
        (XLSX, XLSX),
        ("text/csv", "text/csv"),
    ],
)
def test_accept_header_asks_for_each_format(
    client: Client, users: str, accept: str, told: str
) -> None:
    response = client.get(USERS, headers={"accept": accept})
    assert response.status_code == 200
    assert response["Content-Type"].startswith(told)


def test_other_version_of_sdmx_is_not_pretended(client: Client, users: str) -> None:
    accept = "application/vnd.sdmx.data+csv;version=1.0.0"
    assert client.get(USERS, headers={"accept": accept}).status_code == 406


def test_unknown_format_is_told_which_there_are(client: Client, users: str) -> None:
    refused = client.get(USERS, {"format": "sdmx"})
    assert faults(refused) == [("format", "invalid_choice")]
    assert allowed(refused) == ["json", "csv", "jsonl", "xlsx", "sdmx-csv"]


def test_consistency_in_a_table_is_json(client: Client, users: str) -> None:
    query = {"series": "china-internet.users-growth", "include": "consistency"}
    body = io.BytesIO(client.get(OBSERVATIONS, {**query, "format": "csv"}).content)
    cell = pd.read_csv(body, dtype=str)["consistency"][0]
    assert cell.startswith('{"verdict": "')
    assert sheet(client.get(OBSERVATIONS, {**query, "format": "xlsx"}).content)[1][-1] == cell
