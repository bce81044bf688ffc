"""Near words by slips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.search.spelling import distance, nearest

KNOWN = ["webank", "alipay", "financial", "fintech", "lufax"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("webnak", "webank"), ("webbank", "webank"), ("wbank", "webank"), ("finacial", "financial"),
        ("fintehc", "fintech"), ("lufex", "lufax"), ("lfuex", None), ("zzzzzz", None),
        ("web", None), ("alpay", "alipay"),
    ],
)  # fmt: skip
def test_nearest_word_is_offered(word: str, expected: str | None) -> None:
    assert nearest(word, KNOWN) == expected


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "axc", 1), ("ab", "dcba", 3)],
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert distance(one, other, 5) == slips


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_distance_is_the_same_both_ways_and_bounded(one: str, other: str) -> None:
    assert distance(one, other, 9) == distance(other, one, 9)
    assert distance(one, other, 9) >= abs(len(one) - len(other))
    assert distance(one, other, 1) == min(distance(one, other, 9), 2)
    assert (distance(one, other, 9) == 0) == (one == other)
