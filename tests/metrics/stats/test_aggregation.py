from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.aggregation import Aggregation, AggregationError, aggregate, sub_periods
from metrics.stats.bounds import Figure
from metrics.stats.natures import NATURES, Nature
from metrics.stats.periods import Frequency, Period
from metrics.stats.transforms import apply
from metrics.stats.wording import Qualifier


def series(text: str) -> dict[Period, Figure]:
    """Read ``2017=110 2018=-`` (a dash: reported as missing)."""
    pairs = (item.split("=") for item in text.split())
    return {
        Period.parse(code): Figure.missing("not_reported")
        if value == "-"
        else Figure.stated(Decimal(value))
        for code, value in pairs
    }


def told(result: Mapping[Period, Figure]) -> str:
    return " ".join(f"{p}={f.null_reason or f.value}" for p, f in result.items())


QUARTERS = "2018-Q1=1 2018-Q2=2 2018-Q3=3 2018-Q4=6"


@pytest.mark.parametrize(
    ("values", "source", "target", "method", "nature", "expected"),
    [
        (QUARTERS, "Q", "A", "sum", "flow", "2018=12"),
        (QUARTERS, "Q", "A", "avg", "flow", "2018=3"),
        (QUARTERS, "Q", "A", "eop", "stock", "2018=6"),
        (QUARTERS, "Q", "S", "sum", "flow", "2018-S1=3 2018-S2=9"),
        (QUARTERS, "Q", "Q", "eop", "stock", QUARTERS),
        ("2018-10=1 2018-11=2 2018-12=6", "M", "Q", "avg", "ratio", "2018-Q4=3"),
        ("2018-S1=4 2018-S2=5", "S", "A", "sum", "flow", "2018=9"),
        # One sub-period short, or there without a value.
        ("2018-S1=4", "S", "A", "sum", "flow", "2018=incomplete_period"),
        ("2018-S1=4", "S", "A", "avg", "flow", "2018=incomplete_period"),
        ("2018-S1=- 2018-S2=5", "S", "A", "sum", "flow", "2018=incomplete_period"),
        # End of period needs the end only, and takes no earlier value for it.
        ("2018-S2=5", "S", "A", "eop", "stock", "2018=5"),
        ("2018-S1=4", "S", "A", "eop", "stock", "2018=incomplete_period"),
        ("2018-S1=4 2018-S2=-", "S", "A", "eop", "stock", "2018=not_reported"),
        # Each longer period by itself, in order, whatever the order of rows.
        (
            "2019-S1=7 2018-S2=5 2018-S1=4",
            "S",
            "A",
            "sum",
            "flow",
            "2018=9 2019=incomplete_period",
        ),
        # 2019-W01 began on 31 December: it belongs to January and to 2019.
        ("2018-W52=5 2019-W01=7", "W", "A", "eop", "stock", "2018=5 2019=incomplete_period"),
        (
            "2018-W49=1 2018-W50=2 2018-W51=3 2018-W52=4 2019-W01=9",
            "W",
            "M",
            "avg",
            "ratio",
            "2018-12=incomplete_period 2019-01=incomplete_period",
        ),
        (
            "2018-W48=5 2018-W49=1 2018-W50=2 2018-W51=3 2018-W52=4",
            "W",
            "M",
            "avg",
            "ratio",
            "2018-12=3",
        ),
        ("2007/2018=4 undated=3 2018-Q4=2", "Q", "A", "eop", "stock", "2018=2"),
        ("", "M", "A", "avg", "flow", ""),
    ],
)
def test_aggregation_gives_hand_computed_values_and_reasons(
    values: str, source: str, target: str, method: str, nature: str, expected: str
) -> None:
    made = aggregate(series(values), source=source, target=target, method=method, nature=nature)
    assert told(made) == expected


def test_daily_values_need_every_calendar_day() -> None:
    days = {Period.parse(f"2019-02-{day:02d}"): Figure.stated(Decimal(day)) for day in range(1, 29)}
    made = aggregate(days, source="D", target="M", method="avg", nature="flow")
    assert told(made) == "2019-02=14.5"
    del days[Period.parse("2019-02-10")]
    assert told(aggregate(days, source="D", target="M", method="avg", nature="flow")) == (
        "2019-02=incomplete_period"
    )


def test_bounds_are_carried_through() -> None:
    over = Figure.stated(Decimal(10), None, Qualifier.OVER)
    exact = Figure.stated(Decimal(20), Decimal(2))
    halves = {Period.parse("2018-S1"): over, Period.parse("2018-S2"): exact}

    def made(method: str, nature: str) -> Figure:
        result = aggregate(halves, source="S", target="A", method=method, nature=nature)
        return result[Period.parse("2018")]

    assert made("sum", "flow") == Figure(Decimal(29), Decimal(29), None)
    assert made("avg", "flow") == Figure(Decimal("14.5"), Decimal("14.5"), None)
    assert made("eop", "stock") == exact


def test_about_in_a_part_leaves_the_whole_without_bounds() -> None:
    about = Figure.stated(Decimal(10), None, Qualifier.ABOUT)
    halves = {Period.parse("2018-S1"): about, Period.parse("2018-S2"): Figure.stated(Decimal(4))}
    made = aggregate(halves, source="S", target="A", method="sum", nature="flow")
    assert made == {Period.parse("2018"): Figure(Decimal(14))}


@pytest.mark.parametrize("nature", Nature)
@pytest.mark.parametrize("method", Aggregation)
def test_nature_allows_its_aggregations_and_names_them_when_it_refuses(
    nature: Nature, method: Aggregation
) -> None:
    allowed = NATURES[nature].aggregations
    if method in allowed:
        assert aggregate(series(QUARTERS), source="Q", target="A", method=method, nature=nature)
        return
    with pytest.raises(AggregationError, match=f"nature {nature}: expected {', '.join(allowed)}"):
        aggregate(series(QUARTERS), source="Q", target="A", method=method, nature=nature)


@pytest.mark.parametrize(
    ("source", "target", "method", "message"),
    [
        ("A", "Q", "avg", "frequency Q: expected one of A, not higher than the series' own A"),
        ("M", "W", "avg", "expected one of M, Q, S, A"),
        ("W", "M", "sum", "does not suit weeks, which straddle longer periods: expected avg"),
        ("M", "A", "mean", "'mean' is unknown: expected avg, sum"),
    ],
)
def test_impossible_aggregation_names_what_is_allowed(
    source: str, target: str, method: str, message: str
) -> None:
    with pytest.raises(AggregationError, match=message):
        aggregate({}, source=source, target=target, method=method, nature="flow")


def test_period_of_another_frequency_is_refused() -> None:
    with pytest.raises(AggregationError, match="period 2018-12: expected one of frequency Q"):
        aggregate(series("2018-12=1"), source="Q", target="A", method="sum", nature="flow")


def test_weeks_stay_as_they_are_to_their_own_frequency() -> None:
    weeks = series("2018-W51=3 2018-W52=4")
    assert aggregate(weeks, source="W", target="W", method="sum", nature="flow") == weeks


@pytest.mark.parametrize(
    ("period", "frequency", "first", "last", "count"),
    [
        ("2018", "Q", "2018-Q1", "2018-Q4", 4),
        ("2018", "D", "2018-01-01", "2018-12-31", 365),
        ("2020-02", "D", "2020-02-01", "2020-02-29", 29),
        ("2018-W05", "D", "2018-01-29", "2018-02-04", 7),
        ("2018", "W", "2018-W01", "2018-W52", 52),
        ("2017", "W", "2016-W52", "2017-W52", 53),  # 1 January 2017 was a Sunday
        ("2018-12", "W", "2018-W48", "2018-W52", 5),
    ],
)
def test_sub_periods_are_those_that_end_within(
    period: str, frequency: str, first: str, last: str, count: int
) -> None:
    parts = sub_periods(Period.parse(period), Frequency(frequency))
    assert (parts[0].code, parts[-1].code, len(parts)) == (first, last, count)


def test_span_and_undated_have_no_sub_periods() -> None:
    assert sub_periods(Period.parse("undated"), Frequency.MONTH) == ()
    assert sub_periods(Period.parse("2016/"), Frequency.MONTH) == ()


def test_transform_follows_the_aggregation() -> None:
    """Growth of the yearly sums (50%), not the sum or mean of quarterly growth."""
    values = series("2017-S1=1 2017-S2=3 2018-S1=4 2018-S2=2")
    years = aggregate(values, source="S", target="A", method="sum", nature="flow")
    growth = apply("pch", years, frequency=Frequency.ANNUAL, nature="flow")
    assert growth[Period.parse("2018")].value == 50


monthly = st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=40)


def months(numbers: list[Decimal]) -> dict[Period, Figure]:
    start = Period.parse("2015-01")
    listed = ((start.previous(-i), number) for i, number in enumerate(numbers))
    return {p: Figure.stated(n, Decimal("0.01")) for p, n in listed if p is not None}


@given(monthly)
def test_sum_by_quarters_then_years_is_the_sum_by_years(numbers: list[Decimal]) -> None:
    values = months(numbers)
    flow = {"method": "sum", "nature": "flow"}
    quarters = aggregate(values, source="M", target="Q", **flow)
    assert aggregate(quarters, source="Q", target="A", **flow) == aggregate(
        values, source="M", target="A", **flow
    )


@given(monthly)
def test_order_of_rows_does_not_matter_and_bounds_hold_the_value(numbers: list[Decimal]) -> None:
    values = months(numbers)
    made = aggregate(values, source="M", target="Q", method="avg", nature="flow")
    backwards = dict(reversed(values.items()))
    assert made == aggregate(backwards, source="M", target="Q", method="avg", nature="flow")
    for figure in made.values():
        if figure.value is not None and figure.lower is not None and figure.upper is not None:
            assert figure.lower <= figure.value <= figure.upper


@given(st.dates(date(2, 1, 1), date(9998, 12, 31)), st.sampled_from(["W", "M", "Q", "S", "A"]))
def test_sub_periods_tile_the_calendar(day: date, target: str) -> None:
    period = Period.containing(day, Frequency(target))
    for frequency in ("D", "W"):
        here = sub_periods(period, Frequency(frequency))
        later = sub_periods(period.previous(-1), Frequency(frequency))
        assert here[-1].previous(-1) == later[0]
