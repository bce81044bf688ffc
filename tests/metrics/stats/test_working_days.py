"""Series of working days: no value on any weekend, so Friday is the day before Monday."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from metrics.stats.aggregation import aggregate, sub_periods
from metrics.stats.bounds import Figure
from metrics.stats.calendars import WORKING_DAYS, calendar_of
from metrics.stats.derivation import derive
from metrics.stats.formula import evaluate_formula, parse_formula
from metrics.stats.periods import Frequency, Period
from metrics.stats.summaries import summarise
from metrics.stats.transforms import apply
from tests.metrics.stats.dated import MONDAY, Figures, day, days, told

DAY = Frequency.DAY


@pytest.mark.parametrize(
    ("values", "target", "method", "expected"),
    [
        # July 2024 has 23 working days, 1 to 23: average 12, sum 276.
        (days(MONDAY, 31), "M", "avg", "2024-07=12"),
        (days(MONDAY, 31), "M", "sum", "2024-07=276"),
        (days(MONDAY, 7), "W", "avg", "2024-W27=3"),
        (days(MONDAY, 7), "M", "avg", "2024-07=incomplete_period"),
        # A working day that nobody lists makes the month incomplete.
        (days(MONDAY, 31, without="2024-07-04"), "M", "avg", "2024-07=incomplete_period"),
        (days(MONDAY, 31, without="2024-07-04"), "M", "sum", "2024-07=incomplete_period"),
        # Of calendar days every one is needed, weekends too.
        (days(MONDAY, 31, weekends=True), "M", "avg", "2024-07=16"),
        (
            days(MONDAY, 31, weekends=True, without="2024-07-06"),
            "M",
            "avg",
            "2024-07=incomplete_period",
        ),
    ],
)
def test_month_of_working_days_needs_each_of_them(
    values: Figures, target: str, method: str, expected: str
) -> None:
    made = aggregate(values, source="D", target=target, method=method, nature="flow")
    assert told(made) == expected


@pytest.mark.parametrize(
    ("reason", "method", "expected"),
    [
        # Independence Day, the fourth value of 23: (276 − 4) / 22.
        ("not_reported", "avg", "2024-07=12.36363636363636363636363636363636"),
        ("not_reported", "sum", "2024-07=272"),
        # Other reasons say that there is a value, and not which.
        ("restricted", "avg", "2024-07=incomplete_period"),
        ("withdrawn", "sum", "2024-07=incomplete_period"),
        ("not_yet_due", "sum", "2024-07=incomplete_period"),
    ],
)
def test_holiday_that_the_source_lists_without_a_figure_is_left_out(
    reason: str, method: str, expected: str
) -> None:
    values = days(MONDAY, 31) | {day("2024-07-04"): Figure.missing(reason)}
    made = aggregate(values, source="D", target="M", method=method, nature="flow")
    assert told(made) == expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (None, "2024-08=incomplete_period"),
        (Figure.missing("not_reported"), "2024-08=44"),  # the Thursday before
        (Figure.missing("restricted"), "2024-08=restricted"),
        (Figure.stated(Decimal(7)), "2024-08=7"),
    ],
)
def test_end_of_month_is_its_last_working_day(last: Figure | None, expected: str) -> None:
    """31 August 2024 is a Saturday: the month ends on Friday the 30th."""
    values = days(MONDAY, 60)
    assert max(values) == day("2024-08-29")
    if last is not None:
        values[day("2024-08-30")] = last
    made = aggregate(values, source="D", target="M", method="eop", nature="stock")
    assert told(made).split()[1] == expected


def test_month_of_holidays_only_is_incomplete() -> None:
    values = days(MONDAY, 31)
    first = date(2024, 8, 1)
    listed = [first + timedelta(n) for n in range(31)]
    values |= {day(one): Figure.missing("not_reported") for one in listed}
    for method, nature in (("avg", "stock"), ("sum", "flow"), ("eop", "stock")):
        made = aggregate(values, source="D", target="M", method=method, nature=nature)
        assert told(made).split()[1] == "2024-08=incomplete_period"


def test_same_frequency_keeps_values_and_their_reasons() -> None:
    values = days(MONDAY, 7) | {day("2024-07-08"): Figure.missing("not_reported")}
    assert aggregate(values, source="D", target="D", method="avg", nature="flow") == values


def test_sub_periods_of_working_days_are_mondays_to_fridays() -> None:
    parts = sub_periods(Period.parse("2024-06"), DAY, WORKING_DAYS)
    assert (parts[0], parts[-1], len(parts)) == (day("2024-06-03"), day("2024-06-28"), 20)


@pytest.mark.parametrize(
    ("code", "arguments", "expected"),
    [
        ("chg", {}, "1"),
        ("pch", {}, "4"),
        ("rm", {"window": 6}, "23.5"),
        ("cagr", {"span_start": "2024-07-01"}, "3.3E+17"),
    ],
)
def test_transform_compares_monday_with_friday(
    code: str, arguments: dict[str, str], expected: str
) -> None:
    """Monday 5 August is day 26, Friday 2 August day 25."""
    given = {k: day(v) if k == "span_start" else v for k, v in arguments.items()}
    made = apply(code, days(MONDAY, 40), frequency=DAY, nature="stock", **given)
    found = made[day("2024-08-05")].value
    assert found is not None
    if code == "cagr":  # 26 times as much in 25 of 260 days
        truth = (Decimal(26).ln() * Decimal("10.4")).exp() * 100 - 100
        assert abs(found / truth - 1) < Decimal("1e-20")
        return
    assert found == Decimal(expected)


def test_summary_compares_with_the_working_day_before_and_260_back() -> None:
    values = days(date(2023, 7, 3), 365)  # Monday to Monday, 261 values
    summary = summarise(values, DAY, "stock")
    assert (summary.latest_period, summary.previous_period) == (day(MONDAY), day("2024-06-28"))
    assert (summary.change.value, summary.year_on_year.value) == (1, 26000)
    assert summary.cagr.value == 26000  # a year of 260 days, from 1 to 261
    assert not summary.volatility.is_missing


def test_formula_and_implied_prior_take_the_working_day_before() -> None:
    values = days(MONDAY, 8)
    calendars = {"x": calendar_of(values)}
    lagged = parse_formula("x - x[-1]")
    monday = day("2024-07-08")
    assert evaluate_formula(lagged, {"x": values}, monday, {}, calendars).value == 1
    made = derive("formula", {9: {"x": [1]}}, {1: values}, definition={"formula": "x - x[-1]"})
    assert told(made[9]).startswith("2024-07-01=insufficient_history 2024-07-02=1")
    assert made[9][monday].value == 1
    implied = derive(
        "implied-prior",
        {1: {"level": [1], "growth": [2]}},
        {1: values, 2: {monday: Figure.stated(Decimal(20))}},
        definition={"basis": "previous"},
    )
    assert told(implied[1]) == "2024-07-05=5"


def test_formula_over_an_earlier_day_reaches_over_the_weekend() -> None:
    made = derive("formula", {9: {"x": [1]}}, {1: days(MONDAY, 5)}, definition={"formula": "x[-1]"})
    assert told(made[9]).endswith("2024-07-08=5")  # Friday's value, for Monday
