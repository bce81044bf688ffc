"""Pages are of the moment of the first, whatever is published while they are read."""

import csv
import io
import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from metrics.models import Series
from metrics.services.refresh import refresh_all
from tests.metrics.api.contract import faults
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
ROWS = "/api/v1/observations"
KEYS = ["a.users", "b.users"]
LATER = NOW + timedelta(days=1)


@pytest.fixture
def series() -> list[Series]:
    made = [make_series(key) for key in KEYS]
    publish(*((one, str(2010 + n), str(n + 1)) for one in made for n in range(4)))
    refresh_all(now=NOW)
    return made


def publish_between(series: list[Series]) -> None:
    """A value changes on a page that was read and on one that was not, and one comes before."""
    first, second = series
    publish((first, "2010", "70"), (second, "2012", "80"), kind="correction", now=LATER)
    publish((first, "2009", "90"), (second, "2020", "91"), now=LATER)
    refresh_all(now=LATER)


def page_of(client: Client, url: str, form: str) -> tuple[list[tuple[str, str, str]], str | None]:
    answer = client.get(url)
    assert answer.status_code == 200, answer.content
    if form == "json":
        told = answer.json()
        rows, following = told["results"], told["next"]
    else:
        rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
        link = answer.headers.get("Link", "")
        following = link.partition(">")[0][1:] if 'rel="next"' in link else None
    return [(row["series"], row["period"], row["value"]) for row in rows], following


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize(
    "query", ["", "&sort_order=desc", "&units=chg", "&sources=all", "&output_type=1"]
)
def test_pages_join_to_what_the_first_was_of(
    client: Client, series: list[Series], form: str, query: str
) -> None:
    asked = f"{ROWS}?series={','.join(KEYS)}{query}&format={form}"
    whole, _none = page_of(client, asked, form)
    found, following = page_of(client, f"{asked}&limit=3", form)
    publish_between(series)
    while following:
        rows, following = page_of(client, following, form)
        found += rows
    assert found == whole
    assert page_of(client, asked, form)[0] != whole


def test_page_before_is_of_the_same_moment(client: Client, series: list[Series]) -> None:
    first = client.get(f"{ROWS}?series=a.users&limit=2").json()
    second = client.get(first["next"]).json()
    publish_between(series)
    before = client.get(second["previous"]).json()["results"]
    assert [row["value"] for row in before] == [row["value"] for row in first["results"]]


def test_unchanged_record_is_read_by_the_fast_way(
    client: Client, series: list[Series], django_assert_num_queries: Any
) -> None:
    first = client.get(f"{ROWS}?series=a.users&limit=2")
    following = first.json()["next"]
    publish_between(series[1:] * 2)
    later = client.get(f"{ROWS}?series=a.users&limit=2").json()["next"]
    client.get(later)
    with django_assert_num_queries(2):
        client.get(later)
    assert client.get(following).status_code == 200


def test_moment_of_the_question_stands(client: Client, series: list[Series]) -> None:
    publish_between(series)
    moment = (NOW + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    first = client.get(f"{ROWS}?series=a.users&limit=2&as_of={moment}").json()
    second = client.get(first["next"]).json()
    values = [row["value"] for page in (first, second) for row in page["results"]]
    assert values == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("way", "status"), [("f", 200), ("f1", 200), ("f999", 400), ("f0", 400), ("f-1", 400)]
)
def test_cursor_names_a_change_that_was_or_none(
    client: Client, series: list[Series], way: str, status: int
) -> None:
    place = [way, "a.users", "2010-12-31", "2010-01-01", "2010"]
    cursor = urlsafe_b64encode(json.dumps(place).encode()).decode()
    answer = client.get(ROWS, {"series": "a.users", "cursor": cursor})
    assert answer.status_code == status
    if status == 400:
        assert faults(answer) == [("cursor", "invalid_cursor")]
