"""Pages of JSON texts: where rows are cut off, and where a page begins and ends."""

import json
from datetime import date

import pytest

from metrics.selectors.observation_page import PageRequest, Position, json_page

HARD = 'a },{"series": "b" \\ },{"series":"c'


def row(series: str, year: int, stated: str | None = None) -> bytes:
    fields = {
        "series": series,
        "period": str(year),
        "period_start": f"{year}-01-01",
        "period_end": f"{year}-12-31",
        "stated": stated,
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def text(*rows: bytes) -> tuple[bytes, int]:
    return b",".join(rows), len(rows)


def place(series: str, year: int) -> Position:
    return Position(series, date(year, 12, 31), date(year, 1, 1), str(year))


def periods(body: bytes) -> list[str]:
    return [f"{one['series']}@{one['period']}" for one in json.loads(b"[" + body + b"]")]


A = [row("a", year, HARD) for year in (2015, 2016, 2017)]
B = [row("b", year) for year in (2015, 2016)]


@pytest.mark.parametrize(
    ("texts", "limit", "is_backward", "expected", "has_more"),
    [
        ([text(*A), text(*B)], 5, False, ["a@2015", "a@2016", "a@2017", "b@2015", "b@2016"], False),
        ([text(*A), text(*B)], 4, False, ["a@2015", "a@2016", "a@2017", "b@2015"], True),
        ([text(*A), text(B[0])], 3, False, ["a@2015", "a@2016", "a@2017"], True),
        ([text(*A)], 2, False, ["a@2015", "a@2016"], True),
        ([text(A[0])], 1, False, ["a@2015"], False),
        # backwards series come from the last on, each in the order of reading
        ([text(*B), text(*A)], 5, True, ["a@2015", "a@2016", "a@2017", "b@2015", "b@2016"], False),
        ([text(*B), text(*A)], 4, True, ["a@2016", "a@2017", "b@2015", "b@2016"], True),
        ([text(*B), text(A[2])], 2, True, ["b@2015", "b@2016"], True),
    ],
)
def test_row_that_is_furthest_is_left_out(
    texts: list[tuple[bytes, int]],
    limit: int,
    is_backward: bool,
    expected: list[str],
    has_more: bool,
) -> None:
    page = json_page(texts, PageRequest(limit=limit, is_backward=is_backward))
    assert (periods(page.body), page.has_more) == (expected, has_more)
    (first, begin), (last, end) = (one.split("@") for one in (expected[0], expected[-1]))
    assert (page.first, page.last) == (place(first, int(begin)), place(last, int(end)))


def test_page_without_rows_has_no_ends() -> None:
    page = json_page([], PageRequest(limit=5))
    assert (page.body, page.has_more, page.first, page.last) == (b"", False, None, None)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2015-01-01", None, (date(2015, 1, 1), date(2015, 1, 1))),
        (None, "2015-12-31", (date(2015, 12, 31), date.max)),
        (None, None, (date.max, date.max)),
    ],
)
def test_period_without_an_end_or_a_start_is_placed_as_the_database_places_it(
    start: str | None, end: str | None, expected: tuple[date, date]
) -> None:
    told = {"series": "a", "period": "x", "period_start": start, "period_end": end}
    page = json_page([text(json.dumps(told).encode())], PageRequest(limit=1))
    assert page.first == page.last == Position("a", *expected, "x")
