from datetime import date
from decimal import Decimal

import pytest

from metrics.stats.aggregation import aggregate
from metrics.stats.bounds import Figure
from metrics.stats.breaks import BREAK, NO_BREAKS, Breaks, together
from metrics.stats.derivation import derive
from metrics.stats.periods import Frequency, Period
from metrics.stats.summaries import summarise
from metrics.stats.transforms import apply

AFTER = Figure.stated(Decimal(3300))
IN_2017 = Breaks((date(2017, 1, 1),))
NONE = "insufficient_history"


def levels(codes: str) -> dict[Period, Figure]:
    """100, 110, 120 … for the periods."""
    return {
        Period.parse(code): Figure.stated(Decimal(100 + 10 * number))
        for number, code in enumerate(codes.split())
    }


VALUES = levels("2014 2015 2016 2017 2018")


def told(made: dict[Period, Figure]) -> str:
    return " ".join(figure.null_reason or "ok" for figure in made.values())


@pytest.mark.parametrize(
    ("code", "arguments", "expected"),
    [
        ("lin", {}, "ok ok ok ok ok"),
        ("log", {}, "ok ok ok ok ok"),
        *((code, {}, f"{NONE} ok ok break ok") for code in ("chg", "ch1", "pch", "pc1")),
        *((code, {}, f"{NONE} ok ok break ok") for code in ("pca", "cch", "cca")),
        ("cagr", {}, f"{NONE} ok ok break break"),
        ("idx", {"index_base": Period.parse("2017")}, "break break break ok ok"),
        ("rm", {"window": 2}, f"{NONE} ok ok break ok"),
        ("rm", {"window": 3}, f"{NONE} {NONE} ok break break"),
    ],
)
def test_transform_tells_the_break_only_where_it_compares_across(
    code: str, arguments: dict[str, object], expected: str
) -> None:
    def reasons(breaks: Breaks) -> str:
        made = apply(
            code, VALUES, frequency=Frequency.ANNUAL, nature="stock", breaks=breaks, **arguments
        )
        return told(made)

    assert reasons(IN_2017) == expected
    assert "break" not in reasons(NO_BREAKS)


def test_base_that_is_not_there_is_told_before_the_break() -> None:
    values = {Period.parse("2018"): AFTER}
    breaks = Breaks((date(2018, 1, 1),))
    made = apply("pch", values, frequency=Frequency.ANNUAL, nature="stock", breaks=breaks)
    assert told(made) == NONE


@pytest.mark.parametrize("missing", ["2016", "2017"])
def test_missing_figure_is_told_before_the_break(missing: str) -> None:
    values = {**VALUES, Period.parse(missing): Figure.missing("not_reported")}
    made = apply("pch", values, frequency=Frequency.ANNUAL, nature="stock", breaks=IN_2017)
    assert made[Period.parse("2017")].null_reason == "input_missing"


def test_zero_base_of_another_definition_is_a_break() -> None:
    values = {**VALUES, Period.parse("2016"): Figure.stated(Decimal(0))}
    growth = {
        breaks: apply("pch", values, frequency=Frequency.ANNUAL, nature="stock", breaks=breaks)
        for breaks in (IN_2017, NO_BREAKS)
    }
    assert growth[IN_2017][Period.parse("2017")] == BREAK
    assert growth[NO_BREAKS][Period.parse("2017")].null_reason == "base_zero"


def test_period_is_measured_by_the_definition_of_its_last_day() -> None:
    breaks = Breaks((date(2017, 7, 1), date(2019, 1, 1)))
    parts = {code: breaks.part(Period.parse(code)) for code in ("2016", "2017", "2018", "2019")}
    assert parts == {"2016": 0, "2017": 1, "2018": 1, "2019": 2}
    assert [breaks.part(Period.parse(code)) for code in ("2017-Q2", "2017-Q3")] == [0, 1]


@pytest.mark.parametrize(
    ("method", "expected"),
    [("sum", "ok break ok"), ("avg", "ok break ok"), ("eop", "ok ok ok")],
)
def test_longer_period_is_not_made_of_parts_of_two_definitions(method: str, expected: str) -> None:
    quarters = levels(" ".join(f"{y}-Q{q}" for y in (2016, 2017, 2018) for q in range(1, 5)))
    nature = "stock" if method == "eop" else "flow"
    made = aggregate(
        quarters,
        source="Q",
        target="A",
        method="avg" if method == "avg" and nature == "flow" else method,
        nature="period-average" if method == "avg" else nature,
        breaks=Breaks((date(2017, 7, 1),)),
    )
    assert told(made) == expected


def test_incomplete_period_is_told_before_the_break() -> None:
    made = aggregate(
        levels("2017-Q1 2017-Q2 2017-Q3"),
        source="Q",
        target="A",
        method="sum",
        nature="flow",
        breaks=Breaks((date(2017, 7, 1),)),
    )
    assert told(made) == "incomplete_period"


def implied(breaks: dict[int, Breaks]) -> Figure:
    """The level of 2016, from that of 2017 and its growth."""
    panel = {
        1: {Period.parse("2017"): AFTER},
        2: {Period.parse("2017"): Figure.stated(Decimal(10))},
    }
    edges = {1: {"level": [1], "growth": [2]}}
    made = derive("implied-prior", edges, panel, definition={}, breaks=breaks)
    return made[1][Period.parse("2016")]


def test_prior_level_is_not_implied_across_a_redefinition() -> None:
    assert implied({1: IN_2017}) == BREAK
    assert implied({1: Breaks((date(2018, 1, 1),))}).value == 3000
    assert implied({2: IN_2017}).value == 3000  # growth is stated by whoever redefined it
    assert implied({}).value == 3000


def formula(text: str, breaks: dict[int, Breaks]) -> str:
    edges = {9: {"a": [1]}}
    definition = {"formula": text}
    return told(derive("formula", edges, {1: VALUES}, definition=definition, breaks=breaks)[9])


def test_formula_takes_no_earlier_period_of_another_definition() -> None:
    assert formula("a - a[-1]", {1: IN_2017}) == f"{NONE} ok ok break ok"
    assert formula("a - a[-1]", {}) == f"{NONE} ok ok ok ok"
    assert formula("a * 2", {1: IN_2017}) == "ok ok ok ok ok"


def test_summary_compares_within_one_definition() -> None:
    summary = summarise(VALUES, Frequency.ANNUAL, "stock", Breaks((date(2018, 1, 1),)))
    compared = (summary.change, summary.year_on_year, summary.cagr, summary.mean)
    assert [figure.null_reason for figure in compared] == ["break"] * 4
    assert summary.latest.value == 140
    assert summary.previous.value == 130
    assert (summary.minimum.value, summary.maximum.value) == (100, 140)


def test_volatility_leaves_out_the_change_across_a_redefinition() -> None:
    before = {period: VALUES[period] for period in list(VALUES)[:4]}
    broken = summarise(VALUES, Frequency.ANNUAL, "stock", Breaks((date(2018, 1, 1),)))
    assert broken.volatility == summarise(before, Frequency.ANNUAL, "stock").volatility
    assert broken.volatility != summarise(VALUES, Frequency.ANNUAL, "stock").volatility


def test_summary_within_the_new_definition_has_its_change() -> None:
    summary = summarise(VALUES, Frequency.ANNUAL, "stock", IN_2017)
    assert summary.change.value == 10
    assert summary.cagr == BREAK


def test_what_is_computed_from_several_series_breaks_where_any_does() -> None:
    both = together([IN_2017, Breaks((date(2015, 1, 1), date(2017, 1, 1))), NO_BREAKS])
    assert both == Breaks((date(2015, 1, 1), date(2017, 1, 1)))
    assert together([]) == NO_BREAKS
