"""Every way to ask wrongly, and what the answer names as allowed."""

import pytest
from django.test import Client

from tests.metrics.api.contract import allowed, faults, payload

USERS = "/api/v1/series/china-internet.users/observations"
MANY = "/api/v1/observations"
KEY = "china-internet.users"


@pytest.mark.parametrize(
    ("url", "query", "field", "code"),
    [
        (USERS, {"unit": "lin"}, "unit", "unknown_parameter"),
        (USERS, {"series": KEY}, "series", "unknown_parameter"),
        (USERS, {"units": "pct"}, "units", "invalid_choice"),
        (USERS, {"observation_start": "2018"}, "observation_start", "invalid"),
        (USERS, {"observation_end": "2018-13-01"}, "observation_end", "invalid"),
        (USERS, {"observation_start": "2018-01-02", "observation_end": "2018-01-01"},
         "observation_end", "range_empty"),
        (USERS, {"sort_order": "up"}, "sort_order", "invalid_choice"),
        (USERS, {"limit": "0"}, "limit", "out_of_range"),
        (USERS, {"limit": "10001"}, "limit", "out_of_range"),
        (USERS, {"limit": "²"}, "limit", "out_of_range"),
        (USERS, {"cursor": "zz"}, "cursor", "invalid_cursor"),
        (USERS, {"cursor": "WzEsMl0="}, "cursor", "invalid_cursor"),
        (USERS, {"cursor": "é"}, "cursor", "invalid_cursor"),
        (USERS, {"format": "pdf"}, "format", "invalid_choice"),
        (USERS, {"lang": "fr"}, "lang", "invalid_choice"),
        (USERS, {"units": ["lin", "chg"]}, "units", "repeated_parameter"),
        (MANY, {}, "series", "required"),
        (MANY, {"series": ","}, "series", "out_of_range"),
        (MANY, {"series": ",".join(f"a.b{n}" for n in range(101))}, "series", "out_of_range"),
        (MANY, {"series": f"{KEY},a.b"}, "series", "unknown_series"),
        (MANY, {"series": "a\0"}, "series", "null_characters_not_allowed"),
        ("/api/v1/units", {"kind": "weight"}, "kind", "invalid_choice"),
        ("/api/v1/units", {"limit": "1001"}, "limit", "out_of_range"),
        ("/api/v1/units", {"limit": "many"}, "limit", "out_of_range"),
        ("/api/v1/units", {"cursor": "%%"}, "cursor", "invalid_cursor"),
        ("/api/v1/units", {"cursor": "cD0A"}, "cursor", "invalid_cursor"),
        ("/api/v1/units", {"format": "csv"}, "format", "invalid_choice"),
        ("/api/v1/units/person", {"limit": "2"}, "limit", "unknown_parameter"),
        ("/api/v1/entities", {"parent": "nobody"}, "parent", "invalid_choice"),
        ("/api/v1/series", {"frequency": "X"}, "frequency", "invalid_choice"),
        ("/api/v1/series", {"source": "nobody"}, "source", "invalid_choice"),
        ("/api/v1/series", {"q": "x" * 101}, "q", "max_length"),
        ("/api/v1/series", {"q": "\0"}, "q", "null_characters_not_allowed"),
        ("/api/v1/cases", {"technology": "magic"}, "technology", "invalid_choice"),
        ("/api/v1/", {"x": "1"}, "x", "unknown_parameter"),
        ("/api/v1/schema", {"x": "1"}, "x", "unknown_parameter"),
        ("/api/v1/schema", {"format": "xml"}, "format", "invalid_choice"),
        ("/api/v1/schema", {"lang": "fr"}, "lang", "invalid_choice"),
        ("/api/v1/docs", {"x": "1"}, "x", "unknown_parameter"),
    ],
)  # fmt: skip
def test_wrong_parameter_is_a_400_by_field_and_code(
    client: Client, users: str, url: str, query: dict[str, str], field: str, code: str
) -> None:
    response = client.get(url, query)
    assert response.status_code == 400
    assert faults(response) == [(field, code)]


@pytest.mark.parametrize(
    ("url", "query", "named"),
    [
        (USERS, {"units": "pct"}, ["lin", "chg", "ch1", "pch", "pc1", "pca", "cch", "cca", "log",
                                    "idx", "rm", "cagr"]),
        (USERS, {"sort_order": "up"}, ["asc", "desc"]),
        (USERS, {"format": "pdf"}, ["json", "csv", "jsonl", "xlsx", "sdmx-csv"]),
        (USERS, {"lang": "fr"}, ["zh-hans", "en"]),
        (USERS, {"x": "1"}, ["aggregation_method", "as_of", "cursor", "format", "frequency",
                             "include", "index_base", "lang", "limit", "observation_end",
                             "observation_start", "output_type", "realtime_end",
                             "realtime_start", "sort_order", "sources", "span_start", "units",
                             "updated_after", "vintage_dates", "window"]),
        ("/api/v1/series", {"frequency": "X"}, ["A", "S", "Q", "M", "W", "D"]),
        ("/api/v1/units", {"x": "1"}, ["cursor", "format", "kind", "lang", "limit"]),
    ],
)  # fmt: skip
def test_refusal_names_what_is_allowed(
    client: Client, users: str, url: str, query: dict[str, str], named: list[str]
) -> None:
    assert allowed(client.get(url, query)) == named


def test_transform_that_the_nature_refuses_names_the_others(client: Client, rank: str) -> None:
    response = client.get(f"/api/v1/series/{rank}/observations", {"units": "pc1"})
    assert response.status_code == 400
    assert response.json() == payload(__file__, "problem-units")


def test_transform_of_many_must_suit_them_all(client: Client, rank: str, yearly: str) -> None:
    response = client.get(MANY, {"series": f"{rank},{yearly}", "units": "log"})
    assert faults(response) == [("units", "unsuitable_transform")]
    assert allowed(response) == ["lin", "chg", "ch1"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    [
        "nothing",
        "units/nothing",
        "units/",
        "series/a.b",
        "series/a.b/observations",
        "series/%00/observations",
        "cases/nothing",
        "technologies/nothing",
    ],
)
def test_unknown_address_is_a_404_problem(client: Client, url: str) -> None:
    response = client.get(f"/api/v1/{url}")
    assert response.status_code == 404
    assert faults(response) == [(None, "not_found")]


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["", "units", "units/person", "observations", "cases"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_is_a_405_problem(client: Client, url: str, method: str) -> None:
    response = getattr(client, method)(f"/api/v1/{url}", "{}", content_type="application/json")
    assert response.status_code == 405
    assert faults(response) == [(None, "method_not_allowed")]


def test_unacceptable_type_is_a_406_problem(client: Client, users: str) -> None:
    response = client.get(USERS, headers={"accept": "image/png"})
    assert response.status_code == 406
    assert faults(response) == [(None, "not_acceptable")]


def test_refusal_of_a_csv_is_still_a_problem_document(client: Client, users: str) -> None:
    response = client.get(USERS, {"format": "csv", "limit": "x"})
    assert faults(response) == [("limit", "out_of_range")]


@pytest.mark.django_db
def test_refusal_is_english_whatever_the_browser_prefers(client: Client) -> None:
    response = client.get("/api/v1/units?x=1", headers={"accept-language": "zh-hans"})
    assert response.json()["detail"] == "Unknown parameter “x”."


def test_empty_choice_is_no_choice(client: Client, users: str) -> None:
    for path, name in (("sources", "kind"), ("series", "frequency"), ("series", "entity")):
        refused = client.get(f"/api/v1/{path}?{name}=")
        assert refused.status_code == 400
        assert faults(refused) == [(name, "invalid_choice")]


def test_refusal_of_days_is_in_the_language_asked_for(client: Client, users: str) -> None:
    english = client.get(USERS, {"vintage_dates": ","}).json()["detail"]
    chinese = client.get(USERS, {"vintage_dates": ",", "lang": "zh-hans"}).json()["detail"]
    assert english == "Expected up to 100 days such as 2019-04-20, separated by commas."
    assert chinese.startswith("应为至多 100 个日期")


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/api/v1/schema", "/api/v1/docs"])
def test_refusal_of_a_description_is_english_unless_asked(client: Client, url: str) -> None:
    headers = {"Accept-Language": "zh-CN"}
    assert client.get(url, {"x": "1"}, headers=headers).json()["detail"].startswith("Unknown")
    refused = client.get(url, {"x": "1", "lang": "zh-hans"}).json()
    assert not refused["detail"].isascii()


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ({"x": "1"}, "en"),
        ({"x": "1", "lang": "zh-hans"}, "zh-hans"),
        ({"lang": "fr"}, "en"),
        ({"units": "x", "lang": "zh-hans"}, "zh-hans"),
    ],
)
def test_refusal_says_which_language_it_speaks(
    client: Client, users: str, query: dict[str, str], language: str
) -> None:
    assert client.get(USERS, query)["Content-Language"] == language
    assert client.get("/api/v1/series/none", {"lang": "zh-hans"})["Content-Language"] == "zh-hans"
    assert client.get(USERS)["Content-Language"] == "zh-hans, en"
