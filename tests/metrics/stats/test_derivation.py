"""How rules of the kinds formula and peer index make their outputs, by hand and by property."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import Figure
from metrics.stats.derivation import Outputs, derive
from metrics.stats.periods import Period
from metrics.stats.wording import Qualifier

OUT = 9
NO_HISTORY = "insufficient_history"
AMOUNTS = st.decimals("0.01", "1e9", places=2)


def values(dated: str) -> dict[Period, Figure]:
    """Read ``2017=90 2018=110``; ``2018=-`` is a missing value."""
    made = {}
    for item in dated.split():
        code, number = item.split("=")
        known = number != "-"
        figure = Figure.stated(Decimal(number)) if known else Figure.missing("not_reported")
        made[Period.parse(code)] = figure
    return made


def formula(text: str, **inputs: str) -> dict[str, str]:
    """The output by period code: the value, or why there is none."""
    roles = {name: [number] for number, name in enumerate(inputs)}
    panel = {number: values(dated) for number, dated in enumerate(inputs.values())}
    made = derive("formula", {OUT: roles}, panel, definition={"formula": text})
    return shown(made)[OUT]


def shown(made: Outputs) -> dict[int, dict[str, str]]:
    return {
        pk: {
            p.code: f.null_reason or f"{round(f.value or Decimal(0), 9).normalize():f}"
            for p, f in cells.items()
        }
        for pk, cells in made.items()
    }


@pytest.mark.parametrize(
    ("text", "inputs", "expected"),
    [
        ("a / b", {"a": "2017=6 2018=8", "b": "2018=2"}, {"2017": "input_missing", "2018": "4"}),
        ("a - a[-1]", {"a": "2016=1 2018=9"}, {"2016": NO_HISTORY, "2018": NO_HISTORY}),
        ("a - a[-1]", {"a": "2017=1 2018=9"}, {"2017": NO_HISTORY, "2018": "8"}),
        ("a[-1] + b", {"a": "2017=1", "b": "2018=5"}, {"2018": "6"}),
        ("a[-1]", {"a": "2017=1 2018=2"}, {"2018": "1", "2019": "2"}),
        ("a[-2y] * 2", {"a": "2017-03=1"}, {"2019-03": "2"}),
        ("a[-1]", {"a": "undated=1"}, {}),
        ("a * 2", {"a": "undated=1 2007/2018=3"}, {"undated": "2", "2007/2018": "6"}),
        ("a + b", {"a": "2018=-", "b": "2018=1 2017=1"}, {"2018": "input_missing"}),
        ("100 / a", {"a": "2018=0"}, {"2018": "base_zero"}),
        ("mean(a, b) - min(a, b)", {"a": "2018=4", "b": "2018=8"}, {"2018": "2"}),
    ],
)  # fmt: skip
def test_formula_has_a_cell_for_each_period_of_its_leading_input(
    text: str, inputs: dict[str, str], expected: dict[str, str]
) -> None:
    assert formula(text, **inputs) == expected


def test_formula_of_some_periods_makes_no_others() -> None:
    panel = {0: values("2016=1 2017=2 2018=3")}
    wanted = [Period.parse("2017")]
    made = derive("formula", {OUT: {"a": [0]}}, panel, definition={"formula": "a"}, periods=wanted)
    assert shown(made) == {OUT: {"2017": "2"}}


def peers(*dated: str, periods: list[Period] | None = None) -> dict[int, dict[str, str]]:
    """Outputs 100, 101, … of the members 0, 1, …"""
    edges = {100 + number: {"part": [number]} for number in range(len(dated))}
    panel = {number: values(text) for number, text in enumerate(dated)}
    return shown(derive("peer-index", edges, panel, definition={}, periods=periods))


def test_peer_index_is_of_the_members_that_have_a_value() -> None:
    assert peers("2017=5 2018=50", "2018=100", "2018=150 2019=-") == {
        100: {"2017": "input_missing", "2018": "50"},
        101: {"2018": "100"},
        102: {"2018": "150", "2019": "input_missing"},
    }


def test_peer_index_of_touched_periods_leaves_the_others() -> None:
    made = peers("2017=10 2018=10", "2017=30 2018=10", periods=[Period.parse("2017")])
    assert made == {100: {"2017": "50"}, 101: {"2017": "150"}}


@given(st.lists(AMOUNTS, min_size=2, max_size=6), st.decimals("0.5", "2", places=1))
def test_scaled_members_keep_their_peer_index(numbers: list[Decimal], factor: Decimal) -> None:
    plain, scaled = indexes(numbers), indexes([number * factor for number in numbers])
    assert scaled == pytest.approx(plain, rel=Decimal("1e-25"))


@given(st.lists(AMOUNTS, min_size=2, max_size=6))
def test_order_of_members_does_not_matter(numbers: list[Decimal]) -> None:
    assert indexes(numbers) == pytest.approx(indexes(numbers[::-1])[::-1], rel=Decimal("1e-25"))


@given(st.lists(AMOUNTS, min_size=2, max_size=6))
def test_peer_indexes_average_to_a_hundred(numbers: list[Decimal]) -> None:
    made = indexes(numbers)
    assert sum(made) / len(made) == pytest.approx(Decimal(100), rel=Decimal("1e-25"))


def indexes(numbers: list[Decimal]) -> list[Decimal]:
    edges = {100 + number: {"part": [number]} for number in range(len(numbers))}
    period = Period.parse("2018")
    panel = {n: {period: Figure.stated(value)} for n, value in enumerate(numbers)}
    made = derive("peer-index", edges, panel, definition={})
    return [cells[period].value or Decimal(0) for cells in made.values()]


@given(AMOUNTS, AMOUNTS, st.decimals("0", "0.5", places=2), st.decimals("-1", "1", places=2))
def test_bounds_of_a_formula_contain_what_the_inputs_allow(
    a: Decimal, b: Decimal, width: Decimal, place: Decimal
) -> None:
    period = Period.parse("2018")
    panel = {
        0: {period: Figure(a, a - width, a + width)},
        1: {period: Figure(b, b, b)},
    }
    edges = {OUT: {"a": [0], "b": [1]}}
    made = derive("formula", edges, panel, definition={"formula": "(a - b) * 2"})[OUT][period]
    actual = (a + width * place - b) * 2
    assert made.lower is not None
    assert made.upper is not None
    assert made.lower <= actual <= made.upper


@pytest.mark.parametrize(
    ("kind", "roles"),
    [("ratio", ("numerator", "denominator")), ("share", ("part", "whole"))],
)
def test_quotient_of_what_is_never_below_zero_is_bounded_by_its_definition(
    kind: str, roles: tuple[str, str]
) -> None:
    amount = Figure.stated(Decimal(870_000_000_000), Decimal(10_000_000_000))
    period = Period.parse("2018")
    panel = {0: {period: amount}, 1: {period: Figure.stated(Decimal(12), None, Qualifier.UNDER)}}
    edges = {OUT: {role: [number] for number, role in enumerate(roles)}}
    plain = derive(kind, edges, panel, definition={})[OUT][period]
    assert plain.null_reason == "not_determinable"
    told = derive(kind, edges, panel, definition={"nonnegative": True})[OUT][period]
    assert (told.qualifier, told.upper) == (Qualifier.OVER, None)
    assert told.value is not None
