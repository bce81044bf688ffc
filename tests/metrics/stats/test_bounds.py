from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import (
    CONTEXT,
    Bounds,
    Figure,
    combined,
    extremes,
    resolution_of,
    stated_bounds,
)
from metrics.stats.wording import Qualifier


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("8.29", "0.01"),
        ("8.0", "0.1"),
        ("514.53", "0.01"),
        ("8,700", "100"),
        ("6,000", "1000"),
        ("2,900", "100"),
        ("4416", "1"),
        ("10", "10"),
        ("0", "1"),
        ("00", "1"),
        ("0.0", "0.1"),
        ("-17.5", "0.1"),
        ("5,251.62", "0.01"),
    ],
)
def test_resolution_is_one_unit_of_the_last_significant_digit(digits: str, expected: str) -> None:
    assert resolution_of(digits) == Decimal(expected)


@pytest.mark.parametrize(
    ("qualifier", "resolution", "expected"),
    [
        (Qualifier.EXACT, Decimal(1000000), (Decimal(828500000), Decimal(829500000))),
        (Qualifier.EXACT, None, (Decimal(829000000), Decimal(829000000))),
        (Qualifier.OVER, Decimal(1000000), (Decimal(829000000), None)),
        (Qualifier.UNDER, None, (None, Decimal(829000000))),
        (Qualifier.NEARLY, Decimal(1000000), (None, Decimal(829000000))),
        (Qualifier.ABOUT, Decimal(1000000), (None, None)),
        ("over", None, (Decimal(829000000), None)),
    ],
)
def test_stated_bounds_follow_the_qualifier(
    qualifier: Qualifier, resolution: Decimal | None, expected: Bounds
) -> None:
    assert stated_bounds(Decimal(829000000), resolution, qualifier) == expected


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        (Decimal(1), Decimal(3), Qualifier.EXACT),
        (Decimal(2), None, Qualifier.OVER),
        (None, Decimal(2), Qualifier.UNDER),
        (None, None, Qualifier.ABOUT),
    ],
)
def test_qualifier_is_read_off_the_bounds(
    lower: Decimal | None, upper: Decimal | None, expected: Qualifier
) -> None:
    assert Figure(Decimal(2), lower, upper).qualifier is expected


def test_missing_figure_has_a_reason_and_no_value() -> None:
    figure = Figure.missing("not_reported")
    assert (figure.value, figure.lower, figure.upper) == (None, None, None)
    assert figure.null_reason == "not_reported"
    assert figure.is_missing
    assert not figure.is_one_sided


def test_negative_resolution_still_orders_the_bounds() -> None:
    assert stated_bounds(Decimal(10), Decimal(-2), Qualifier.EXACT) == (Decimal(9), Decimal(11))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            (Decimal(4), Decimal(6)),
            (Decimal(2), Decimal(3)),
            (CONTEXT.divide(Decimal(4), Decimal(3)), Decimal(3)),
        ),
        ((Decimal(-6), Decimal(-4)), (Decimal(2), Decimal(4)), (Decimal(-3), Decimal(-1))),
        ((Decimal(4), Decimal(6)), (Decimal(-2), Decimal(-1)), (Decimal(-6), Decimal(-2))),
        ((Decimal(4), None), (Decimal(2), Decimal(4)), (Decimal(1), None)),
        ((None, Decimal(6)), (Decimal(2), Decimal(4)), (None, Decimal(3))),
        ((Decimal(4), Decimal(6)), (Decimal(2), None), (None, Decimal(3))),
        ((Decimal(4), None), (Decimal(2), None), (None, None)),
        ((None, None), (Decimal(2), Decimal(3)), (None, None)),
        ((None, Decimal(6)), (Decimal(2), None), (None, Decimal(3))),
    ],
)
def test_quotient_bounds_are_extremes_over_the_corners(
    first: Bounds, second: Bounds, expected: Bounds
) -> None:
    bounds = extremes(CONTEXT.divide, Figure(Decimal(5), *first), Figure(Decimal(2), *second))
    assert bounds == expected


def test_one_sided_result_takes_its_finite_bound_as_value() -> None:
    over = Figure(Decimal(5), Decimal(5), None)
    assert combined(Decimal(9), (Decimal(7), None), over) == Figure(Decimal(7), Decimal(7), None)
    assert combined(Decimal(9), (None, Decimal(11)), over) == Figure(Decimal(11), None, Decimal(11))
    assert combined(Decimal(9), (None, None), over) == Figure.missing("not_determinable")


@given(
    st.decimals(-(10**12), 10**12, places=3),
    st.decimals(0, 10**6, places=3),
    st.sampled_from(Qualifier),
)
def test_stated_bounds_contain_the_value(
    value: Decimal, resolution: Decimal, qualifier: Qualifier
) -> None:
    lower, upper = stated_bounds(value, resolution, qualifier)
    assert lower is None or lower <= value
    assert upper is None or value <= upper
