from collections.abc import Callable
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import CONTEXT, Figure
from metrics.stats.rules import (
    difference,
    growth,
    implied_prior,
    implied_prior_points,
    rank_of,
    ratio,
    share_of_total,
    sum_of,
)
from metrics.stats.wording import Qualifier

Rule = Callable[[Figure, Figure], Figure]
MISSING = Figure.missing("not_reported")
NEAR = Decimal("1e-20")


def exact(value: str, resolution: str | None = None) -> Figure:
    return Figure.stated(Decimal(value), None if resolution is None else Decimal(resolution))


def over(value: str) -> Figure:
    return Figure.stated(Decimal(value), None, Qualifier.OVER)


def under(value: str) -> Figure:
    return Figure.stated(Decimal(value), None, Qualifier.UNDER)


def about(value: str) -> Figure:
    return Figure.stated(Decimal(value), None, Qualifier.ABOUT)


def test_implied_prior_of_the_report_has_value_and_bounds() -> None:
    prior = implied_prior(exact("151000000", "1000000"), exact("17.5", "0.1"))
    assert prior.value is not None
    assert abs(prior.value - Decimal("128510638.29787234")) < Decimal("1e-7")
    assert prior.lower == CONTEXT.divide(Decimal(150500000), Decimal("1.1755"))
    assert prior.upper == CONTEXT.divide(Decimal(151500000), Decimal("1.1745"))


def test_implied_prior_of_a_lower_bound_is_the_lower_bound_at_the_highest_growth() -> None:
    bound = CONTEXT.divide(Decimal(34000000), Decimal("2.25"))
    assert implied_prior(over("34000000"), exact("120", "10")) == Figure(bound, bound, None)


def test_share_of_mobile_users_holds_the_stated_share() -> None:
    share = share_of_total(exact("817000000", "1000000"), exact("829000000", "1000000"))
    assert share.lower is not None
    assert share.upper is not None
    assert share.lower < Decimal("98.6") < share.upper


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (ratio(exact("12000"), exact("5000")), exact("2.4")),
        (
            ratio(exact("10", "2"), exact("5", "2")),
            Figure(Decimal(2), Decimal("1.5"), Decimal("2.75")),
        ),
        (ratio(over("10"), exact("4")), over("2.5")),
        (ratio(under("10"), exact("4")), under("2.5")),
        (ratio(exact("10"), over("4")), under("2.5")),
        (ratio(exact("10"), under("4")), Figure.missing("not_determinable")),
        (ratio(about("10"), exact("4")), about("2.5")),
        (ratio(about("10"), over("4")), Figure.missing("not_determinable")),
        (ratio(exact("1"), exact("1", "4")), about("1")),
        (ratio(exact("-10"), exact("4")), exact("-2.5")),
        (ratio(exact("-10"), exact("-4")), exact("2.5")),
        (ratio(over("10"), exact("-4")), under("-2.5")),
        (ratio(exact("0"), over("4")), exact("0")),
        (share_of_total(exact("3"), exact("2")), exact("150")),
        (share_of_total(over("1"), exact("4")), over("25")),
        (difference(exact("18.3", "0.1"), exact("16.7", "0.1")), exact("1.6", "0.2")),
        (difference(over("5"), exact("3")), over("2")),
        (difference(exact("5"), over("3")), under("2")),
        (difference(over("5"), over("3")), Figure.missing("not_determinable")),
        (difference(over("5"), under("3")), over("2")),
        (difference(about("5"), exact("3")), about("2")),
        (sum_of([exact("1", "1"), exact("2", "1"), exact("4", "1")]), exact("7", "3")),
        (sum_of([exact("1"), over("2")]), over("3")),
        (sum_of([over("1"), over("2")]), over("3")),
        (sum_of([over("1"), under("2")]), Figure.missing("not_determinable")),
        (sum_of([exact("1"), about("2")]), about("3")),
        (growth(exact("3300"), exact("3000")), exact("10")),
        (growth(exact("0"), exact("5")), exact("-100")),
        (growth(exact("-3"), exact("-2")), exact("50")),
        (growth(over("33"), exact("30")), over("10")),
        (growth(exact("33"), over("30")), under("10")),
        (growth(over("33"), over("30")), Figure.missing("not_determinable")),
        (growth(about("33"), exact("30")), about("10")),
        (growth(exact("1"), exact("-1")), Figure.missing("sign_change")),
        (growth(exact("-1"), exact("1")), Figure.missing("sign_change")),
        (implied_prior(exact("110"), exact("10")), exact("100")),
        (implied_prior(exact("110"), about("10")), about("100")),
        (implied_prior(exact("110"), over("10")), under("100")),
        (implied_prior(exact("1"), exact("-100")), Figure.missing("base_zero")),
        (implied_prior_points(exact("34.6", "0.1"), exact("6.1", "0.1")), exact("28.5", "0.2")),
    ],
)
def test_rule_gives_hand_computed_figure(result: Figure, expected: Figure) -> None:
    assert result == expected


@pytest.mark.parametrize("rule", [ratio, share_of_total, difference, growth, implied_prior])
def test_missing_input_is_told(rule: Rule) -> None:
    for pair in ((MISSING, exact("1")), (exact("1"), MISSING)):
        assert rule(*pair) == Figure.missing("input_missing")


@pytest.mark.parametrize("rule", [ratio, share_of_total, growth])
def test_zero_denominator_is_told(rule: Rule) -> None:
    assert rule(exact("1"), exact("0", "1")) == Figure.missing("base_zero")


def test_sum_with_a_missing_member_or_none_at_all_is_missing() -> None:
    assert sum_of([exact("1"), MISSING]) == Figure.missing("input_missing")
    assert sum_of([]) == Figure.missing("input_missing")


def test_ties_share_the_better_rank() -> None:
    figures = {
        key: exact(value) for key, value in zip("abcd", ("20", "30", "10", "20"), strict=True)
    }
    ranks = rank_of({**figures, "e": MISSING})
    assert {key: rank.value for key, rank in ranks.items()} == {
        "a": 2,
        "b": 1,
        "c": 4,
        "d": 2,
        "e": None,
    }
    assert ranks["e"].null_reason == "input_missing"
    assert ranks["b"] == exact("1")


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([exact("10", "2"), exact("11", "2"), exact("20", "2")], [(3, 2, 3), (2, 2, 3), (1, 1, 1)]),
        ([over("10"), exact("11")], [(2, 1, 2), (1, 1, 2)]),
        ([under("10"), exact("11")], [(2, 2, 2), (1, 1, 1)]),
        ([about("10"), exact("11"), exact("12")], [(3, 1, 3), (2, 2, 3), (1, 1, 2)]),
    ],
)
def test_rank_bounds_are_the_best_and_worst_place(
    figures: list[Figure], expected: list[tuple[int, int, int]]
) -> None:
    ranks = rank_of(dict(enumerate(figures)))
    assert [(r.value, r.lower, r.upper) for r in ranks.values()] == expected


def test_rank_of_nothing_is_nothing() -> None:
    assert rank_of({}) == {}


positive = st.builds(
    Figure.stated,
    st.decimals("0.01", 10**9, places=2),
    st.decimals("0", "0.01", places=4),
    st.sampled_from([Qualifier.EXACT, Qualifier.OVER, Qualifier.ABOUT]),
)


@pytest.mark.parametrize("rule", [ratio, share_of_total, difference, growth, implied_prior])
@given(data=st.data())
def test_bounds_contain_the_value(rule: Rule, data: st.DataObject) -> None:
    figure = rule(data.draw(positive), data.draw(positive))
    if figure.value is not None:
        assert figure.lower is None or figure.lower <= figure.value
        assert figure.upper is None or figure.value <= figure.upper


@pytest.mark.parametrize("rule", [ratio, difference, growth])
@given(data=st.data())
def test_any_true_pair_lies_within_the_bounds(rule: Rule, data: st.DataObject) -> None:
    signed = st.decimals(-1000, 1000, places=2).filter(lambda d: abs(d) > 1)
    first, second = (exact(str(data.draw(signed)), "0.5") for _ in "ab")
    drawn = [data.draw(st.decimals(f.lower, f.upper, places=3)) for f in (first, second)]
    whole, truth = rule(first, second), rule(*(Figure.stated(value) for value in drawn))
    if whole.lower is not None and truth.value is not None:
        assert whole.lower - NEAR <= truth.value <= whole.upper + NEAR


@given(st.lists(positive, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_order_of_members_does_not_matter_to_a_sum(members: list[Figure], random: Random) -> None:
    shuffled = members[:]
    random.shuffle(shuffled)
    assert sum_of(shuffled) == sum_of(members)


@given(st.lists(positive, min_size=1, max_size=8))
def test_order_and_scale_do_not_matter_to_ranks(members: list[Figure]) -> None:
    figures = dict(enumerate(members))
    backwards = dict(reversed(figures.items()))
    tenfold = {
        key: Figure(*(None if n is None else n * 10 for n in (f.value, f.lower, f.upper)))
        for key, f in figures.items()
    }
    assert rank_of(figures) == rank_of(backwards) == rank_of(tenfold)


@given(positive, positive, st.integers(1, 1000))
def test_scaling_both_scales_the_difference_and_keeps_the_ratio(
    first: Figure, second: Figure, factor: int
) -> None:
    def times(figure: Figure) -> Figure:
        numbers = (figure.value, figure.lower, figure.upper)
        return Figure(*(None if n is None else n * factor for n in numbers), figure.null_reason)

    assert difference(times(first), times(second)) == times(difference(first, second))
    assert ratio(times(first), times(second)) == ratio(first, second)


@given(st.decimals(1, 10**9, places=2), st.decimals(-90, 500, places=1))
def test_growth_undoes_the_implied_prior(level: Decimal, percent: Decimal) -> None:
    prior = implied_prior(Figure.stated(level), Figure.stated(percent))
    again = growth(Figure.stated(level), prior)
    assert again.value is not None
    assert abs(again.value - percent) < NEAR
