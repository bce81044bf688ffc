"""Which days a daily series keeps, and which of them come before which."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import Figure
from metrics.stats.calendars import EVERY_PERIOD, WORKING_DAYS, calendar_of
from metrics.stats.periods import Frequency, Period
from tests.metrics.stats.dated import MONDAY, Figures, day, days

DAY = Frequency.DAY


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (days(MONDAY, 31), WORKING_DAYS),
        (days(MONDAY, 31, weekends=True), EVERY_PERIOD),
        (days(MONDAY, 5), WORKING_DAYS),
        # Four days of a week say nothing, nor do days far apart (a yearly sale on 11 November).
        (days(MONDAY, 5, without="2024-07-03"), EVERY_PERIOD),
        ({day(f"{y}-11-11"): Figure.stated(Decimal(1)) for y in (2014, 2015, 2016)}, EVERY_PERIOD),
        (days(MONDAY, 31) | {day("2024-07-06"): Figure.stated(Decimal(1))}, EVERY_PERIOD),
        # A weekend listed without a figure is none.
        (days(MONDAY, 31) | {day("2024-07-06"): Figure.missing("not_reported")}, WORKING_DAYS),
        ({Period.parse("2018"): Figure.stated(Decimal(1))}, EVERY_PERIOD),
        ({}, EVERY_PERIOD),
    ],
)
def test_calendar_is_read_off_the_values(values: Figures, expected: object) -> None:
    assert calendar_of(values) == expected


@pytest.mark.parametrize(
    ("code", "n", "expected"),
    [
        ("2024-07-02", 1, "2024-07-01"),
        ("2024-07-01", 1, "2024-06-28"),
        ("2024-07-01", 6, "2024-06-21"),
        ("2024-06-28", -1, "2024-07-01"),
        ("2024-06-28", 0, "2024-06-28"),
        ("2024-06-29", 1, "2024-06-28"),  # Saturday
        ("2024-06-30", 2, "2024-06-27"),  # Sunday
        ("2024-06-29", -1, "2024-07-01"),
        ("2024-06-29", 0, "2024-06-29"),
        ("2018-Q1", 1, "2017-Q4"),
    ],
)
def test_previous_steps_over_the_weekend(code: str, n: int, expected: str) -> None:
    assert WORKING_DAYS.previous(day(code), n) == day(expected)


def test_periods_without_a_previous_one_have_none() -> None:
    assert WORKING_DAYS.previous(Period.parse("undated")) is None
    assert WORKING_DAYS.previous(day("0001-01-01")) is None
    assert WORKING_DAYS.year_ago(day("0001-06-01")) is None


@pytest.mark.parametrize(
    ("code", "n", "expected"),
    [
        ("2024-07-01", 1, "2023-07-03"),  # Mondays
        ("2024-02-29", 1, "2023-03-02"),
        ("2024-07-01", -1, "2025-06-30"),
        ("2018-Q1", 1, "2017-Q1"),
    ],
)
def test_a_year_ago_is_260_working_days_back(code: str, n: int, expected: str) -> None:
    assert WORKING_DAYS.year_ago(day(code), n) == day(expected)


def test_a_year_has_260_working_days() -> None:
    assert (WORKING_DAYS.per_year(DAY), EVERY_PERIOD.per_year(DAY)) == (260, 365)
    assert WORKING_DAYS.per_year(Frequency.MONTH) == 12


@given(st.dates(date(1, 6, 1), date(9998, 1, 1)), st.integers(0, 400))
def test_previous_counts_the_days_that_are_kept(one: date, n: int) -> None:
    start = day(one)
    earlier, stepped = start, 0
    while stepped < n:
        back = earlier.previous()
        if back is None:
            break
        earlier = back
        stepped += back.start is not None and back.start.weekday() < 5
    if stepped == n:
        assert WORKING_DAYS.previous(start, n) == earlier
    if n and one.weekday() < 5 and stepped == n:
        assert (WORKING_DAYS.number(start) or 0) - n == WORKING_DAYS.number(earlier)
        assert WORKING_DAYS.previous(earlier, -n) == start
