"""Repeats are ruled out only where the order of the file does."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.services.imports.repeats import Repeats

SLOTS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("12345")), max_size=12)


def seen(*chunks: list[tuple[str, str]]) -> Repeats:
    repeats = Repeats()
    for chunk in chunks:
        repeats.see([series for series, _ in chunk], [period for _, period in chunk])
    return repeats


@pytest.mark.parametrize(
    ("chunks", "possible"),
    [
        ([], False),
        ([[("a", "1"), ("a", "2"), ("b", "1")]], False),
        ([[("a", "2"), ("a", "1")]], False),
        ([[("a", "1"), ("a", "2")], [("a", "3"), ("b", "1")]], False),
        ([[("a", "1"), ("a", "1")]], True),
        ([[("a", "1")], [("a", "1")]], True),
        ([[("a", "1"), ("b", "1"), ("a", "2")]], True),
        ([[("a", "1")], [("b", "1")], [("a", "1")]], True),
    ],
)
def test_runs_of_series_rule_repeats_out(
    chunks: list[list[tuple[str, str]]], possible: bool
) -> None:
    assert seen(*chunks).are_possible is possible


@given(SLOTS, st.integers(0, 12))
def test_slot_given_twice_is_never_ruled_out(slots: list[tuple[str, str]], cut: int) -> None:
    is_twice = any(count > 1 for count in Counter(slots).values())
    assert seen(slots[:cut], slots[cut:]).are_possible or not is_twice


@given(SLOTS)
def test_sorted_slots_without_repeats_are_ruled_out(slots: list[tuple[str, str]]) -> None:
    assert not seen(sorted(set(slots))).are_possible
