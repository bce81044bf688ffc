"""Only what went live after a moment."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from metrics.models import Rule, Series
from metrics.services.publishing import publish_definitions
from metrics.services.refresh import refresh_all
from tests.metrics.api.contract import faults
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
ROWS = "/api/v1/observations"
DAY = timedelta(days=1)
KEYS = "a.ratio,a.users,b.users"


@pytest.fixture(autouse=True)
def corrected() -> Series:
    """Two series and their ratio, of which one value is corrected two days later."""
    first, second = make_series("a.users"), make_series("b.users")
    publish(*((one, str(year), "8") for one in (first, second) for year in (2017, 2018)), now=NOW)
    make_series("a.ratio", unit="times", nature="ratio")
    Rule.objects.create(key="ratio", kind="ratio", name_zh_hans="比", name_en="Ratio")
    inputs = {"numerator": "a.users", "denominator": "b.users"}
    definition = {"output": "a.ratio", "inputs": inputs}
    publish_definitions(actor=None, now=NOW, what="r", rule_definitions={"ratio": definition})
    refresh_all(now=NOW)
    publish((first, "2018", "9"), kind="correction", now=NOW + 2 * DAY)
    refresh_all(now=NOW + 2 * DAY)
    return first


def slots(client: Client, form: str, **query: str) -> list[tuple[str, str]]:
    answer = client.get(ROWS, {"format": form, **query})
    assert answer.status_code == 200, answer.content
    if form == "json":
        rows: list[Any] = answer.json()["results"]
    else:
        rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode(), newline="")))
    return [(row["series"], row["period"]) for row in rows]


@pytest.mark.parametrize(
    ("form", "more"), [("json", {"series": KEYS}), ("csv", {"series": KEYS}), ("csv", {})]
)
def test_rows_are_those_that_went_live_after_the_moment(
    client: Client, form: str, more: dict[str, str]
) -> None:
    changed = [("a.ratio", "2018"), ("a.users", "2018")]
    everything = slots(client, form, **more)
    day = (NOW + DAY).date().isoformat()
    assert slots(client, form, updated_after=day, **more) == changed
    exact = (NOW + 2 * DAY - timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    assert slots(client, form, updated_after=exact, **more) == changed
    assert slots(client, form, updated_after="1999-01-01", **more) == everything
    assert slots(client, form, updated_after="2999-01-01", **more) == []
    late = {"updated_after": day, "observation_end": "2017-12-31"}
    assert slots(client, form, **late, **more) == []


def test_pages_join_though_more_is_published(client: Client, corrected: Series) -> None:
    day = (NOW + DAY).date().isoformat()
    first = client.get(ROWS, {"series": KEYS, "updated_after": day, "limit": "1"}).json()
    publish((corrected, "2019", "10"), now=NOW + 3 * DAY)
    found, following = first["results"], first["next"]
    while following:
        page = client.get(following).json()
        found, following = found + page["results"], page["next"]
    asked = [(row["series"], row["period"]) for row in found]
    assert asked == slots(client, "json", series=KEYS, updated_after=day)
    assert asked[-2:] == [("a.users", "2018"), ("a.users", "2019")]


@pytest.mark.parametrize(
    "more",
    [
        {"units": "chg"},
        {"as_of": "2026-11-23"},
        {"sources": "all"},
        {"include": "consistency"},
        {"realtime_start": "2018-01-01"},
        {"frequency": "A"},
        {"output_type": "4"},
    ],
    ids=str,
)
def test_what_is_computed_has_no_moment_of_its_own(client: Client, more: dict[str, str]) -> None:
    asked = {"series": "a.users", "updated_after": "2026-11-23", **more}
    assert faults(client.get(ROWS, asked)) == [("updated_after", "conflicting_parameters")]


def test_moment_that_is_none_is_refused(client: Client) -> None:
    answer = client.get(ROWS, {"series": "a.users", "updated_after": "yesterday"})
    assert faults(answer) == [("updated_after", "moment")]


def test_limit_of_who_has_no_key_counts_what_is_answered(client: Client, settings: Any) -> None:
    settings.API_ANONYMOUS_BULK_ROWS = 2
    assert client.get(ROWS, {"format": "csv"}).status_code == 400
    day = (NOW + DAY).date().isoformat()
    assert len(slots(client, "csv", updated_after=day)) == 2
