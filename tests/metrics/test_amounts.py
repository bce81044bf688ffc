"""Counts and durations as pages of the admin show them."""

from datetime import timedelta

import pytest
from django.utils import translation

from metrics.templatetags.amounts import duration, grouped


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1_234_567, "1,234,567"),
        (3.14159, "3.1"),
        (0.0, "0"),
        (1234.5, "1,234"),
        (None, "—"),
    ],
)
def test_count_is_grouped_by_thousands(number: float | None, text: str) -> None:
    assert grouped(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than a second"),
        (0.2, "less than a second"),
        (1, "1 second"),
        (59.6, "1 min 0 s"),
        (200, "3 min 20 s"),
        (7_500, "2 h 5 min"),
        (-3, "less than a second"),
    ],
)
def test_duration_has_its_two_largest_units(seconds: float, text: str) -> None:
    with translation.override("en"):
        assert duration(timedelta(seconds=seconds)) == text


def test_duration_that_cannot_be_told_says_so() -> None:
    with translation.override("en"):
        assert duration(None) == "unknown"


def test_duration_is_worded_in_chinese() -> None:
    with translation.override("zh-hans"):
        assert duration(timedelta(seconds=200)) == "3 分 20 秒"
