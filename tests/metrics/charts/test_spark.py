"""Courses beside the names of series."""

import re
from decimal import Decimal

from metrics.charts.spark import sparkline


def test_two_values_make_no_course() -> None:
    assert sparkline([("2016", Decimal(1)), ("2017", None), ("2018", Decimal(2))]) == ""


def test_rise_goes_up_and_its_end_is_marked() -> None:
    svg = sparkline([(str(year), Decimal(year)) for year in (2016, 2017, 2018)])
    assert 'd="M3 21L48 12L93 3"' in svg
    assert 'cx="93" cy="3"' in svg
    assert 'aria-hidden="true"' in svg


def test_missing_value_parts_the_line() -> None:
    values = [Decimal(1), Decimal(2), None, Decimal(1), Decimal(2)]
    svg = sparkline([(str(2010 + n), value) for n, value in enumerate(values)])
    assert len(re.findall("M", svg)) == 2


def test_level_course_is_drawn() -> None:
    assert "M3 21L48 21L93 21" in sparkline([(str(y), Decimal(5)) for y in (2016, 2017, 2018)])


def test_long_course_stays_small() -> None:
    points = [(f"{1900 + n // 12}-{n % 12 + 1:02}", Decimal(n % 7)) for n in range(1400)]
    assert len(sparkline(points)) < 4_000
