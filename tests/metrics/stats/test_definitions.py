from decimal import Decimal

import pytest

from metrics.stats.bounds import Figure
from metrics.stats.definitions import BREAK, Definitions, unless_break
from metrics.stats.periods import Frequency, Period
from metrics.stats.rules import difference, growth
from metrics.stats.transforms import apply

BEFORE, AFTER = Figure.stated(Decimal(3000)), Figure.stated(Decimal(3300))
MISSING = Figure.missing("not_reported")


@pytest.mark.parametrize(
    ("versions", "is_waived", "expected"),
    [
        ((1, 1), False, Figure.stated(Decimal(10))),
        ((2, 1), False, BREAK),
        ((2, 1), True, Figure.stated(Decimal(10))),
        ((2, None), False, BREAK),
    ],
)
def test_growth_across_a_redefinition_is_a_break_unless_waived(
    versions: tuple[int, int], is_waived: bool, expected: Figure
) -> None:
    assert unless_break(growth, AFTER, BEFORE, versions=versions, is_waived=is_waived) == expected


def test_missing_figure_is_told_before_the_break() -> None:
    for pair in ((MISSING, BEFORE), (AFTER, MISSING)):
        assert unless_break(difference, *pair, versions=(2, 1)) == Figure.missing("input_missing")


VERSIONS = {Period.parse(str(year)): 1 if year < 2017 else 2 for year in range(2014, 2020)}
VALUES = {
    period: Figure.stated(Decimal(100 + 10 * number))
    for number, period in enumerate(VERSIONS)
    if period.code != "2019"
}


def reasons(code: str, definitions: Definitions, **arguments: object) -> str:
    made = apply(
        code,
        VALUES,
        frequency=Frequency.ANNUAL,
        nature="stock",
        definitions=definitions,
        **arguments,
    )
    return " ".join(figure.null_reason or "ok" for figure in made.values())


NONE = "insufficient_history"


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
    assert reasons(code, Definitions(VERSIONS), **arguments) == expected
    unbroken = reasons(code, Definitions(VERSIONS, is_waived=True), **arguments)
    assert unbroken == reasons(code, Definitions(), **arguments)
    assert "break" not in unbroken


def test_base_that_is_not_there_is_told_before_the_break() -> None:
    values = {Period.parse("2018"): AFTER}
    versions = Definitions({Period.parse("2018"): 2})
    made = apply("pch", values, frequency=Frequency.ANNUAL, nature="stock", definitions=versions)
    assert made[Period.parse("2018")].null_reason == "insufficient_history"


def test_zero_base_of_another_definition_is_a_break() -> None:
    zero = Figure.stated(Decimal(0))
    assert unless_break(growth, AFTER, zero, versions=(2, 1)) == BREAK
    assert unless_break(growth, AFTER, zero, versions=(2, 2)) == Figure.missing("base_zero")
