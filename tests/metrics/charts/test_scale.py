from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.charts.scale import Scale, domain, nice_step, nice_ticks, tick_texts

finite = st.floats(min_value=-1e15, max_value=1e15, allow_nan=False)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 1.74, [0, 0.5, 1, 1.5, 2]),
        (0, 829_000_000, [0, 250_000_000, 500_000_000, 750_000_000, 1_000_000_000]),
        (-350, 120, [-400, -200, 0, 200]),
        (0, 100, [0, 25, 50, 75, 100]),
        (0, 0, [0, 0.25, 0.5, 0.75, 1]),
    ],
)
def test_range_gets_round_ticks(low: float, high: float, ticks: list[float]) -> None:
    assert nice_ticks(low, high) == ticks


@given(finite, finite, st.integers(1, 8))
def test_ticks_cover_the_range_and_rise(one: float, other: float, target: int) -> None:
    low, high = sorted((one, other))
    ticks = nice_ticks(low, high, target)
    slack = 1e-6 * max(abs(low), abs(high), 1)
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert ticks == sorted(ticks)
    assert 2 <= len(ticks) <= target + 3


@pytest.mark.parametrize("span", [0.0, -1.0, float("inf"), float("nan")])
def test_step_of_no_span_is_one(span: float) -> None:
    assert nice_step(span, 4) == 1


def test_chinese_ticks_carry_each_their_own_scale() -> None:
    assert tick_texts([0, 5e7, 1e8, 1.5e8], "zh-hans") == ["0", "5,000万", "1亿", "1.5亿"]
    assert tick_texts([0, 2e12], "zh-hans") == ["0", "2万亿"]
    assert tick_texts([0, 500, 1000], "zh-hans") == ["0", "500", "1,000"]


def test_english_ticks_name_the_scale_once() -> None:
    assert tick_texts([0, 2e7, 4e7, 6e7], "en") == ["0", "20", "40", "60 million"]
    assert tick_texts([0, 1e9], "en") == ["0", "1 billion"]
    assert tick_texts([0, 5000], "en") == ["0", "5,000"]


def test_percent_sign_follows_every_tick() -> None:
    assert tick_texts([0, 0.5, 1], "en", "%") == ["0%", "0.5%", "1%"]


def test_negative_tick_has_a_minus_sign() -> None:
    assert tick_texts([-200, 0], "en")[0] == "\N{MINUS SIGN}200"


def test_no_ticks_give_no_texts() -> None:
    assert tick_texts([], "en") == []


@pytest.mark.parametrize(
    ("values", "from_zero", "expected"),
    [
        (["5", "9"], True, (0, 9)),
        (["5", "9"], False, (5, 9)),
        (["2", "9"], False, (0, 9)),
        (["-9", "-5"], False, (-9, -5)),
        (["-9", "-2"], False, (-9, 0)),
        (["-3", "4"], True, (-3, 4)),
        ([], True, (0, 1)),
    ],
)
def test_domain_holds_the_values(
    values: list[str], from_zero: bool, expected: tuple[float, float]
) -> None:
    assert domain(map(Decimal, values), from_zero=from_zero) == expected


def test_scale_maps_ends_and_clamps() -> None:
    scale = Scale(0, 10, 100, 200)
    assert scale.at(Decimal(5)) == 150
    assert scale.clamped(99) == 200
    assert scale.clamped(-1) == 100


def test_scale_of_one_value_does_not_divide_by_zero() -> None:
    assert Scale(3, 3, 0, 100).at(3) == 0
