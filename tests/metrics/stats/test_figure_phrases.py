"""Hundreds of phrases as reports in both languages print them, each read by hand."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.figures import StatedFigureError, parse_stated

TABLE = Path(__file__).resolve().parents[2] / "data" / "stated-figures.csv"
with TABLE.open(encoding="utf-8", newline="") as handle:
    PHRASES = list(csv.DictReader(handle))
READ = [row for row in PHRASES if row["value"]]
REFUSED = [row for row in PHRASES if row["refused_at"]]


def named(row: dict[str, str]) -> str:
    return f"{row['kind']} {row['text']}"


@pytest.mark.parametrize("row", READ, ids=named)
def test_phrase_is_read_as_a_person_reads_it(row: dict[str, str]) -> None:
    figure = parse_stated(row["text"], unit_kind=row["kind"])
    assert format(figure.value, "f") == row["value"]
    assert (figure.qualifier, figure.unit_hint) == (row["qualifier"], row["unit"])


@pytest.mark.parametrize("row", REFUSED, ids=named)
def test_phrase_that_could_be_read_wrong_is_refused_at_its_place(row: dict[str, str]) -> None:
    with pytest.raises(StatedFigureError) as caught:
        parse_stated(row["text"], unit_kind=row["kind"])
    assert caught.value.position == int(row["refused_at"])


def test_table_holds_hundreds_of_phrases_once_each() -> None:
    assert len({named(row) for row in PHRASES}) == len(PHRASES) == len(READ) + len(REFUSED)
    assert len(READ) > 300
    assert len(REFUSED) > 150


@given(
    number=st.integers(1, 999),
    word=st.sampled_from(
        [*"一二三五十百千万亿兆半", "dozen", "hundred", "lakh", "crore", "T", "MM"]
    ),
)
def test_word_that_changes_the_number_is_never_a_noun(number: int, word: str) -> None:
    """100 百 is ten thousand or nothing; it is never a hundred of something called 百."""
    try:
        figure = parse_stated(f"{number} {word}", unit_kind="count")
    except StatedFigureError:
        return
    assert figure.value != number
    assert not figure.unit_hint


@pytest.mark.parametrize(
    ("text", "value", "qualifier"),
    [
        ("下降超过10%", -10, "under"),
        ("fell by less than 10%", -10, "over"),
        ("fell by nearly 10%", -10, "over"),
        ("下降约10%", -10, "about"),
    ],
)
def test_fall_is_a_change_below_zero_with_its_bound_on_the_other_side(
    text: str, value: int, qualifier: str
) -> None:
    figure = parse_stated(text, unit_kind="growth")
    assert (figure.value, figure.qualifier) == (value, qualifier)


@given(st.decimals(1, 100, places=1), st.sampled_from(["增至", "增长到", "grew to "]))
def test_multiple_reached_is_one_more_than_the_multiple_added(times: Decimal, verb: str) -> None:
    unit = " times" if verb.isascii() else "倍"
    reached = parse_stated(f"{verb}{times}{unit}", unit_kind="growth")
    added = parse_stated(f"增长{times}倍", unit_kind="growth")
    assert reached.value == added.value - 100
    assert reached.resolution == added.resolution


@pytest.mark.parametrize("text", ["-0", "−0.0", "负0", "-0%"])
def test_zero_has_no_sign(text: str) -> None:
    figure = parse_stated(text, unit_kind="percent" if "%" in text else "count")
    assert not figure.value.is_signed()
