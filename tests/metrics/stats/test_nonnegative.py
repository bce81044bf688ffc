"""Quantities that are known not to be negative: an "under" is then a bound on both sides."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import CONTEXT, Figure
from metrics.stats.rules import growth, implied_prior, ratio, share_of_total
from metrics.stats.wording import Qualifier

Rule = Callable[..., Figure]
UNKNOWN = Figure.missing("not_determinable")


def exact(value: str, resolution: str | None = None) -> Figure:
    return Figure.stated(Decimal(value), None if resolution is None else Decimal(resolution))


def over(value: str) -> Figure:
    return Figure.stated(Decimal(value), None, Qualifier.OVER)


def under(value: str) -> Figure:
    return Figure.stated(Decimal(value), None, Qualifier.UNDER)


def about(value: str) -> Figure:
    return Figure.stated(Decimal(value), None, Qualifier.ABOUT)


def test_amount_shared_by_nearly_so_many_is_over_the_quotient() -> None:
    """8,700亿 (known to 100亿) over nearly 1,200万 borrowers: more than 72,083 yuan each."""
    amount, borrowers = exact("870000000000", "10000000000"), under("12000000")
    each = ratio(amount, borrowers, nonnegative=True)
    bound = CONTEXT.divide(Decimal(865000000000), Decimal(12000000))
    assert each == Figure(bound, bound, None)
    assert each.qualifier is Qualifier.OVER
    assert bound.quantize(Decimal(1)) == 72083
    assert ratio(amount, borrowers) == UNKNOWN


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (ratio(exact("10"), under("4"), nonnegative=True), over("2.5")),
        (ratio(over("10"), under("4"), nonnegative=True), over("2.5")),
        # The floor of zero is no news: the result stays one-sided.
        (ratio(under("10"), exact("4"), nonnegative=True), under("2.5")),
        (ratio(under("10"), over("4"), nonnegative=True), under("2.5")),
        (ratio(under("10"), under("4"), nonnegative=True), UNKNOWN),
        (ratio(over("10"), over("4"), nonnegative=True), UNKNOWN),
        (ratio(over("10"), exact("4"), nonnegative=True), over("2.5")),
        (ratio(exact("10"), over("4"), nonnegative=True), under("2.5")),
        (ratio(exact("0"), under("4"), nonnegative=True), exact("0")),
        (ratio(exact("0"), over("4"), nonnegative=True), exact("0")),
        # About says nothing of either side, and knowing the floor does not change that.
        (ratio(exact("10"), about("4"), nonnegative=True), about("2.5")),
        (ratio(over("10"), about("4"), nonnegative=True), UNKNOWN),
        (ratio(about("10"), under("4"), nonnegative=True), UNKNOWN),
        # Two-sided inputs are as without it, a rounded denominator next to zero too.
        (ratio(exact("10"), exact("4"), nonnegative=True), exact("2.5")),
        (ratio(exact("1"), exact("1", "4"), nonnegative=True), about("1")),
        (ratio(over("1"), exact("1", "4"), nonnegative=True), over(str(Decimal(1) / 3))),
        # A figure that is below zero all the same is taken at its word.
        (ratio(under("-10"), exact("4"), nonnegative=True), under("-2.5")),
        (share_of_total(exact("1"), under("4"), nonnegative=True), over("25")),
        (growth(exact("30"), under("20"), nonnegative=True), over("50")),
        (growth(under("30"), exact("20"), nonnegative=True), under("50")),
        (growth(under("30"), under("20"), nonnegative=True), UNKNOWN),
        (implied_prior(exact("150"), under("50"), nonnegative=True), over("100")),
        (implied_prior(under("150"), exact("50"), nonnegative=True), under("100")),
        (implied_prior(over("150"), under("50"), nonnegative=True), over("100")),
    ],
)
def test_nonnegative_inputs_give_hand_computed_bounds(result: Figure, expected: Figure) -> None:
    if expected.value is not None and result.value is not None:
        result = Figure(*(n and n.quantize(Decimal("1e-20")) for n in _numbers(result)))
        expected = Figure(*(n and n.quantize(Decimal("1e-20")) for n in _numbers(expected)))
    assert result == expected


def _numbers(figure: Figure) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return figure.value, figure.lower, figure.upper


def test_missing_and_zero_are_told_as_ever() -> None:
    missing = Figure.missing("not_reported")
    assert ratio(missing, exact("1"), nonnegative=True) == Figure.missing("input_missing")
    assert ratio(exact("1"), exact("0"), nonnegative=True) == Figure.missing("base_zero")


positive = st.builds(
    Figure.stated,
    st.decimals("0.01", 10**6, places=2),
    st.decimals("0", "0.02", places=3),
    st.sampled_from(Qualifier),
)


@pytest.mark.parametrize("rule", [ratio, share_of_total, growth, implied_prior])
@given(data=st.data())
def test_knowing_the_floor_never_loosens_a_bound(rule: Rule, data: st.DataObject) -> None:
    first, second = data.draw(positive), data.draw(positive)
    plain, floored = rule(first, second), rule(first, second, nonnegative=True)
    if plain.value is None:
        return
    assert floored.value is not None
    for side in ("lower", "upper"):
        loose, tight = getattr(plain, side), getattr(floored, side)
        if loose is not None:
            assert tight is not None
            assert tight >= loose if side == "lower" else tight <= loose


@given(data=st.data())
def test_any_true_nonnegative_pair_lies_within_the_bounds(data: st.DataObject) -> None:
    figures = data.draw(positive), data.draw(positive)
    truths = [
        Figure.stated(
            data.draw(
                st.decimals(
                    max(Decimal("0.001"), f.lower or Decimal(0)),
                    f.upper if f.upper is not None else 10**7,
                    places=4,
                )
            )
        )
        for f in figures
    ]
    whole, truth = ratio(*figures, nonnegative=True), ratio(*truths)
    assert truth.value is not None
    if whole.value is not None:
        near = Decimal("1e-15") * max(1, abs(truth.value))
        assert whole.lower is None or whole.lower - near <= truth.value
        assert whole.upper is None or truth.value <= whole.upper + near
