"""What a formula may add, average and state, by natures and units."""

import pytest

from metrics.stats.formula import FormulaError, parse_formula
from metrics.stats.formula_meaning import check_meaning
from metrics.stats.natures import NATURES, Nature
from metrics.stats.quantities import Quantity, UnitKind


def q(name: str, nature: str, unit: str, kind: str) -> Quantity:
    return Quantity(name, Nature(nature), unit, UnitKind(kind), unit)


INPUTS = {
    one.name: one
    for one in (
        q("users", "stock", "person", "count"),
        q("staff", "stock", "person", "count"),
        q("sales", "flow", "CNY", "currency"),
        q("costs", "flow", "CNY", "currency"),
        q("abroad", "flow", "USD", "currency"),
        q("loans", "cumulative", "CNY", "currency"),
        q("visits", "period-average", "person", "count"),
        q("rate", "ratio", "percent", "percent"),
        q("other", "ratio", "percent", "percent"),
        q("gain", "ratio", "pp", "points"),
        q("growth", "ratio", "growth", "growth"),
        q("multiple", "ratio", "times", "times"),
        q("price", "index", "index", "index"),
        q("place", "rank", "rank", "rank"),
    )
}


def checked(text: str, nature: str, unit: str, kind: str) -> tuple[str, int] | None:
    try:
        check_meaning(parse_formula(text), INPUTS, q("output", nature, unit, kind))
    except FormulaError as error:
        return error.code, error.position
    return None


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("users", "stock person count"),
        ("-users + 5", "stock person count"),
        ("users - users[-1]", "flow person count"),
        ("users - users[-1]", "stock person count"),
        ("users + staff", "stock person count"),
        ("mean(users, users[-1])", "stock person count"),
        ("mean(users, users[-1])", "period-average person count"),
        ("sales + sales[-1] + sales[-2]", "flow CNY currency"),
        ("sum(sales, costs)", "flow CNY currency"),
        ("sales - costs", "flow CNY currency"),
        ("loans[-1] + sales - costs", "cumulative CNY currency"),
        ("sales / users", "ratio CNY currency"),
        ("sales / users", "flow CNY currency"),
        ("sales / mean(users, users[-1])", "ratio times times"),
        ("100 * sales / costs", "ratio percent percent"),
        ("100 * (users - users[-1]) / users[-1]", "ratio growth growth"),
        ("100 * sales / sales[-1y]", "index index index"),
        ("sales / 6.9", "flow USD currency"),
        ("sales * rate / 100", "flow CNY currency"),
        ("users / (1 + growth / 100)", "stock person count"),
        ("rate - other", "ratio pp points"),
        ("rate - rate[-1]", "ratio pp points"),
        ("rate + gain", "ratio percent percent"),
        ("rate - gain", "ratio percent percent"),
        ("100 - rate", "ratio percent percent"),
        ("mean(rate, other)", "ratio percent percent"),
        ("max(rate, other)", "ratio percent percent"),
        ("0.4 * rate + 0.6 * other", "ratio percent percent"),
        ("abs(place - place[-1])", "rank rank rank"),
        ("price / price[-1]", "ratio times times"),
        ("users / users", "ratio times times"),
        ("users * sales", "flow person-CNY count"),
    ],
)
def test_formula_that_makes_sense_is_taken(text: str, output: str) -> None:
    assert checked(text, *output.split()) is None


@pytest.mark.parametrize(
    ("text", "output", "expected"),
    [
        ("users + sales", "stock person count", ("units", 9)),
        ("sales - abroad", "flow CNY currency", ("units", 9)),
        ("max(users, sales)", "stock person count", ("units", 12)),
        ("mean(sales, abroad)", "flow CNY currency", ("units", 13)),
        ("rate + multiple", "ratio percent percent", ("units", 8)),
        ("sales / users + sales", "ratio CNY currency", ("units", 17)),
        ("users + users[-1]", "stock person count", ("over-time", 9)),
        ("sum(users, users[-1y])", "stock person count", ("over-time", 12)),
        ("visits + visits[-1]", "period-average person count", ("over-time", 10)),
        ("loans + loans[-1]", "cumulative CNY currency", ("over-time", 9)),
        ("mean(loans, loans[-1])", "cumulative CNY currency", ("over-time", 13)),
        ("mean(place, place[-1])", "rank rank rank", ("over-time", 13)),
        ("rate + rate[-1]", "ratio percent percent", ("over-time", 8)),
        ("rate + other", "ratio percent percent", ("not-summable", 1)),
        ("sum(rate, other)", "ratio percent percent", ("not-summable", 5)),
        ("growth + rate", "ratio percent percent", ("units", 10)),
        ("sales", "flow USD currency", ("output-unit", 0)),
        ("sales * costs", "flow CNY currency", ("output-unit", 0)),
        ("sales * users", "flow CNY currency", ("output-unit", 0)),
        ("users / sales", "flow CNY currency", ("output-unit", 0)),
        ("users * sales", "ratio times times", ("output-unit", 0)),
        ("sales - costs", "flow person count", ("output-unit", 0)),
        ("rate - other", "ratio percent percent", ("output-unit", 0)),
        ("sales / users", "ratio percent percent", ("output-unit", 0)),
        ("sales / costs", "ratio CNY currency", ("output-unit", 0)),
        ("sales / costs", "rank rank rank", ("output-unit", 0)),
        ("sales / 60", "flow hour duration", ("output-unit", 0)),
        ("users", "flow person count", ("output-nature", 0)),
        ("sales - sales[-1]", "stock CNY currency", ("output-nature", 0)),
        ("sales / users", "stock CNY currency", ("output-nature", 0)),
    ],
)
def test_formula_without_meaning_is_refused_with_the_place(
    text: str, output: str, expected: tuple[str, int]
) -> None:
    assert checked(text, *output.split()) == expected


@pytest.mark.parametrize("nature", list(Nature))
@pytest.mark.parametrize(("what", "aggregation"), [("x + x[-1]", "sum"), ("mean(x, x[-1])", "avg")])
def test_values_of_several_periods_follow_the_table_of_natures(
    nature: Nature, what: str, aggregation: str
) -> None:
    quantity = Quantity("x", nature, "unit", UnitKind.COUNT, "unit")
    allowed = aggregation in NATURES[nature].aggregations
    if allowed:
        check_meaning(parse_formula(what), {"x": quantity}, quantity)
    else:
        with pytest.raises(FormulaError, match=f"{nature}: values of several periods are not"):
            check_meaning(parse_formula(what), {"x": quantity}, quantity)


def test_message_names_units_and_natures() -> None:
    with pytest.raises(FormulaError, match="the result is in CNY / person and the output in %"):
        check_meaning(parse_formula("sales / users"), INPUTS, q("output", "ratio", "%", "percent"))
    with pytest.raises(FormulaError, match="the result is flow, index, ratio and the output stock"):
        check_meaning(
            parse_formula("sales / users"), INPUTS, q("output", "stock", "CNY", "currency")
        )


def test_predicate_is_no_value() -> None:
    with pytest.raises(ValueError, match="expected no comparison"):
        check_meaning(parse_formula("users > 1"), INPUTS, INPUTS["users"])
