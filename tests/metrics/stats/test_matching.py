"""Whether a printed figure is a published one: tables by hand, and properties."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.matching import LONGEST, Match, agreement, printed_number

TABLE = [
    ("829000000", "829000000", Match.EXACT),
    ("829000000.0", "829000000", Match.EXACT),
    ("8.3", "8.29", Match.ROUNDED),
    ("8.2", "8.29", None),
    ("8.30", "8.29", None),  # printed to a hundredth
    ("800", "829", Match.ROUNDED),  # printed to hundreds
    ("830", "829", Match.ROUNDED),
    ("820", "829", None),
    ("-1.5", "-1.46", Match.ROUNDED),
    ("1.5", "-1.46", None),
    ("0.5", "0.45", Match.ROUNDED),  # a half rounds either way
    ("0.4", "0.45", Match.ROUNDED),
    ("0", "0", Match.EXACT),
    ("0", "0.4", Match.ROUNDED),
    ("0", "0.6", None),
    ("0.0", "0.04", Match.ROUNDED),
    ("99", "98.6", Match.ROUNDED),
    ("100", "98.6", Match.ROUNDED),  # to tens
    ("10", "9.6", Match.ROUNDED),
    ("100000000", "60000000", None),  # would leave no digit of it
    ("60000000", "64000000", Match.ROUNDED),
    ("100000000", "96000000", Match.ROUNDED),
    ("10", "6", None),
]


@pytest.mark.parametrize(("printed", "published", "expected"), TABLE)
def test_agreement_is_by_the_digits_printed(
    printed: str, published: str, expected: Match | None
) -> None:
    assert agreement(Decimal(printed), Decimal(published)) is expected


def test_what_has_no_value_agrees_with_nothing() -> None:
    assert agreement(Decimal(0), None) is None


@given(st.decimals(-(10**9), 10**9, places=4), st.integers(0, 3))
def test_whatever_is_rounded_agrees(value: Decimal, places: int) -> None:
    rounded = round(value, places)
    assert agreement(rounded, value) is not None


@given(st.decimals(-(10**9), 10**9, places=4))
def test_every_value_matches_itself(value: Decimal) -> None:
    assert agreement(value, value) is Match.EXACT


@pytest.mark.parametrize(
    ("text", "number"), [("8.29", "8.29"), (" -1 ", "-1"), ("+.5", "0.5"), ("7.", "7")]
)
def test_number_is_read_with_its_digits(text: str, number: str) -> None:
    assert printed_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "x", "1e5", "NaN", "1,000", "１", "1.2.3", "9" * (LONGEST + 1), "--1"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a number"):
        printed_number(text)
