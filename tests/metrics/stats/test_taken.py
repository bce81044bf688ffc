"""The periods that lineage names are those that a value is computed from: all, and no others."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.aggregation import Aggregation, aggregate
from metrics.stats.bounds import Figure
from metrics.stats.periods import Frequency, Period
from metrics.stats.taken import taken_by_aggregation, taken_by_transform
from metrics.stats.transforms import Transform, apply

QUARTERS = [Period.parse(f"{year}-Q{n}") for year in (2016, 2017, 2018) for n in range(1, 5)]
ARGUMENTS: dict[str, Any] = {
    "index_base": Period.parse("2016"),
    "window": 3,
    "span_start": Period.parse("2016-Q2"),
}
Figures = dict[Period, Figure]


def numbered(periods: list[Period]) -> Figures:
    return {p: Figure.stated(Decimal(100 + 7 * n + n * n)) for n, p in enumerate(periods)}


def working_days() -> Figures:
    """July and August 2024, Mondays to Fridays, with a holiday that is listed as one."""
    listed = [date(2024, 7, 1) + timedelta(n) for n in range(62)]
    values = numbered([Period.parse(str(one)) for one in listed if one.weekday() < 5])
    return values | {Period.parse("2024-07-04"): Figure.missing("not_reported")}


def transformed(code: str, values: Figures, frequency: Frequency, **given: Any) -> Figures:
    return apply(code, values, frequency=frequency, nature="stock", **given)


def taken(
    code: str, period: Period, values: Figures, frequency: Frequency, **given: Any
) -> set[Period]:
    pairs = taken_by_transform(code, period, values, frequency=frequency, **given)
    return {one for _, one in pairs}


def changed(values: Figures, which: set[Period]) -> Figures:
    """The same series with other values in those periods; what is missing stays so."""
    moved = Decimal("3.25")
    return {
        period: Figure.stated(figure.value + moved)
        if period in which and figure.value is not None
        else figure
        for period, figure in values.items()
    }


@pytest.mark.parametrize("code", Transform)
def test_value_depends_on_what_is_taken_and_on_nothing_else(code: str) -> None:
    values = numbered(QUARTERS)
    period = QUARTERS[-2]
    named = taken(code, period, values, Frequency.QUARTER, **ARGUMENTS)
    before = transformed(code, values, Frequency.QUARTER, **ARGUMENTS)[period]
    assert before.value is not None
    others = changed(values, set(values) - named)
    assert transformed(code, others, Frequency.QUARTER, **ARGUMENTS)[period] == before
    for one in named:
        other = changed(values, {one})
        assert transformed(code, other, Frequency.QUARTER, **ARGUMENTS)[period] != before, one


@pytest.mark.parametrize("code", Transform)
@given(kept=st.sets(st.sampled_from(QUARTERS), min_size=1), at=st.integers(0, 11))
def test_value_is_the_same_from_what_is_taken_alone(code: str, kept: set[Period], at: int) -> None:
    """With gaps too: whatever is named and not there is why there is no value."""
    values = {period: f for period, f in numbered(QUARTERS).items() if period in kept}
    period = QUARTERS[at]
    if period not in values:
        return
    named = taken(code, period, values, Frequency.QUARTER, **ARGUMENTS)
    alone = {one: figure for one, figure in values.items() if one in named}
    whole = transformed(code, values, Frequency.QUARTER, **ARGUMENTS)[period]
    assert transformed(code, alone, Frequency.QUARTER, **ARGUMENTS)[period] == whole


@pytest.mark.parametrize("code", ["chg", "pch", "pca", "cch", "cca", "rm"])
def test_working_days_name_the_days_they_take(code: str) -> None:
    """Monday 5 August takes Friday the 2nd."""
    values, monday = working_days(), Period.parse("2024-08-05")
    named = taken(code, monday, values, Frequency.DAY, window=2)
    assert named == {monday, Period.parse("2024-08-02")}
    before = transformed(code, values, Frequency.DAY, window=2)[monday]
    others = changed(values, set(values) - named)
    assert transformed(code, others, Frequency.DAY, window=2)[monday] == before


@pytest.mark.parametrize("method", Aggregation)
@pytest.mark.parametrize("is_daily", [False, True])
def test_aggregate_depends_on_its_parts_and_on_nothing_else(method: str, *, is_daily: bool) -> None:
    values = working_days() if is_daily else numbered(QUARTERS)
    source, target = ("D", "M") if is_daily else ("Q", "A")
    period = Period.parse("2024-07" if is_daily else "2017")
    nature = "flow" if method == "sum" else "index"

    def made(of: Figures) -> Figure:
        return aggregate(of, source=source, target=target, method=method, nature=nature)[period]

    pairs = taken_by_aggregation(method, period, values, frequency=Frequency(source))
    named = {one for _, one in pairs}
    before = made(values)
    assert before.value is not None
    assert made(changed(values, set(values) - named)) == before
    for one in named:
        assert made(changed(values, {one})) != before, one
    expected = 1 if method == "eop" else 22 if is_daily else 4
    assert len(pairs) == expected


def test_month_of_holidays_names_them_as_the_reason() -> None:
    values = working_days()
    august = [p for p in values if str(p).startswith("2024-08")]
    values |= dict.fromkeys(august, Figure.missing("not_reported"))
    period = Period.parse("2024-08")
    pairs = taken_by_aggregation("avg", period, values, frequency=Frequency.DAY)
    assert [one for _, one in pairs] == sorted(august)


def test_base_year_of_an_index_names_each_of_its_parts() -> None:
    pairs = taken_by_transform(
        "idx", QUARTERS[-1], numbered(QUARTERS), frequency=Frequency.QUARTER,
        index_base=Period.parse("2016"),
    )  # fmt: skip
    assert [f"{role} {one}" for role, one in pairs] == [
        "value 2018-Q4", "base 2016-Q1", "base 2016-Q2", "base 2016-Q3", "base 2016-Q4"
    ]  # fmt: skip
