from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import CONTEXT, Figure, combined, extremes, resolution_of, stated_bounds
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
def test_resolution_is_one_unit_of_the_last_significant_digit(digits, expected):
    assert resolution_of(digits) == D(expected)


@pytest.mark.parametrize(
    ("qualifier", "resolution", "expected"),
    [
        (Qualifier.EXACT, D(1000000), (D(828500000), D(829500000))),
        (Qualifier.EXACT, None, (D(829000000), D(829000000))),
        (Qualifier.OVER, D(1000000), (D(829000000), None)),
        (Qualifier.UNDER, None, (None, D(829000000))),
        (Qualifier.NEARLY, D(1000000), (None, D(829000000))),
        (Qualifier.ABOUT, D(1000000), (None, None)),
        ("over", None, (D(829000000), None)),
    ],
)
def test_stated_bounds_follow_the_qualifier(qualifier, resolution, expected):
    assert stated_bounds(D(829000000), resolution, qualifier) == expected


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        (D(1), D(3), Qualifier.EXACT),
        (D(2), None, Qualifier.OVER),
        (None, D(2), Qualifier.UNDER),
        (None, None, Qualifier.ABOUT),
    ],
)
def test_qualifier_is_read_off_the_bounds(lower, upper, expected):
    assert Figure(D(2), lower, upper).qualifier is expected


def test_missing_figure_has_a_reason_and_no_value():
    figure = Figure.missing("not_reported")
    assert (figure.value, figure.lower, figure.upper) == (None, None, None)
    assert figure.null_reason == "not_reported"
    assert figure.is_missing
    assert not figure.is_one_sided


def test_negative_resolution_still_orders_the_bounds():
    assert stated_bounds(D(10), D(-2), Qualifier.EXACT) == (D(9), D(11))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((D(4), D(6)), (D(2), D(3)), (CONTEXT.divide(D(4), D(3)), D(3))),
        ((D(-6), D(-4)), (D(2), D(4)), (D(-3), D(-1))),
        ((D(4), D(6)), (D(-2), D(-1)), (D(-6), D(-2))),
        ((D(4), None), (D(2), D(4)), (D(1), None)),
        ((None, D(6)), (D(2), D(4)), (None, D(3))),
        ((D(4), D(6)), (D(2), None), (None, D(3))),
        ((D(4), None), (D(2), None), (None, None)),
        ((None, None), (D(2), D(3)), (None, None)),
        ((None, D(6)), (D(2), None), (None, D(3))),
    ],
)
def test_quotient_bounds_are_extremes_over_the_corners(first, second, expected):
    bounds = extremes(CONTEXT.divide, Figure(D(5), *first), Figure(D(2), *second))
    assert bounds == expected


def test_one_sided_result_takes_its_finite_bound_as_value():
    over = Figure(D(5), D(5), None)
    assert combined(D(9), (D(7), None), over) == Figure(D(7), D(7), None)
    assert combined(D(9), (None, D(11)), over) == Figure(D(11), None, D(11))
    assert combined(D(9), (None, None), over) == Figure.missing("not_determinable")


@given(
    st.decimals(-(10**12), 10**12, places=3),
    st.decimals(0, 10**6, places=3),
    st.sampled_from(Qualifier),
)
def test_stated_bounds_contain_the_value(value, resolution, qualifier):
    lower, upper = stated_bounds(value, resolution, qualifier)
    assert lower is None or lower <= value
    assert upper is None or value <= upper
