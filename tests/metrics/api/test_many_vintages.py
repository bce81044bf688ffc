"""A history of 100,000 vintages: listed page by page, whole, at the cost of the page's rows."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from metrics.models import Series
from metrics.selectors import vintage_runs
from tests.metrics.factories import SourceFactory, make_release, make_series, publish

URL = "/api/v1/series/us.cpi/observations"
PERIODS, VINTAGES, LIMIT = 500, 200, 1000
EVER = {"realtime_start": "1776-07-04", "realtime_end": "9999-12-31"}

_TOLD = """
    INSERT INTO metrics_observation (series_id, period, period_start, period_end, value, stated,
        resolution, lower, upper, qualifier, status, null_reason, locator, note, preferred,
        seq_from, seq_to, source_id, release_id, vintage_on)
    SELECT %(series)s, to_char(p.day, 'YYYY-MM'), p.day, (p.day + interval '1 month - 1 day')::date,
        v.n * 1000 + p.i, '', 1, v.n * 1000 + p.i, v.n * 1000 + p.i, 'exact', 'A', '', '', '', true,
        %(seq)s, CASE WHEN v.n < %(vintages)s THEN %(seq)s + 1 END, %(source)s, %(release)s,
        date '2010-01-01' + v.n * 10
    FROM generate_series(1, %(vintages)s) v(n),
        (SELECT i, (date '1970-01-01' + i * interval '1 month')::date AS day
         FROM generate_series(1, %(periods)s) g(i)) p
    ORDER BY v.n, p.i
"""


@pytest.fixture
def series(db: None) -> Series:
    series = make_series("us.cpi", frequency="M")
    other = make_series("us.other")
    seq = publish((other, "2018", "1")).seq
    publish((other, "2019", "1"))
    told = {"series": series.pk, "seq": seq, "periods": PERIODS, "vintages": VINTAGES}
    told |= {"source": SourceFactory().pk, "release": make_release().pk}
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, told)
    return series


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Grows by one with each row that is made."""
    rows: list[None] = []
    stated_fields = vintage_runs.stated_fields

    def counted(*given: Any) -> Any:
        rows.append(None)
        return stated_fields(*given)

    monkeypatch.setattr(vintage_runs, "stated_fields", counted)
    return rows


def pages(client: Client, **query: Any) -> Iterator[list[dict[str, Any]]]:
    address: str | None = URL
    while address:
        answer = client.get(address, query).json()
        yield answer["results"]
        address, query = answer["next"], {}


@pytest.mark.parametrize("output_type", ["1", "2", "3"])
def test_page_costs_its_rows(
    client: Client, series: Series, made: list[None], output_type: str
) -> None:
    first, second = islice(pages(client, output_type=output_type, limit=LIMIT, **EVER), 2)
    told = [(row["period"], row["realtime_from"]) for row in [*first, *second]]
    assert len(told) == len(set(told)) == 2 * LIMIT
    assert told == sorted(told)
    assert [row["value"] for row in first[:2]] == ["1001", "2001"]
    # A page is read with the whole of the period in which it ends, and of that where it begins.
    assert len(made) <= 2 * (LIMIT + 2 * VINTAGES)


def test_first_release_of_each_period_is_one_page(
    client: Client, series: Series, made: list[None]
) -> None:
    (page,) = pages(client, output_type="4", limit=LIMIT)
    assert [row["value"] for row in page] == [str(1000 + n) for n in range(1, PERIODS + 1)]
    assert len(made) == PERIODS


def test_day_lists_what_was_known_on_it(client: Client, series: Series, made: list[None]) -> None:
    (page,) = pages(client, realtime_start="2011-01-06", realtime_end="2011-01-06", limit=LIMIT)
    assert [row["value"] for row in page] == [str(37_000 + n) for n in range(1, PERIODS + 1)]
    assert {(row["realtime_from"], row["realtime_to"]) for row in page} == {
        ("2011-01-06", "2011-01-16")
    }
    assert len(made) == PERIODS
