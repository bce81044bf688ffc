"""Base periods of an index that are longer than the periods of the series: their average is 100."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from metrics.stats.bounds import Figure
from metrics.stats.breaks import NO_BREAKS, Breaks
from metrics.stats.periods import Frequency, Period
from metrics.stats.transforms import TransformError, apply
from metrics.stats.wording import Qualifier

QUARTERS = "2015-Q1=1 2015-Q2=2 2015-Q3=3 2015-Q4=6 2016-Q1=9 2016-Q2=-"


def series(text: str) -> dict[Period, Figure]:
    pairs = (item.split("=") for item in text.split())
    return {
        Period.parse(code): Figure.missing("not_reported")
        if value == "-"
        else Figure.stated(Decimal(value))
        for code, value in pairs
    }


def index(
    text: str, base: str, frequency: str = "Q", nature: str = "index", breaks: Breaks = NO_BREAKS
) -> list[str]:
    made: Mapping[Period, Figure] = apply(
        "idx",
        series(text),
        frequency=Frequency(frequency),
        nature=nature,
        index_base=Period.parse(base),
        breaks=breaks,
    )
    return [told(figure) for figure in made.values()]


def told(figure: Figure) -> str:
    return (
        figure.null_reason
        if figure.value is None
        else format(round(figure.value, 12).normalize(), "f")
    )


def test_base_year_of_quarters_is_their_average() -> None:
    """(1 + 2 + 3 + 6) / 4 = 3 is 100."""
    expected = "33.333333333333 66.666666666667 100 200 300 input_missing"
    assert " ".join(index(QUARTERS, "2015")) == expected


@pytest.mark.parametrize(
    ("text", "base", "frequency", "first"),
    [
        (QUARTERS, "2015-S1", "Q", "66.666666666667"),
        (QUARTERS, "2015-Q2", "Q", "50"),
        (QUARTERS, "2015-Q1/2015-Q3", "Q", "50"),
        (QUARTERS, "2015-01/2015-09", "Q", "50"),
        ("1982=96 1983=100 1984=104 1990=130", "1982/1984", "A", "96"),
        ("2018-W49=1 2018-W50=2 2018-W51=3 2018-W52=4 2018-W48=5", "2018-12", "W",
         "33.333333333333"),
    ],
)  # fmt: skip
def test_base_may_be_any_longer_period_that_cuts_through_none(
    text: str, base: str, frequency: str, first: str
) -> None:
    assert index(text, base, frequency)[0] == first


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        (QUARTERS, "2014", "insufficient_history"),  # no quarter of it is there
        (QUARTERS, "2016", "incomplete_period"),  # one is there, one without a value, two are not
        ("2014-Q4=1 2015-Q1=0 2015-Q2=0 2015-Q3=0 2015-Q4=0", "2015", "base_zero"),
        ("2014-Q4=1 2015-Q1=-1 2015-Q2=-1 2015-Q3=-1 2015-Q4=-1", "2015", "sign_change"),
    ],
)
def test_base_without_an_average_makes_every_value_null_with_its_reason(
    text: str, base: str, expected: str
) -> None:
    assert index(text, base)[0] == expected


def test_break_within_the_base_or_after_it_is_a_break() -> None:
    within, after = Breaks((date(2015, 7, 1),)), Breaks((date(2016, 1, 1),))
    assert set(index(QUARTERS, "2015", breaks=within)) == {"break"}
    assert index(QUARTERS, "2015", breaks=after)[3:] == ["200", "break", "input_missing"]


def test_one_sided_part_of_the_base_leaves_the_index_open() -> None:
    values = series(QUARTERS)
    values[Period.parse("2015-Q1")] = Figure.stated(Decimal(1), None, Qualifier.OVER)
    base = Period.parse("2015")
    made = apply("idx", values, frequency=Frequency.QUARTER, nature="index", index_base=base)
    assert made[Period.parse("2015-Q4")].null_reason == "not_determinable"


@pytest.mark.parametrize(
    ("base", "frequency"),
    [
        ("2018-12", "Q"),  # shorter
        ("2018-12", "A"),
        ("2018-03/2019-02", "A"),  # cuts through two years
        ("2018-W05", "M"),
        ("2018-01-01/2018-01-03", "W"),
        ("2016/", "A"),
        ("undated", "Q"),
        ("1000/9999", "M"),  # more periods than anyone averages
    ],
)
def test_base_that_is_not_made_of_the_periods_is_refused(base: str, frequency: str) -> None:
    match = f"expected index_base, a period of frequency {frequency} or a longer one made of"
    with pytest.raises(TransformError, match=match):
        index("", base, frequency)


def test_nature_that_is_not_averaged_takes_a_base_of_one_period_only() -> None:
    assert index(QUARTERS, "2015-Q2", nature="cumulative")[0] == "50"
    with pytest.raises(TransformError, match="nature cumulative is not averaged, expected a per"):
        index(QUARTERS, "2015", nature="cumulative")
