"""Aggregation, then units; and the transforms that take an argument."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from metrics.models import Unit
from tests.metrics.api.contract import allowed, faults
from tests.metrics.factories import UnitFactory, make_series, publish

MONTHS = "/api/v1/series/shop.sales/observations"
YEARS = "/api/v1/series/webank.users/observations"


@pytest.fixture
def sales(db: None) -> Unit:
    """shop.sales, a monthly flow: 1 to 12 in 2017, 2 to 24 in 2018, 1 in January 2019."""
    series = make_series("shop.sales", frequency="M", nature="flow")
    rows = [(series, f"{2016 + year}-{month:02}", str(year * month))
            for year in (1, 2) for month in range(1, 13)]  # fmt: skip
    publish(*rows, (series, "2019-01", "1"))
    return UnitFactory(key="percent-growth", kind="growth")


def answer(client: Client, url: str, **query: Any) -> list[tuple[Any, ...]]:
    found = client.get(url, query).json()["results"]
    names = ("period", "value", "null_reason", "unit", "rule")
    return [tuple(row.get(name) for name in names) for row in found]


def test_months_sum_to_years_and_an_unfinished_year_says_so(client: Client, sales: Unit) -> None:
    assert answer(client, MONTHS, frequency="A", aggregation_method="sum") == [
        ("2017", "78", None, "person", "aggregation:sum"),
        ("2018", "156", None, "person", "aggregation:sum"),
        ("2019", None, "incomplete_period", "person", "aggregation:sum"),
    ]


def test_units_are_applied_to_what_was_aggregated(client: Client, sales: Unit) -> None:
    query = {"frequency": "A", "aggregation_method": "sum", "units": "pc1"}
    found = answer(client, MONTHS, **query)[1]
    assert found == ("2018", "100", None, "percent-growth", "aggregation:sum units:pc1")


def test_average_is_what_is_meant_without_a_method(client: Client, sales: Unit) -> None:
    assert answer(client, MONTHS, frequency="A")[0][1] == "6.5"


def test_index_base_is_a_hundred(client: Client, yearly: str) -> None:
    UnitFactory(key="index-point", kind="index")
    found = answer(client, YEARS, units="idx", index_base="2015")
    assert [row[1] for row in found[:3]] == ["90.90909090909090909090909090909091", "100", "110.0"]
    assert found[0][3:] == ("index-point", "units:idx")


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("2017", "184.6153846153846153846153846153846"),  # the months of 2017 average 6.5
        ("2017/2018", "123.0769230769230769230769230769231"),  # those of both years 9.75
        ("2017-S2", "126.3157894736842105263157894736842"),  # 9.5
    ],
)
def test_index_base_of_months_may_be_longer(
    client: Client, sales: Unit, base: str, expected: str
) -> None:
    UnitFactory(key="index-point", kind="index")
    found = answer(client, MONTHS, units="idx", index_base=base)
    (value,) = [row[1] for row in found if row[0] == "2018-06"]
    assert abs(Decimal(value) - Decimal(expected)) < Decimal("1e-28")


def test_index_base_that_lacks_a_part_says_so(client: Client, sales: Unit) -> None:
    """Of 2019 one month is there, of 2016 none."""
    for base, reason in (("2019", "incomplete_period"), ("2016", "insufficient_history")):
        found = answer(client, MONTHS, units="idx", index_base=base)
        assert {row[1:3] for row in found} == {(None, reason)}


def test_rolling_mean_needs_all_periods_of_its_window(client: Client, yearly: str) -> None:
    found = answer(client, YEARS, units="rm", window=2)
    assert [row[1:3] for row in found[:2]] == [(None, "insufficient_history"), ("105", None)]
    assert found[1][3] == "person"


def test_compound_growth_counts_from_span_start(client: Client, yearly: str) -> None:
    found = answer(client, YEARS, units="cagr", span_start="2014")
    assert [row[1] for row in found[:2]] == [None, "10.0"]


@pytest.mark.parametrize(
    ("url", "query", "field", "code"),
    [
        (YEARS, {"units": "idx"}, "index_base", "required"),
        (YEARS, {"units": "rm"}, "window", "required"),
        (YEARS, {"units": "lin", "window": "2"}, "window", "without_its_units"),
        (YEARS, {"units": "rm", "window": "0"}, "window", "min_value"),
        (YEARS, {"units": "rm", "window": "1001"}, "window", "max_value"),
        (YEARS, {"units": "idx", "index_base": "2015-13"}, "index_base", "invalid"),
        (YEARS, {"units": "idx", "index_base": "undated"}, "index_base", "unsuitable_period"),
        (YEARS, {"units": "idx", "index_base": "2015/"}, "index_base", "unsuitable_period"),
        (MONTHS, {"units": "idx", "index_base": "1000/9999"}, "index_base", "unsuitable_period"),
        (YEARS, {"units": "idx", "index_base": "2015-01"}, "index_base", "unsuitable_period"),
        (YEARS, {"units": "cagr", "span_start": "2015-Q1"}, "span_start", "unsuitable_period"),
        (YEARS, {"aggregation_method": "avg"}, "aggregation_method", "without_frequency"),
        (YEARS, {"frequency": "M"}, "frequency", "unsuitable_frequency"),
        (MONTHS, {"frequency": "A", "aggregation_method": "eop"}, "aggregation_method",
         "unsuitable_method"),
        (MONTHS, {"frequency": "A", "aggregation_method": "max"}, "aggregation_method",
         "invalid_choice"),
    ],
)  # fmt: skip
def test_what_does_not_suit_is_a_400(
    client: Client, sales: Unit, yearly: str, url: str, query: dict[str, str], field: str, code: str
) -> None:
    response = client.get(url, query)
    assert response.status_code == 400
    assert faults(response) == [(field, code)]


def test_refusals_name_what_suits(client: Client, sales: Unit, yearly: str) -> None:
    method = {"frequency": "A", "aggregation_method": "eop"}
    assert allowed(client.get(MONTHS, method)) == ["avg", "sum"]
    assert allowed(client.get(MONTHS, {"frequency": "D"})) == ["M", "Q", "S", "A"]
    assert allowed(client.get(YEARS, {"frequency": "M"})) == ["A"]
