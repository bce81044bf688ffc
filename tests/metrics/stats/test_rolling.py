"""Rolling means in one pass: the same as window by window, reasons included."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import CONTEXT, Figure
from metrics.stats.breaks import NO_BREAKS, Breaks
from metrics.stats.calendars import calendar_of
from metrics.stats.periods import Frequency, Period
from metrics.stats.transforms import apply

MISSING = Figure.missing("not_reported")
Values = dict[Period, Figure]


def naive(values: Values, window: int, breaks: Breaks = NO_BREAKS) -> Values:
    """Each window by itself, from its period backwards."""
    calendar = calendar_of(values)

    def mean(period: Period) -> Figure:
        total, is_broken = Decimal(0), False
        for lag in range(window):
            base = calendar.previous(period, lag)
            member = None if base is None else values.get(base)
            if base is None or member is None:
                return Figure.missing("insufficient_history")
            if member.value is None:
                return Figure.missing("input_missing")
            if member.is_one_sided:
                return Figure.missing("not_determinable")
            is_broken = is_broken or breaks.between(period, base)
            total = CONTEXT.add(total, member.value)
        if is_broken:
            return Figure.missing("break")
        return Figure(CONTEXT.divide(total, Decimal(window)))

    return {period: mean(period) for period in values}


def rolled(values: Values, window: int, frequency: str, breaks: Breaks = NO_BREAKS) -> Values:
    return apply(
        "rm", values, frequency=Frequency(frequency), nature="stock", window=window, breaks=breaks
    )


numbers = st.decimals(
    min_value=Decimal("-1e12"), max_value=Decimal("1e12"), allow_nan=False, places=None
).map(lambda value: value.quantize(Decimal("0.000001")).normalize())
figures = st.one_of(
    numbers.map(Figure),
    numbers.map(Figure),
    numbers.map(Figure),
    st.just(MISSING),
    numbers.map(lambda value: Figure(value, value, None)),
)
years = st.integers(1990, 2005).map(lambda year: Period.parse(str(year)))
days = st.integers(0, 40).map(
    lambda n: Period.parse(date.fromordinal(date(2018, 1, 1).toordinal() + n).isoformat())
)
odd = st.sampled_from(["1990/1995", "2000/", "undated"]).map(Period.parse)
changes = st.lists(st.dates(date(1990, 1, 1), date(2019, 1, 1)), max_size=3)


@given(
    st.dictionaries(st.one_of(years, years, odd), figures, max_size=16), st.integers(1, 6), changes
)
def test_years_are_as_window_by_window(values: Values, window: int, starts: list[date]) -> None:
    breaks = Breaks(tuple(sorted(set(starts))))
    assert told(rolled(values, window, "A", breaks)) == told(naive(values, window, breaks))


@given(st.dictionaries(days, figures, max_size=41), st.integers(1, 9), changes)
def test_days_are_as_window_by_window_on_working_days_too(
    values: Values, window: int, starts: list[date]
) -> None:
    breaks = Breaks(tuple(sorted(set(starts))))
    assert told(rolled(values, window, "D", breaks)) == told(naive(values, window, breaks))


def told(values: Values) -> list[tuple[str, str]]:
    """Values as they print, zeros behind the point included; in order."""
    return [
        (period.code, figure.null_reason or format(figure.value or Decimal(0), "f"))
        for period, figure in values.items()
    ]


@pytest.mark.parametrize(
    ("given_values", "window", "expected"),
    [
        ("2.50 3.5 4", 2, ["insufficient_history", "3.00", "3.75"]),
        # The finest value has left the window: so have its decimals.
        ("2.50 3 5", 2, ["insufficient_history", "2.75", "4"]),
        ("1 - 3 4", 2, ["insufficient_history", "input_missing", "input_missing", "3.5"]),
        ("1 >2 3 4", 2, ["insufficient_history", "not_determinable", "not_determinable", "3.5"]),
        # The nearest reason is the one that is told.
        ("- >2 3", 3, ["input_missing", "not_determinable", "not_determinable"]),
        ("7", 1, ["7"]),
    ],
)
def test_windows_by_hand(given_values: str, window: int, expected: list[str]) -> None:
    values = {}
    for year, text in enumerate(given_values.split(), start=2000):
        value = None if text == "-" else Decimal(text.removeprefix(">"))
        figure = MISSING if value is None else Figure(value)
        if value is not None and text.startswith(">"):
            figure = Figure(value, value, None)
        values[Period.parse(str(year))] = figure
    assert [said for _, said in told(rolled(values, window, "A"))] == expected


def test_sum_that_runs_along_loses_nothing() -> None:
    # Added one by one to 34 digits the small value would be gone for good.
    texts = ("1e30", "1e-12", "2e-12", "3e-12")
    values = {Period.parse(str(2000 + n)): Figure(Decimal(text)) for n, text in enumerate(texts)}
    last = rolled(values, 2, "A")[Period.parse("2003")].value
    assert last is not None
    assert Fraction(last) == Fraction(5, 2 * 10**12)


def test_window_costs_nothing() -> None:
    start = date(2000, 1, 1).toordinal()
    values = {
        Period.parse(date.fromordinal(start + n).isoformat()): Figure(Decimal(n))
        for n in range(2_000)
    }
    asked = 0
    previous = type(calendar_of(values)).previous

    def counted(*args: object) -> Period | None:
        nonlocal asked
        asked += 1
        return previous(*args)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(type(calendar_of(values)), "previous", counted)
        means = rolled(values, 365, "D")
    assert asked == 0
    last = list(means)[-1]
    assert means[last].value == Decimal(1999 - 182)
