"""Lineage of transformed and aggregated values, of rivals, and of values that are missing."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.models import Change, Series
from metrics.selectors.lineage_node import LineageNode
from metrics.selectors.lineage_steps import lineage_of
from metrics.selectors.question import Question
from metrics.services.preferences import prefer_source
from metrics.services.refresh import refresh_all
from metrics.stats.periods import Period
from tests.metrics.api.contract import faults
from tests.metrics.factories import (
    NOW,
    IndicatorFactory,
    SourceFactory,
    UnitFactory,
    make_series,
    publish,
)

pytestmark = pytest.mark.django_db
Y2018, Y2019 = Period.parse("2018"), Period.parse("2019")


@pytest.fixture
def quarterly() -> Series:
    """2018 and 2019 by quarters, 10 to 80."""
    series = make_series("acme.revenue", frequency="Q", nature="flow")
    cells = [(f"{year}-Q{n}", year, n) for year in (2018, 2019) for n in range(1, 5)]
    publish(*[(series, code, str((year - 2018) * 40 + n * 10)) for code, year, n in cells])
    return series


def outline(node: LineageNode | None) -> Any:
    """[role period = value, step, [inputs]]; what sources state is a text."""
    assert node is not None
    value = node.value.figure.value
    told = node.value.figure.null_reason if value is None else format(value, "f")[:6]
    what = f"{node.role} {node.value.period} = {told}".strip()
    if node.inputs:
        return [what, node.step, *map(outline, node.inputs)]
    return f"{what} ← {node.source.slug}" if node.source else what


def test_growth_of_an_aggregate_goes_down_to_every_part(quarterly: Series) -> None:
    question = Question(units="pc1", frequency="A", aggregation="sum")
    assert outline(lineage_of(quarterly, Y2019, question)) == [
        "2019 = 160.0", "units:pc1",
        ["value 2019 = 260", "aggregation:sum",
         *[f"part 2019-Q{n} = {n * 10 + 40} ← report-2019" for n in range(1, 5)]],
        ["base 2018 = 100", "aggregation:sum",
         *[f"part 2018-Q{n} = {n * 10} ← report-2019" for n in range(1, 5)]],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Question(units="chg"), ["value 2019-Q1", "base 2018-Q4"]),
        (Question(units="ch1"), ["value 2019-Q1", "base 2018-Q1"]),
        (Question(units="pca"), ["value 2019-Q1", "base 2018-Q4"]),
        (Question(units="log"), ["value 2019-Q1"]),
        (Question(units="idx", index_base=Period.parse("2018-Q2")),
         ["value 2019-Q1", "base 2018-Q2"]),
        (Question(units="rm", window=3), ["part 2019-Q1", "part 2018-Q4", "part 2018-Q3"]),
        (Question(units="cagr"), ["value 2019-Q1", "base 2018-Q1"]),
    ],
)  # fmt: skip
def test_transform_names_the_periods_it_takes(
    quarterly: Series, question: Question, expected: list[str]
) -> None:
    node = lineage_of(quarterly, Period.parse("2019-Q1"), question)
    assert node is not None
    assert node.step == f"units:{question.units}"
    assert [f"{one.role} {one.value.period}" for one in node.inputs] == expected
    assert all(one.source for one in node.inputs)


def test_base_year_goes_down_to_its_quarters(quarterly: Series) -> None:
    question = Question(units="idx", index_base=Y2018)
    assert outline(lineage_of(quarterly, Period.parse("2019-Q1"), question)) == [
        "2019-Q1 = 200", "units:idx", "value 2019-Q1 = 50 ← report-2019",
        *[f"base 2018-Q{n} = {n * 10} ← report-2019" for n in range(1, 5)],
    ]  # fmt: skip


def test_series_of_working_days_takes_the_friday_before() -> None:
    series = make_series("acme.price", frequency="D", nature="index")
    publish(*[(series, f"2024-07-{n:02}", str(n)) for n in (1, 2, 3, 4, 5, 8)])
    node = lineage_of(series, Period.parse("2024-07-08"), Question(units="chg"))
    assert outline(node) == [
        "2024-07-08 = 3", "units:chg", "value 2024-07-08 = 8 ← report-2019",
        "base 2024-07-05 = 5 ← report-2019",
    ]  # fmt: skip
    week = lineage_of(series, Period.parse("2024-W27"), Question(frequency="W", aggregation="avg"))
    assert week is not None
    assert (week.value.figure.value, len(week.inputs), week.further) == (3, 5, 0)


def test_implied_working_day_goes_on_to_the_monday_that_implies_it() -> None:
    level = make_series("acme.price", frequency="D", nature="index")
    percent = UnitFactory(key="percent-growth", kind="growth")
    IndicatorFactory(key="price-growth", unit=percent, nature="ratio", growth_of=level.indicator,
                     growth_basis="previous")  # fmt: skip
    rate = make_series("acme.price-growth", frequency="D")
    days = [(level, f"2024-07-{n:02}", "110") for n in (1, 2, 3, 4, 5, 8, 9, 10, 11, 15)]
    publish(*days, (rate, "2024-07-15", "10%"), definitions_changed=True)
    refresh_all(now=NOW)
    node = lineage_of(level, Period.parse("2024-07-12"), Question())
    assert node is not None
    assert node.value.figure.value == 100
    assert [str(one.value.period) for one in node.inputs] == ["2024-07-15", "2024-07-15"]


def test_end_of_period_takes_the_last_part_alone(quarterly: Series) -> None:
    series = make_series("acme.staff", frequency="Q", nature="stock")
    publish((series, "2018-Q3", "7"), (series, "2018-Q4", "8"))
    node = lineage_of(series, Y2018, Question(frequency="A", aggregation="eop"))
    assert outline(node) == ["2018 = 8", "aggregation:eop", "part 2018-Q4 = 8 ← report-2019"]


def test_missing_result_shows_which_input_is_missing(quarterly: Series) -> None:
    publish((quarterly, "2020-Q2", "5"))
    whole = lineage_of(quarterly, Period.parse("2020"), Question(frequency="A", aggregation="sum"))
    assert outline(whole) == [
        "2020 = incomplete_period", "aggregation:sum", "part 2020-Q1 = input_missing",
        "part 2020-Q2 = 5 ← report-2019", "part 2020-Q3 = input_missing",
        "part 2020-Q4 = input_missing"]  # fmt: skip
    growth = lineage_of(quarterly, Period.parse("2018-Q1"), Question(units="pc1"))
    assert outline(growth) == [
        "2018-Q1 = insufficient_history", "units:pc1", "value 2018-Q1 = 10 ← report-2019",
        "base 2017-Q1 = input_missing"]  # fmt: skip


def test_many_parts_are_counted_and_the_missing_ones_come_first() -> None:
    series = make_series("acme.price", frequency="D", nature="flow")
    publish(*[(series, f"2018-01-{n:02}", str(n)) for n in range(1, 31)])
    question = Question(frequency="M", aggregation="sum")
    node = lineage_of(series, Period.parse("2018-01"), question)
    assert node is not None
    assert node.further == 31 - 12
    assert str(node.inputs[0].value.period) == "2018-01-31"
    assert node.inputs[0].value.figure.null_reason == "input_missing"


def test_step_as_of_a_seq_takes_what_stood(quarterly: Series) -> None:
    before = Change.objects.latest_seq()
    publish((quarterly, "2018-Q4", "90"), kind="revision")
    question = Question(frequency="A", aggregation="sum")
    now = lineage_of(quarterly, Y2018, question)
    then = lineage_of(quarterly, Y2018, replace(question, seq=before))
    assert now
    assert then
    assert (now.value.figure.value, then.value.figure.value) == (150, 100)
    assert then.inputs[-1].value.stated == "40"


def test_transform_of_an_implied_value_goes_on_to_what_implies_it(users: Series) -> None:
    node = lineage_of(users, Y2018, Question(units="chg"))
    assert node is not None
    base = node.inputs[1]
    assert base.rule is not None
    assert [one.role for one in base.inputs] == ["level", "growth"]


@pytest.fixture
def users() -> Series:
    level = make_series("market.heads", nature="stock")
    percent = UnitFactory(key="percent-growth", kind="growth")
    IndicatorFactory(key="heads-growth", unit=percent, nature="ratio", growth_of=level.indicator)
    growth = make_series("market.heads-growth")
    publish((level, "2018", "8"), (growth, "2018", "100%"), definitions_changed=True)
    refresh_all(now=NOW)
    return level


def test_rivals_stand_beside_what_is_preferred_then_as_now() -> None:
    series = make_series("webank.users")
    annual, press = SourceFactory(slug="annual"), SourceFactory(slug="press")
    publish((series, "2018", "100"), source=annual)
    publish((series, "2018", "110"), source=press)
    before = Change.objects.latest_seq()
    prefer_source(series, annual, reason={"en": "audited"}, actor=None, now=NOW)

    def told(seq: int | None) -> tuple[str, list[str]]:
        node = lineage_of(series, Y2018, Question(seq=seq))
        assert node
        assert node.source
        return node.source.slug, [one.source.slug for one in node.rivals]

    assert told(None) == ("annual", ["press"])
    assert told(before) == ("press", ["annual"])


def test_lineage_of_a_transform_answers_as_the_observation_does(
    client: Client, quarterly: Series
) -> None:
    url = "/api/v1/series/acme.revenue"
    query = {"units": "pc1", "frequency": "A", "aggregation_method": "sum"}
    row = client.get(f"{url}/observations", query).json()["results"][1]
    tree = client.get(f"{url}/lineage", {**query, "period": "2019"}).json()
    names = ("value", "lower", "upper", "qualifier", "status", "unit", "null_reason", "period")
    assert {name: tree[name] for name in names} == {name: row[name] for name in names}
    assert tree["rule"] == {"key": "units:pc1", "kind": "units", "version": None, "parameters": {}}
    assert tree["inputs"][0]["inputs"][0]["observation"]["locator"] == "1.2.1"
    assert client.get(f"{url}/lineage", {**query, "period": "2030"}).status_code == 404


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"period": "2018-Q1", "units": "rm"}, "window", "required"),
        ({"period": "2018", "frequency": "M"}, "frequency", "unsuitable_frequency"),
        ({"period": "2018", "output_type": "1"}, "output_type", "unknown_parameter"),
        ({"period": "2018-Q1", "as_of": "never"}, "as_of", "moment"),
    ],
)
def test_wrong_question_of_lineage_is_a_400(
    client: Client, quarterly: Series, query: dict[str, str], field: str, code: str
) -> None:
    response = client.get("/api/v1/series/acme.revenue/lineage", query)
    assert response.status_code == 400
    assert faults(response) == [(field, code)]


def test_more_periods_add_no_queries(quarterly: Series) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            lineage_of(quarterly, Y2019, Question(units="pc1", frequency="A", aggregation="sum"))
        return len(captured)

    one = queries()
    publish(*[(quarterly, f"{year}-Q{n}", "3") for year in range(1990, 2018) for n in range(1, 5)])
    assert queries() == one
