"""No endpoint of the API gives away what a source does not let us offer, nor what follows."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.models import Change, Series, Source
from metrics.services.refresh import refresh_all
from metrics.services.stale import EVERY_PERIOD, Targets, mark
from tests.metrics.api.conftest import LATER
from tests.metrics.factories import (
    NOW,
    IndicatorFactory,
    SourceFactory,
    UnitFactory,
    make_group,
    make_series,
    publish,
)
from tests.metrics.large import make_rule

OBSERVATIONS = "/api/v1/observations"
# Digits that nothing open has: what is restricted, and what follows from it.
SECRETS = ("7654", "76.54", "8765", "87.65", "9876")
FAMILIES: list[dict[str, str]] = [
    {},
    {"units": "chg"},
    {"units": "pch"},
    {"units": "log"},
    {"units": "idx", "index_base": "2017"},
    {"units": "rm", "window": "2"},
    {"units": "cagr", "span_start": "2017"},
    {"frequency": "A", "aggregation_method": "eop"},
    {"as_of": "2026-11-25"},
    {"as_of": "2026-11-25", "units": "chg"},
    {"sources": "all"},
    {"sources": "all", "as_of": "2026-11-25"},
    {"include": "consistency"},
    {"include": "consistency", "as_of": "2026-11-25"},
    {"include": "consistency", "sources": "all"},
    {"output_type": "1"},
    {"output_type": "2"},
    {"output_type": "3"},
    {"output_type": "4"},
    {"output_type": "2", "units": "chg"},
    {"realtime_start": "2019-01-01", "realtime_end": "2026-12-31"},
    {"vintage_dates": "2019-05-01,2026-11-24"},
    {"observation_start": "2018-01-01"},
    {"limit": "1"},
    {"sort_order": "desc"},
]


@pytest.fixture
def open_source(db: None) -> Source:
    return SourceFactory(slug="open", published_on=date(2019, 1, 1))


@pytest.fixture
def shy(db: None) -> Source:
    return SourceFactory(slug="shy", published_on=date(2019, 4, 1), redistributable=False)


@pytest.fixture
def world(open_source: Source, shy: Source) -> dict[str, Series]:
    """`level` is stated by both sources, `share`, `sum` and `prior` follow from what one keeps."""
    level = make_series("shy-bank.users", nature="stock")
    other = make_series("open-bank.users")
    total = make_series("market.users")
    percent = UnitFactory(key="percent-growth", kind="growth", name_zh_hans="%", name_en="%")
    IndicatorFactory(
        key="users-growth", unit=percent, nature="ratio", growth_of=level.indicator,
        name_zh_hans="增长", name_en="Growth",
    )  # fmt: skip
    IndicatorFactory(key="share", nature="ratio", unit=UnitFactory(key="percent", kind="percent"))
    growth, implying = make_series("shy-bank.users-growth"), make_series("open-bank.users-growth")
    share = make_series("shy-bank.share")
    publish(
        (level, "2017", "100"), (other, "2017", "100"), (other, "2018", "2345"),
        (growth, "2018", "20%"), source=open_source, definitions_changed=True,
    )  # fmt: skip
    publish((level, "2018", "7654"), (implying, "2018", "76.54%"), source=shy)
    publish((level, "2019", "8765"), source=shy, now=NOW + timedelta(hours=1))
    publish((other, "2019", "9876"), source=shy)
    publish((other, "2019", "111"), source=open_source)  # preferred, and the other its rival
    group = make_group("banks", [level, other])
    edges = [(total.pk, "member", level.pk), (total.pk, "member", other.pk)]
    rules = (
        make_rule("sum", group, edges),
        make_rule("share", group, [(share.pk, "part", level.pk)]),
    )
    targets = Targets()
    for rule in rules:
        targets.rules[rule.pk] |= {EVERY_PERIOD}
    mark(targets)
    refresh_all(now=LATER)
    return {"level": level, "other": other, "total": total, "share": share, "growth": growth,
            "implying": implying}  # fmt: skip


def told(client: Client, path: str, query: dict[str, str]) -> str:
    response = client.get(path, query)
    assert response.status_code in (200, 400), response.content
    return response.content.decode("utf-8", "replace")


def numbers(rows: list[dict[str, Any]]) -> set[str]:
    fields = ("value", "lower", "upper", "stated")
    return {row[name] for row in rows for name in fields if row.get(name) is not None}


@pytest.mark.parametrize("query", FAMILIES, ids=lambda query: "&".join(query.values()) or "plain")
def test_no_question_gives_a_restricted_value_away(
    client: Client, world: dict[str, Series], query: dict[str, str]
) -> None:
    """Whatever differs from the answer without restriction is null and says why."""
    known = numbers(_answers(client, world, query))
    Source.objects.update(redistributable=True)
    free = _answers(client, world, query)
    hidden = numbers(free) - known
    Source.objects.filter(slug="shy").update(redistributable=False)
    rows = _answers(client, world, query)
    assert numbers(rows) <= numbers(free)
    text = json.dumps(rows, ensure_ascii=False)
    for secret in SECRETS:
        assert secret not in text
    if not query:
        assert hidden
        for row in rows:
            assert (row["value"] is None) == (row["null_reason"] is not None)


def _answers(client: Client, world: dict[str, Series], query: dict[str, str]) -> list[Any]:
    """Row by row, by each of the endpoints that list observations."""
    rows = []
    for series in world.values():
        answer = client.get(f"/api/v1/series/{series.key}/observations", query)
        rows += answer.json().get("results", [])
    keys = ",".join(series.key for series in world.values())
    return rows + client.get(OBSERVATIONS, {**query, "series": keys}).json().get("results", [])


@pytest.mark.parametrize("form", ["csv", "sdmx-csv"])
def test_no_format_gives_a_restricted_value_away(
    client: Client, world: dict[str, Series], form: str
) -> None:
    keys = ",".join(series.key for series in world.values())
    for query in FAMILIES:
        text = told(client, OBSERVATIONS, {**query, "series": keys, "format": form})
        for secret in SECRETS:
            assert secret not in text, query


def test_plain_rows_say_what_is_restricted(client: Client, world: dict[str, Series]) -> None:
    rows = client.get("/api/v1/series/shy-bank.users/observations").json()["results"]
    assert [(row["period"], row["value"], row["null_reason"], row["source"]) for row in rows] == [
        ("2017", "100", None, "open"),
        ("2018", None, "restricted", "shy"),
        ("2019", None, "restricted", "shy"),
    ]
    assert rows[1]["stated"] is rows[1]["lower"] is rows[1]["upper"] is None
    for key in ("market.users", "shy-bank.share"):
        found = client.get(f"/api/v1/series/{key}/observations").json()["results"]
        assert found
        assert {row["null_reason"] for row in found} == {"restricted"}


def test_computed_rows_agree_with_the_plain_statement(
    client: Client, world: dict[str, Series]
) -> None:
    """Both ways to hide, in the database and in Python, hide the same."""
    for series in world.values():
        path = f"/api/v1/series/{series.key}/observations"
        plain = client.get(path).json()["results"]
        every = client.get(path, {"sources": "all"}).json()["results"]
        own = [row for row in every if row["preferred"]]
        for one, other in zip(plain, own, strict=True):
            assert one.items() <= other.items()


@pytest.mark.parametrize("name", ["level", "share", "total", "other"])
@pytest.mark.parametrize(
    "query",
    [{}, {"as_of": "2026-11-25"}, {"units": "chg"}, {"units": "rm", "window": "2"},
     {"frequency": "A", "aggregation_method": "eop"}],
    ids=lambda query: "&".join(query.values()) or "plain",
)  # fmt: skip
def test_lineage_says_the_same_as_the_observations(
    client: Client, world: dict[str, Series], name: str, query: dict[str, str]
) -> None:
    key = world[name].key
    rows = client.get(f"/api/v1/series/{key}/observations", query).json().get("results", [])
    for row in rows:
        answer = client.get(f"/api/v1/series/{key}/lineage", {**query, "period": row["period"]})
        assert (answer.json()["value"], answer.json()["null_reason"]) == (
            row["value"],
            row["null_reason"],
        )
        text = answer.content.decode()
        for secret in SECRETS:
            assert secret not in text


def test_summary_of_a_restricted_series_has_no_figures(
    client: Client, world: dict[str, Series]
) -> None:
    for name in ("level", "total", "share", "implying"):
        answer = client.get(f"/api/v1/series/{world[name].key}")
        summary = answer.json()["summary"]
        assert summary["latest_period"]
        assert summary["latest_value"] is summary["mean"] is summary["maximum"] is None
        assert summary["change_null_reason"] == "restricted"
        for secret in SECRETS:
            assert secret not in answer.content.decode()


def test_open_series_are_untouched(client: Client, world: dict[str, Series]) -> None:
    rows = client.get("/api/v1/series/open-bank.users/observations").json()["results"]
    assert [row["value"] for row in rows] == ["100", "2345", "111"]


def test_feed_of_changes_gives_nothing_away(client: Client, world: dict[str, Series]) -> None:
    text = told(client, "/api/v1/changes", {"limit": "1000"})
    assert '"restricted"' in text
    for secret in SECRETS:
        assert secret not in text


def test_verdict_gives_nothing_but_itself_away(client: Client, world: dict[str, Series]) -> None:
    figures = [{"series": "shy-bank.users", "period": "2018", "value": value}
               for value in ("7654", "1")]  # fmt: skip
    answer = client.post("/api/v1/verify", figures, content_type="application/json").json()
    match, never = answer["results"]
    assert (match["verdict"], never["verdict"]) == ("match", "never_published")
    for one in (match["found"], match["current"], never["current"]):
        assert (one["value"], one["null_reason"]) == (None, "restricted")


def test_one_statement_answers_with_restricted_sources_too(
    client: Client, world: dict[str, Series]
) -> None:
    path = "/api/v1/series/shy-bank.users/observations"

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    queries()
    before = queries()
    Source.objects.update(redistributable=True)
    assert queries() == before
    assert Change.objects.exists()
