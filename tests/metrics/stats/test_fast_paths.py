"""The quick ways through the rules and summaries give what their definitions give.

Each statistic is computed here a second time, slowly, straight from its formula.
"""

import copy
import pickle
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import product
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import CONTEXT, Bounds, Figure, combined, extremes
from metrics.stats.natures import GrowthKind
from metrics.stats.periods import Frequency, Period
from metrics.stats.rules import affine, difference, growth, ratio, share_of_total, sum_of
from metrics.stats.summaries import mean, summarise
from metrics.stats.volatility import volatility
from metrics.stats.wording import Qualifier

HUNDRED = Decimal(100)
figures = st.builds(
    Figure.stated,
    st.decimals(-1000, 1000, places=2),
    st.sampled_from([None, Decimal("0.01"), Decimal(1), Decimal(500)]),
    st.sampled_from(Qualifier),
) | st.just(Figure.missing("not_reported"))
PERIODS = [Period.parse(f"{2015 + i // 4}-Q{i % 4 + 1}") for i in range(24)]
panels = st.dictionaries(st.sampled_from(PERIODS), figures, max_size=24)


def plain_ratio(numerator: Figure, denominator: Figure) -> Figure:
    """The quotient by way of all corners, without a look at the signs first."""
    if numerator.value is None or denominator.value is None:
        return Figure.missing("input_missing")
    if not denominator.value:
        return Figure.missing("base_zero")
    point = CONTEXT.divide(numerator.value, denominator.value)
    below, above = denominator.upper, denominator.lower
    is_apart = (above is not None and above > 0) or (below is not None and below < 0)
    bounds: Bounds = (None, None)
    if is_apart:
        bounds = extremes(CONTEXT.divide, numerator, denominator)
    return combined(point, bounds, numerator, denominator)


def plain_growth(current: Figure, prior: Figure) -> Figure:
    if current.value and prior.value and (current.value < 0) != (prior.value < 0):
        return Figure.missing("sign_change")
    return affine(plain_ratio(current, prior), HUNDRED, -HUNDRED)


@given(figures, figures)
def test_quotients_are_those_of_all_corners(first: Figure, second: Figure) -> None:
    assert ratio(first, second) == plain_ratio(first, second)
    assert share_of_total(first, second) == affine(plain_ratio(first, second), HUNDRED)
    assert growth(first, second) == plain_growth(first, second)


@given(figures, figures)
def test_difference_is_that_of_all_corners(first: Figure, second: Figure) -> None:
    if first.value is None or second.value is None:
        assert difference(first, second) == Figure.missing("input_missing")
        return
    bounds = extremes(CONTEXT.subtract, first, second)
    point = CONTEXT.subtract(first.value, second.value)
    assert difference(first, second) == combined(point, bounds, first, second)


@given(st.lists(figures, min_size=1, max_size=6))
def test_sum_is_the_difference_with_the_negative_of_each(members: list[Figure]) -> None:
    total = Figure.stated(Decimal(0))
    for member in members:
        if member.value is None:
            assert sum_of(members) == Figure.missing("input_missing")
            return
    exact = [member for member in members if None not in (member.lower, member.upper)]
    for member in exact:
        total = difference(total, affine_negative(member))
    if exact:
        assert sum_of(exact) == total


def affine_negative(figure: Figure) -> Figure:
    assert None not in (figure.value, figure.lower, figure.upper)
    return Figure(-figure.value, -figure.upper, -figure.lower)


def consecutive(values: Mapping[Period, Figure]) -> list[tuple[Decimal, Decimal]]:
    """Values of neighbouring periods that are estimates, the later first."""
    pairs = []
    for period in sorted(values):
        prior = values.get(period.previous())
        both = (values[period], prior)
        if prior is not None and not any(f.is_missing or f.is_one_sided for f in both):
            pairs.append((values[period].value, prior.value))
    return pairs


@given(panels)
def test_volatility_is_the_sample_deviation_of_the_changes(values: dict[Period, Figure]) -> None:
    """Against the standard library's, over exact fractions and rounded to a float by it."""
    pairs = consecutive(values)
    changes = {
        GrowthKind.POINTS: [Fraction(x) - Fraction(y) for x, y in pairs],
        GrowthKind.PERCENT: [
            (Fraction(x) / Fraction(y) - 1) * 100 for x, y in pairs if y and x / y >= 0
        ],
    }
    for kind, expected in changes.items():
        found = volatility(values, kind)
        if len(expected) < 2:
            assert found == Figure.missing("insufficient_history")
        else:
            assert found.value is not None
            assert float(found.value) == pytest.approx(float(stdev(expected)), rel=1e-9, abs=1e-9)


@given(panels, st.sampled_from(["stock", "ratio"]))
def test_summary_is_that_of_one_look_at_a_time(values: dict[Period, Figure], nature: str) -> None:
    present = [(p, values[p].value) for p in sorted(values) if values[p].value is not None]
    summary = summarise(values, Frequency.QUARTER, nature)
    assert summary.count == len(present)
    if not present:
        assert summary.latest_period is summary.minimum_period is summary.maximum_period is None
        return
    numbers = [number for _, number in present]
    assert (summary.first_period, summary.last_period) == (present[0][0], present[-1][0])
    assert summary.latest_period == present[-1][0]
    assert summary.minimum_period == next(p for p, n in present if n == min(numbers))
    assert summary.maximum_period == next(p for p, n in present if n == max(numbers))
    last = summary.latest_period
    change = growth if nature == "stock" else difference
    for before, found, compute in (
        (last.previous(), summary.change, difference),
        (last.year_ago(), summary.year_on_year, change),
    ):
        prior = values.get(before, Figure.missing("not_reported"))
        expected = Figure.missing("insufficient_history")
        assert found == (expected if prior.is_missing else compute(values[last], prior))


@given(st.lists(figures, max_size=8))
def test_mean_leaves_out_what_is_missing(members: list[Figure]) -> None:
    present = [member for member in members if not member.is_missing]
    if not present:
        assert mean(members) == Figure.missing("insufficient_history")
    else:
        count = Figure.stated(Decimal(len(present)))
        total = sum_of(present)
        assert mean(members) == (total if total.is_missing else plain_ratio(total, count))


@pytest.mark.parametrize(
    "code", ["2018", "2018-S1", "2018-Q4", "2018-12", "2018-W05", "2018-12-31", "2016/", "undated"]
)
def test_period_made_again_is_the_same_key(code: str) -> None:
    """Queues and caches hand periods on as bytes: what is computed once comes along."""
    period = Period.parse(code)
    for again in (pickle.loads(pickle.dumps(period)), copy.deepcopy(period)):  # noqa: S301
        assert {period: "kept"}[again] == "kept"
        assert (again.ordinal, again.sort_key, hash(again)) == (
            period.ordinal,
            period.sort_key,
            hash(period),
        )


def test_period_differs_from_its_code_and_tells_no_computed_fields() -> None:
    period = Period.parse("2018-12")
    assert period != "2018-12"
    assert "ordinal" not in repr(period)
    assert "sort_key" not in repr(period)


@pytest.mark.parametrize(
    ("earlier", "later"), list(product(["2017-12", "2018-01"], ["2018-02", "2018-03"]))
)
def test_ordinals_count_periods(earlier: str, later: str) -> None:
    first, last = Period.parse(earlier), Period.parse(later)
    assert first.ordinal is not None
    assert last.ordinal is not None
    assert last.previous(last.ordinal - first.ordinal) == first


@pytest.mark.parametrize("code", ["2007/2018", "2016/", "undated"])
def test_irregular_period_has_no_ordinal(code: str) -> None:
    assert Period.parse(code).ordinal is None
