"""Sources, units, entities, indicators and series: contract, pages, filters, queries."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.services.redefinitions import redefine
from tests.metrics.api.contract import payload
from tests.metrics.factories import (
    NOW,
    EntityFactory,
    IndicatorFactory,
    SourceFactory,
    UnitFactory,
    make_series,
    publish,
)

API = "/api/v1/"
LISTS = ("sources", "units", "entities", "indicators", "series")


def keys(response: Any) -> list[str]:
    return [row.get("key") or row.get("slug") for row in response.json()["results"]]


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def add_rows(first: int, last: int) -> None:
    """One more row of each kind for each number, and a value of one series."""
    for number in range(first, last):
        SourceFactory(slug=f"source-{number:02}")
        UnitFactory(key=f"unit-{number:02}")
        EntityFactory(slug=f"entity-{number:02}", parent=EntityFactory(slug="parent"))
        level = IndicatorFactory(key=f"level-{number:02}")
        IndicatorFactory(key=f"growth-{number:02}", nature="ratio", growth_of=level)
        series = make_series(f"entity-{number:02}.level-{number:02}")
        publish((series, "2018", "10"), (make_series("webank.users"), str(1990 + number), "5"))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("", "root"),
        ("entities/china-internet", "entity"),
        ("indicators", "indicators"),
        ("units/person", "unit"),
        ("sources", "sources"),
        ("sources?lang=en", "sources-en"),
        ("series", "series-list"),
        ("series/china-internet.users", "series"),
    ],
)
def test_answer_matches_the_contract(client: Client, users: str, url: str, name: str) -> None:
    response = client.get(API + url)
    assert response.status_code == 200
    assert response.json() == payload(__file__, name)


def test_refusal_matches_the_contract(client: Client, users: str) -> None:
    assert client.get(f"{API}units?x=1").json() == payload(__file__, "problem-unknown-parameter")


@pytest.mark.parametrize("url", LISTS)
def test_lang_gives_labels_as_text(client: Client, users: str, url: str) -> None:
    both = client.get(API + url).json()["results"][0]
    chinese = client.get(f"{API}{url}?lang=zh-hans").json()["results"][0]
    name = "title" if url == "sources" else "name"
    assert chinese[name] == both[name]["zh-hans"]


@pytest.mark.django_db
@pytest.mark.parametrize("url", LISTS)
def test_pages_join_to_the_whole_in_order(client: Client, url: str) -> None:
    add_rows(0, 5)
    whole = keys(client.get(API + url))
    page = client.get(f"{API}{url}?limit=2")
    forward = keys(page)
    while page.json()["next"]:
        page = client.get(page.json()["next"])
        forward += keys(page)
    backward = keys(page)
    while page.json()["previous"]:
        page = client.get(page.json()["previous"])
        backward = keys(page) + backward
    assert len(whole) >= 5
    assert forward == backward == whole == sorted(whole)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    [
        *LISTS,
        "entities/entity-00",
        "series/entity-00.level-00",
        "series/webank.users/observations",
        "series/webank.users/observations?format=csv",
        "series/webank.users/observations?units=pc1",
    ],
)
def test_rows_add_no_queries(client: Client, url: str) -> None:
    add_rows(0, 1)
    queries(client, API + url)
    one = queries(client, API + url)
    add_rows(1, 20)
    assert queries(client, API + url) == one <= 9


@pytest.mark.django_db
def test_series_add_no_queries(client: Client) -> None:
    add_rows(0, 20)
    names = [f"entity-{number:02}.level-{number:02}" for number in range(20)]
    url = f"{API}observations?series="
    # the door; which series and their page, in one journey
    assert queries(client, url + ",".join(names)) == queries(client, url + names[0]) == 2


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("series?entity=webank", ["webank.users"]),
        ("series?indicator=users-growth", ["china-internet.users-growth"]),
        ("series?unit=percent-growth", ["china-internet.users-growth"]),
        ("series?frequency=M", []),
        ("series?q=WEBANK", ["webank.users"]),
        ("series?q=增长率", ["china-internet.users-growth"]),
        ("series?entity=webank&indicator=users-growth", []),
        ("series?source=other", ["webank.shops"]),
        ("indicators?nature=ratio", ["users-growth"]),
        ("indicators?unit=percent-growth", ["users-growth"]),
        ("indicators?q=growth", ["users-growth"]),
        ("units?kind=growth", ["percent-growth"]),
        ("sources?kind=report", ["other"]),
        ("sources?q=cnnic", ["cnnic-43"]),
        ("entities?q=web", ["webank"]),
        ("entities?parent=webank", []),
        ("entities?kind=market", []),
    ],
)
def test_filter_keeps_what_it_names(
    client: Client, users: str, yearly: str, url: str, expected: list[str]
) -> None:
    publish((make_series("webank.shops"), "2018", "0"), source=SourceFactory(slug="other"))
    found = keys(client.get(API + url))
    assert [key for key in found if key != "webank.shops" or key in expected] == expected


@pytest.mark.django_db
def test_redefinition_is_told_with_its_versions_and_its_break(client: Client) -> None:
    series = make_series("webank.users")
    publish((series, "2016", "1,000"), (series, "2017", "1,100"))
    redefine(
        series.indicator,
        since="2017",
        definition={"zh-hans": "月活跃用户数。", "en": "Monthly active users."},
        comparable={},
        reason={"en": "The company counts active users now."},
        actor=None,
        now=NOW,
    )
    told = client.get(f"{API}indicators/users?lang=en").json()
    assert told["version"] == 2
    assert told["versions"] == [
        {"version": 1, "since": None, "definition": "Registered users.", "comparable": None},
        {"version": 2, "since": "2017", "definition": "Monthly active users.", "comparable": None},
    ]
    detail = client.get(f"{API}series/webank.users").json()
    assert detail["breaks"] == ["2017-01-01"]
    summary = detail["summary"]
    assert (summary["change"], summary["change_null_reason"]) == (None, "break")
    assert (summary["mean"], summary["mean_null_reason"]) == (None, "break")
    rows = client.get(f"{API}series/webank.users/observations?units=pch").json()["results"]
    reasons = [row["null_reason"] for row in rows]
    assert reasons == ["insufficient_history", "break"]
