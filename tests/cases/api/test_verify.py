"""Figures as others print them, item by item."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.models import Change, Rule, Series
from metrics.services.publishing import publish_definitions
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
URL = "/api/v1/verify"
DAY = timedelta(days=1)


def send(client: Client, data: Any, status: int = 200) -> dict[str, Any]:
    text = data if isinstance(data, str) else json.dumps(data)
    answer = client.post(URL, text, content_type="application/json")
    assert answer.status_code == status, answer.content
    told: dict[str, Any] = answer.json()
    return told


def check(client: Client, value: str, period: str = "2018", **more: str) -> dict[str, Any]:
    figure = {"series": "webank.users", "period": period, "value": value, **more}
    result: dict[str, Any] = send(client, [figure])["results"][0]
    return result


def verdict(client: Client, value: str, period: str = "2018", **more: str) -> str:
    return str(check(client, value, period, **more)["verdict"])


@pytest.fixture
def users() -> Series:
    """A value that was corrected a day after it was published."""
    series = make_series("webank.users")
    publish((series, "2018", "8.29亿"), now=NOW)
    publish((series, "2018", "8.31亿"), kind="correction", now=NOW + DAY)
    return series


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("831000000", "match"),
        ("830000000", "rounded_match"),
        ("829000000", "superseded"),
        ("828900000", "never_published"),
        ("829", "never_published"),
    ],
)
def test_verdict_is_by_what_was_published(client: Client, value: str, expected: str) -> None:
    assert verdict(client, value) == expected


@pytest.mark.usefixtures("users")
def test_superseded_figure_is_told_when_and_by_what(client: Client) -> None:
    told = check(client, "829000000")
    assert told["found"]["value"] == "829000000"
    assert told["found"]["valid_from"].startswith("2026-11-23")
    assert told["found"]["valid_to"] == told["current"]["valid_from"]
    assert told["current"]["value"] == "831000000"
    assert told["current"]["valid_to"] is None


@pytest.mark.usefixtures("users")
def test_citation_leads_to_the_value_as_it_stands(client: Client) -> None:
    told = check(client, "831000000")["citation"]
    assert told["url"] in told["text"]
    seq = Change.objects.latest_seq()
    assert told["url"] == f"http://testserver/en/series/webank.users/?as_of={seq}#2018"
    assert client.get(told["url"]).status_code == 200


@pytest.mark.usefixtures("users")
def test_figure_of_a_moment_is_held_against_what_stood_then(client: Client) -> None:
    then = (NOW + DAY / 2).isoformat()
    told = check(client, "829000000", as_of=then)
    assert (told["verdict"], told["current"]["value"]) == ("match", "831000000")
    later = check(client, "831000000", as_of=then)
    assert later["verdict"] == "never_published"
    assert later["found"]["value"] == "831000000"
    assert check(client, "829000000", as_of=(NOW + 2 * DAY).isoformat())["verdict"] == "superseded"


@pytest.mark.usefixtures("users")
def test_period_without_a_value_was_never_published(client: Client) -> None:
    told = check(client, "1", period="1999")
    assert (told["verdict"], told["found"], told["current"]) == ("never_published", None, None)
    assert told["citation"] is None


def test_derived_value_is_found_as_it_was_before_its_inputs_changed(
    client: Client, users: Series
) -> None:
    total = make_series("acme.users")
    make_series("webank.ratio", unit="times", nature="ratio")
    Rule.objects.create(key="ratio", kind="ratio", name_zh_hans="比", name_en="Ratio")
    inputs = {"numerator": "webank.users", "denominator": "acme.users"}
    definition = {"output": "webank.ratio", "inputs": inputs}
    publish_definitions(actor=None, now=NOW, what="r", rule_definitions={"ratio": definition})
    publish((users, "2019", "100"), (total, "2019", "50"), now=NOW + DAY)
    publish((users, "2019", "150"), kind="correction", now=NOW + 2 * DAY)

    def told(value: str) -> dict[str, Any]:
        figure = {"series": "webank.ratio", "period": "2019", "value": value}
        result: dict[str, Any] = send(client, [figure])["results"][0]
        return result

    assert told("3")["verdict"] == "match"
    before = told("2")
    assert before["verdict"] == "superseded"
    assert before["found"]["value"] == "2"
    assert before["current"]["value"] == "3"
    never = told("7")
    assert (never["verdict"], never["searched_since"]) == ("never_published", None)


@pytest.mark.usefixtures("users")
def test_number_keeps_the_digits_it_was_sent_with(client: Client) -> None:
    body = '[{"series": "webank.users", "period": "2018", "value": 831000000.000}]'
    assert send(client, body)["results"][0]["value"] == "831000000.000"


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ("{", "body", "not_json"),
        ("{}", "body", "not_a_list"),
        ("[]", "body", "not_a_list"),
        (json.dumps([{}] * 501), "body", "not_a_list"),
        ('[{"series": "webank.users", "period": "2018"}]', "0.value", "required"),
        ('[{"series": "a.b", "period": "2018", "value": "1"}]', "0.series", "unknown_series"),
        ('[{"series": "webank.users", "period": "x", "value": "1"}]', "0.period", "invalid"),
        (
            '[{"series": "webank.users", "period": "2018", "value": "1e5"}]',
            "0.value",
            "not_a_number",
        ),
        (
            '[{"series": "webank.users", "period": "2018", "value": "1", "x": 1}]',
            "0.x",
            "unknown_field",
        ),
        (
            '[{"series": "webank.users", "period": "2018", "value": "1", "as_of": "y"}]',
            "0.as_of",
            "moment",
        ),
        ("[3]", "0", "invalid"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    client: Client, body: str, field: str, code: str
) -> None:
    told = send(client, body, 400)
    assert (told["errors"][0]["field"], told["errors"][0]["code"]) == (field, code)


def test_too_much_is_refused(client: Client) -> None:
    assert send(client, '["' + "x" * 200_001 + '"]', 400)["errors"][0]["code"] == "too_long"
    answer = client.post(URL, "a=1", content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (400, 415)
    assert client.get(URL).status_code == 405


def test_more_figures_cost_no_more_queries(client: Client, users: Series) -> None:
    for number in range(20):
        publish((users, str(1990 + number), str(number + 1)))

    def cost(count: int) -> int:
        figures = [
            {"series": "webank.users", "period": str(1990 + n), "value": "77777"}
            for n in range(count)
        ]
        with CaptureQueriesContext(connection) as captured:
            send(client, figures)
        return len(captured)

    assert cost(1) == cost(20)


@pytest.mark.usefixtures("users")
def test_moment_that_is_not_past_is_told_by_its_figures(client: Client) -> None:
    figure = {"series": "webank.users", "period": "2018", "value": "1"}
    late = {**figure, "as_of": "2999-01-01"}
    told = send(client, [figure, late, {**figure, "as_of": NOW.isoformat()}, late], 400)
    fields = [(one["field"], one["code"]) for one in told["errors"]]
    assert fields == [("1.as_of", "not_past"), ("3.as_of", "not_past")]


@pytest.mark.usefixtures("users")
def test_type_of_the_body_is_read_in_any_case(client: Client) -> None:
    text = json.dumps([{"series": "webank.users", "period": "2018", "value": "1"}])
    answer = client.post(URL, text, content_type="Application/JSON; charset=UTF-8")
    assert answer.status_code == 200


def test_body_in_chunks_is_told_what_is_missing(client: Client) -> None:
    answer = client.generic(
        "POST", URL, b"", "application/json", headers={"transfer-encoding": "chunked"}
    )
    assert [one["code"] for one in answer.json()["errors"]] == ["length_required"]
