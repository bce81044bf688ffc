"""Observations as CSV."""

import csv
import io

from django.test import Client

from metrics.files.comma import csv_text
from metrics.selectors.observation_page import COLUMNS
from tests.metrics.api.contract import payload
from tests.metrics.factories import make_series, publish

USERS = "/api/v1/series/china-internet.users/observations"


def test_table_says_the_same_as_the_json(client: Client, users: str) -> None:
    response = client.get(USERS, {"format": "csv"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8"), newline="")))
    expected = payload(__file__, "observations")["results"]
    assert rows == [{name: row.get(name) or "" for name in COLUMNS} for row in expected]


def test_transformed_table_says_the_same_as_the_json(client: Client, users: str) -> None:
    response = client.get(USERS, {"format": "csv", "units": "pc1"})
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8"), newline="")))
    expected = payload(__file__, "observations-pc1")["results"]
    assert rows == [{name: row.get(name) or "" for name in COLUMNS} for row in expected]


def test_accept_header_asks_for_csv_as_well(client: Client, users: str) -> None:
    response = client.get(USERS, headers={"accept": "text/csv"})
    assert response["Content-Type"].startswith("text/csv")
    assert "Accept" in response["Vary"]


def test_format_outranks_the_accept_header(client: Client, users: str) -> None:
    response = client.get(USERS, {"format": "csv"}, headers={"accept": "application/json"})
    assert response["Content-Type"].startswith("text/csv")


def test_lines_end_as_rfc_4180_has_it(client: Client, users: str) -> None:
    body = client.get(USERS, {"format": "csv"}).content
    assert body.startswith(b"series,period,period_start,period_end,value,stated,resolution,")
    assert body.count(b"\r\n") == body.count(b"\n") == 5


def test_further_pages_are_in_the_link_header(client: Client, users: str) -> None:
    page = client.get(USERS, {"format": "csv", "limit": 2})
    address = page["Link"].split(">")[0].lstrip("<")
    assert page["Link"].endswith('rel="next"')
    following = client.get(address)
    assert following["Link"].endswith('rel="prev"')
    assert following.content.decode().splitlines()[1].startswith("china-internet.users,2018,")


def test_stated_text_is_no_formula_and_numbers_stay_numbers(client: Client, cnnic: object) -> None:
    series = make_series("webank.npl-change", unit="points", nature="ratio")
    publish((series, "2018", "-1.5ppts"))
    response = client.get("/api/v1/series/webank.npl-change/observations", {"format": "csv"})
    row = next(csv.DictReader(io.StringIO(response.content.decode())))
    assert (row["value"], row["stated"]) == ("-1.5", "'-1.5ppts")


def test_cells_are_quoted_where_needed() -> None:
    assert csv_text(["a", "b"], [['x"y', "1,2"], [None, "=1+1"]]) == (
        'a,b\r\n"x""y","1,2"\r\n,\'=1+1\r\n'
    )
