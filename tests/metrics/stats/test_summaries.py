from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import Figure
from metrics.stats.natures import Nature
from metrics.stats.periods import Frequency, Period
from metrics.stats.summaries import Summary, summarise
from metrics.stats.wording import Qualifier

FIGURES = (
    "latest",
    "previous",
    "change",
    "year_on_year",
    "cagr",
    "minimum",
    "maximum",
    "mean",
    "volatility",
)
HISTORY, UNKNOWN = "insufficient_history", "not_determinable"


def told(summary: Summary) -> dict[str, str]:
    figures = {name: getattr(summary, name) for name in FIGURES}
    return {
        name: f.null_reason if f.value is None else format(f.value.quantize(Decimal("0.0001")), "f")
        for name, f in figures.items()
    }


def summary_of(text: str, frequency: str = "A", nature: Nature = Nature.STOCK) -> Summary:
    pairs = (item.split("=") for item in text.split())
    values = {
        Period.parse(code): Figure.missing("not_reported")
        if value == "-"
        else Figure.stated(Decimal(value))
        for code, value in pairs
    }
    return summarise(values, Frequency(frequency), nature)


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        (
            summary_of("2015=100 2016=110 2017=132"),
            "132.0000 110.0000 22.0000 20.0000 14.8913 100.0000 132.0000 114.0000 7.0711",
        ),
        (
            summary_of("2017=16.7 2018=18.3", nature=Nature.RATIO),
            f"18.3000 16.7000 1.6000 1.6000 {UNKNOWN} 16.7000 18.3000 17.5000 {HISTORY}",
        ),
        (
            summary_of("2016=16 2017=17 2018=20", nature=Nature.RATIO),
            f"20.0000 17.0000 3.0000 3.0000 {UNKNOWN} 16.0000 20.0000 17.6667 1.4142",
        ),
        (
            summary_of("2017=20 2018=18", nature=Nature.RANK),
            f"18.0000 20.0000 -2.0000 {UNKNOWN} {UNKNOWN} 18.0000 20.0000 19.0000 {UNKNOWN}",
        ),
        (
            summary_of("2018=829"),
            "829.0000 " + f"{HISTORY} " * 4 + f"829.0000 829.0000 829.0000 {HISTORY}",
        ),
        (
            summary_of("2015=1 2018=8 2019=-"),
            f"8.0000 {HISTORY} {HISTORY} {HISTORY} 100.0000 1.0000 8.0000 4.5000 {HISTORY}",
        ),
        (
            summary_of("2017-Q4=100 2018-Q3=110 2018-Q4=121", "Q"),
            f"121.0000 110.0000 11.0000 21.0000 21.0000 100.0000 121.0000 110.3333 {HISTORY}",
        ),
        (
            summary_of("2007/2018=9.51 undated=10", nature=Nature.RATIO),
            f"10.0000 {HISTORY} {HISTORY} {HISTORY} {UNKNOWN} 9.5100 10.0000 9.7550 {HISTORY}",
        ),
        (summary_of(""), " ".join([HISTORY] * 9)),
        (
            summary_of("2017=0 2018=5"),
            "5.0000 0.0000 5.0000 base_zero base_zero 0.0000 5.0000 2.5000 " + HISTORY,
        ),
        (
            summary_of("2017=-1 2018=5"),
            "5.0000 -1.0000 6.0000 sign_change sign_change -1.0000 5.0000 2.0000 " + HISTORY,
        ),
    ],
)
def test_summary_gives_hand_computed_values_and_reasons(summary: Summary, expected: str) -> None:
    assert told(summary) == dict(zip(FIGURES, expected.split(), strict=True))


def test_summary_tells_periods_and_count() -> None:
    summary = summary_of("2015=3 2016=1 2017=1 2018=3 2007/2018=2 2019=-")
    codes = [
        period and period.code
        for period in (
            summary.first_period,
            summary.last_period,
            summary.latest_period,
            summary.minimum_period,
            summary.maximum_period,
        )
    ]
    assert codes == ["2015", "2018", "2018", "2016", "2015"]
    assert summary.count == 5


def test_latest_regular_period_outranks_spans_and_undated() -> None:
    summary = summary_of("2016=1 2007/2018=2 undated=3")
    assert summary.latest_period == Period.parse("2016")
    assert summary.last_period == Period.parse("undated")


def test_next_value_is_due_a_whole_period_after_its_own() -> None:
    assert summary_of("2016=1 2017=1").next_due == date(2019, 12, 31)
    assert summary_of("2007/2018=2 undated=3").next_due is None
    assert summary_of("2018=-").next_due is None


def test_empty_series_has_no_periods() -> None:
    summary = summary_of("2018=-")
    assert summary.count == 0
    assert summary.latest_period is summary.first_period is summary.minimum_period is None


def test_one_sided_values_keep_their_side_in_mean_and_growth() -> None:
    exact, over = (
        Figure.stated(Decimal(value), None, qualifier)
        for value, qualifier in ((100, Qualifier.EXACT), (200, Qualifier.OVER))
    )
    values = {Period.parse("2017"): exact, Period.parse("2018"): over}
    summary = summarise(values, Frequency.ANNUAL, Nature.STOCK)
    assert summary.year_on_year == Figure(Decimal(100), Decimal(100), None)
    assert summary.mean == Figure(Decimal(150), Decimal(150), None)
    assert summary.cagr == Figure.missing("not_determinable")


numbers = st.lists(st.decimals("0.1", 10**6, places=2), min_size=1, max_size=8)


def yearly(listed: list[Decimal], factor: int = 1) -> dict[Period, Figure]:
    return {
        Period.parse(str(2000 + i)): Figure.stated(number * factor, Decimal("0.01"))
        for i, number in enumerate(listed)
    }


@given(numbers)
def test_order_of_rows_does_not_matter(listed: list[Decimal]) -> None:
    values = yearly(listed)
    backwards = dict(reversed(values.items()))
    assert summarise(values, Frequency.ANNUAL, "stock") == summarise(
        backwards, Frequency.ANNUAL, "stock"
    )


@given(numbers, st.integers(1, 1000))
def test_scaling_scales_levels_and_keeps_rates(listed: list[Decimal], factor: int) -> None:
    one = summarise(yearly(listed), Frequency.ANNUAL, "stock")
    many = summarise(yearly(listed, factor), Frequency.ANNUAL, "stock")
    for name, power in (("mean", factor), ("maximum", factor), ("cagr", 1), ("volatility", 1)):
        before, after = getattr(one, name).value, getattr(many, name).value
        if before is not None:
            assert abs(before * power - after) <= Decimal("1e-15") * max(1, abs(after))


@given(numbers)
def test_mean_lies_between_minimum_and_maximum_and_within_its_bounds(listed: list[Decimal]) -> None:
    summary = summarise(yearly(listed), Frequency.ANNUAL, "stock")
    mean, slack = summary.mean, Decimal("1e-20")
    assert None not in (mean.value, mean.lower, mean.upper)
    assert summary.minimum.value - slack <= mean.value <= summary.maximum.value + slack
    assert mean.lower <= mean.value <= mean.upper
