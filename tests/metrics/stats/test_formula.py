from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import Figure
from metrics.stats.formula import (
    FormulaError,
    Reference,
    evaluate_formula,
    evaluate_predicate,
    names,
    parse_formula,
    references,
)
from metrics.stats.formula_syntax import Chain, Negative, Number
from metrics.stats.periods import Period
from metrics.stats.wording import Qualifier

NOW = Period.parse("2018-Q4")


def exact(value: str, resolution: str | None = None) -> Figure:
    return Figure.stated(Decimal(value), None if resolution is None else Decimal(resolution))


def over(value: str) -> Figure:
    return Figure.stated(Decimal(value), None, Qualifier.OVER)


def under(value: str) -> Figure:
    return Figure.stated(Decimal(value), None, Qualifier.UNDER)


def about(value: str) -> Figure:
    return Figure.stated(Decimal(value), None, Qualifier.ABOUT)


def missing(reason: str) -> Figure:
    return Figure.missing(reason)


INPUTS = {
    "a": {
        NOW: exact("110"),
        Period.parse("2018-Q3"): exact("100"),
        Period.parse("2018-Q2"): exact("90"),
        Period.parse("2017-Q4"): exact("88"),
    },
    "b": {NOW: exact("50")},
    "c": {NOW: exact("-4")},
    "zero": {NOW: exact("0")},
    "wide": {NOW: exact("10", "2")},
    "round_zero": {NOW: exact("1", "4")},
    "more": {NOW: over("120")},
    "less": {NOW: under("5")},
    "some": {NOW: about("100")},
    "gone": {NOW: missing("withdrawn"), Period.parse("2018-Q3"): missing("not_reported")},
    "empty": {},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", exact("7")),
        ("0.25", exact("0.25")),
        ("a", exact("110")),
        ("a + b - 1", exact("159")),
        ("a - b - 1", exact("59")),
        ("100 / 10 / 5 * 2", exact("4")),
        ("1 + 2 * 3", exact("7")),
        ("(1 + 2) * 3", exact("9")),
        ("-a + b", exact("-60")),
        ("--b", exact("50")),
        ("2 * -3", exact("-6")),
        ("a[-1]", exact("100")),
        ("a[-2]", exact("90")),
        ("a[-1y]", exact("88")),
        ("a[ -1 y ]".replace(" y", "y"), exact("88")),
        ("a[-0]", exact("110")),
        ("(a - a[-1]) / b", exact("0.2")),
        ("(a / a[-1y] - 1) * 100", exact("25")),
        ("min(a, b, 7)", exact("7")),
        ("max(a, b, 7)", exact("110")),
        ("abs(c)", exact("4")),
        ("sum(a, b)", exact("160")),
        ("mean(a, b, 20)", exact("60")),
        ("mean(a)", exact("110")),
        # Bounds.
        ("wide * 2", exact("20", "4")),
        ("wide * c", exact("-40", "8")),
        ("b - wide", exact("40", "2")),
        ("-wide", exact("-10", "2")),
        ("100 / (wide + 10)", Figure(Decimal(5), Decimal(100) / 21, Decimal(100) / 19)),
        ("abs(wide - 10)", Figure(Decimal(0), Decimal(0), Decimal(1))),
        ("abs(0 - wide)", exact("10", "2")),
        ("max(wide, 10)", Figure(Decimal(10), Decimal(10), Decimal(11))),
        ("min(wide, 10)", Figure(Decimal(10), Decimal(9), Decimal(10))),
        ("a / round_zero", about("110")),
        ("more + b", over("170")),
        ("more * 2", over("240")),
        ("more * c", under("-480")),
        ("-more", under("-120")),
        ("b - more", under("-70")),
        ("abs(more)", over("120")),
        ("abs(-more)", over("120")),
        ("abs(less)", missing("not_determinable")),
        ("max(more, b)", over("120")),
        ("min(more, b)", exact("50")),
        ("min(less, b)", under("5")),
        ("max(less, b)", exact("50")),
        ("more - more", missing("not_determinable")),
        ("more + less", missing("not_determinable")),
        ("some + b", about("150")),
        ("some * 2", about("200")),
        ("max(some, b)", about("100")),
        ("max(some, more)", missing("not_determinable")),
        ("abs(some)", about("100")),
        # Reasons, the first from left to right.
        ("gone", missing("input_missing")),
        ("empty", missing("input_missing")),
        ("gone[-1]", missing("input_missing")),
        ("b[-1]", missing("insufficient_history")),
        ("b[-1y] + gone", missing("insufficient_history")),
        ("gone + b[-1y]", missing("input_missing")),
        ("a / zero", missing("base_zero")),
        ("1 + max(2, a / zero)", missing("base_zero")),
        ("-(a / (b - 50))", missing("base_zero")),
    ],
)
def test_formula_gives_hand_computed_figure(text: str, expected: Figure) -> None:
    found = evaluate_formula(parse_formula(text), INPUTS, NOW)
    assert found.null_reason == expected.null_reason
    for side in ("value", "lower", "upper"):
        left, right = getattr(found, side), getattr(expected, side)
        assert (left is None) == (right is None)
        assert left is None or abs(left - right) < Decimal("1e-20")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("more > 100", True),
        ("more > 120", None),
        ("more >= 120", True),
        ("more < 120", False),
        ("more <= 100", False),
        ("more > 130", None),
        ("some > 100", None),
        ("some == 100", None),
        ("a > b", True),
        ("a < b", False),
        ("a >= 110", True),
        ("a <= 110", True),
        ("a > 110", False),
        ("a < 110", False),
        ("a == 110", True),
        ("a == 111", False),
        ("wide == 10", None),
        ("wide == 12", False),
        ("wide > 9", None),
        ("wide >= 9", True),
        ("wide <= 11", True),
        ("wide < 11", None),
        ("wide > 11", False),
        ("less < 6", True),
        ("less <= 5", True),
        ("less > 5", False),
        ("less > 4", None),
        ("a > a[-1]", True),
        ("a - a[-1] > a[-1] - a[-2]", False),
        ("gone > 1", None),
        ("a / zero > 1", None),
        ("max(a, b) == a", True),
    ],
)
def test_predicate_is_true_false_or_left_open_by_the_bounds(
    text: str, expected: bool | None
) -> None:
    formula = parse_formula(text)
    assert formula.is_predicate
    assert evaluate_predicate(formula, INPUTS, NOW) is expected


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("", 1, "expected a number, a name or '(', not the end"),
        ("  ", 3, "expected a number, a name or '('"),
        ("a +", 4, "expected a number, a name or '(', not the end"),
        ("a + * b", 5, "expected a number, a name or '(', not '*'"),
        ("a b", 3, "expected an operator, not 'b'"),
        ("2 a", 3, "expected an operator"),
        ("2a", 1, "unexpected '2'"),
        ("1.2.3", 1, "unexpected '1'"),
        (".5", 1, "unexpected '.'"),
        ("(a", 3, "expected ')', not the end"),
        ("a)", 2, "expected an operator, not ')'"),
        ("a % b", 3, "unexpected '%'"),
        ("a ** b", 4, "expected a number, a name or '('"),
        ("a = b", 3, "unexpected '='"),
        ("a; b", 2, "unexpected ';'"),
        ("a.b", 2, "unexpected '.'"),
        ("__import__", 1, "unexpected '_'"),
        ("收入 / a", 1, "unexpected '收'"),
        ("sin(a)", 1, "unknown function 'sin': expected min, max, abs, sum, mean"),
        ("1 + median(a)", 5, "unknown function 'median'"),
        ("min", 4, "expected '(' after 'min', not the end"),
        ("min()", 5, "expected a number, a name or '(', not ')'"),
        ("abs(a, b)", 9, "expected one argument of 'abs'"),
        ("min(a,)", 7, "expected a number"),
        ("a[1]", 2, "unexpected '['"),
        ("a[-1m]", 2, "unexpected '['"),
        ("a[-1000]", 2, "unexpected '['"),
        ("a [-1][-1]", 7, "expected an operator"),
        ("2[-1]", 2, "expected an operator"),
        ("(a)[-1]", 4, "expected an operator"),
        ("a > b > c", 7, "expected one comparison only, not '>'"),
        ("(a > b)", 4, "expected ')', not '>'"),
        ("a >", 4, "expected a number"),
        ("a" * 501, 501, "expected at most 500 characters"),
        ("(" * 21 + "a" + ")" * 21, 21, "expected at most 20 levels"),
        ("-" * 21 + "a", 21, "expected at most 20 levels"),
    ],
)
def test_unreadable_formula_names_the_place(text: str, position: int, message: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert (caught.value.position, message in caught.value.message) == (position, True)
    assert str(caught.value).startswith(f"character {position}: ")


def test_longest_and_deepest_formulas_are_read_and_computed() -> None:
    flat = parse_formula("+".join(["1"] * 250))
    assert evaluate_formula(flat, {}, NOW).value == 250
    deep = parse_formula("(" * 19 + "a" + ")" * 19)
    assert evaluate_formula(deep, INPUTS, NOW).value == 110


def test_names_and_references_are_those_written() -> None:
    formula = parse_formula("(a - a[-1]) / max(total, -b[-2y]) > c")
    assert names(formula) == {"a", "total", "b", "c"}
    assert references(formula) == (
        Reference("a"),
        Reference("a", periods_before=1),
        Reference("total"),
        Reference("b", years_before=2),
        Reference("c"),
    )
    assert names(parse_formula("1 + 2")) == frozenset()


def test_tree_is_small_and_equal_whatever_the_spaces() -> None:
    tree = parse_formula("1-2").tree
    assert tree == parse_formula(" ( 1\t-\n2 ) ").tree
    assert tree == Chain(Number(Decimal(1)), (("-", Number(Decimal(2))),))
    assert parse_formula("-x").tree == Negative(Reference("x"))


def test_name_without_input_says_which_there_are() -> None:
    with pytest.raises(ValueError, match="input 'x': expected one of a, b"):
        evaluate_formula(parse_formula("x"), {"b": {}, "a": {}}, NOW)
    with pytest.raises(ValueError, match="expected one of none"):
        evaluate_formula(parse_formula("x"), {}, NOW)


def test_formula_is_no_predicate_and_the_other_way_round() -> None:
    with pytest.raises(ValueError, match="expected no comparison"):
        evaluate_formula(parse_formula("a > b"), INPUTS, NOW)
    with pytest.raises(ValueError, match="expected a comparison"):
        evaluate_predicate(parse_formula("a - b"), INPUTS, NOW)


def test_span_has_no_earlier_period() -> None:
    span = Period.parse("2007/2018")
    inputs = {"a": {span: exact("4")}}
    assert evaluate_formula(parse_formula("a * 2"), inputs, span) == exact("8")
    for text in ("a[-1]", "a[-1y]"):
        found = evaluate_formula(parse_formula(text), inputs, span)
        assert found == missing("insufficient_history")


leaves = st.integers(0, 99).map(str) | st.sampled_from(["a", "b"])
formulas = st.recursive(
    leaves,
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*"), inner).map("({0[0]} {0[1]} {0[2]})".format)
        | inner.map("(-{})".format)
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"max({', '.join(parts)})")
    ),
    max_leaves=6,
).filter(lambda text: len(text) <= 500)


@given(formulas, st.integers(-50, 50), st.integers(-50, 50))
def test_exact_arithmetic_is_that_of_python(text: str, a: int, b: int) -> None:
    """Python evaluates the same text over fractions: precedence, signs and functions agree."""
    inputs = {"a": {NOW: exact(str(a))}, "b": {NOW: exact(str(b))}}
    formula = parse_formula(text)
    known = {"a": Fraction(a), "b": Fraction(b), "max": lambda *listed: max(listed)}
    expected = eval(text, {"__builtins__": {}}, known)  # noqa: S307 - text of our own strategy
    figure = evaluate_formula(formula, inputs, NOW)
    assert figure == Figure(*[Decimal(int(expected))] * 3)


@given(formulas, st.data())
def test_truth_within_the_inputs_lies_within_the_result(text: str, data: st.DataObject) -> None:
    figures = {name: exact(str(data.draw(st.integers(-50, 50))), "3") for name in "ab"}
    truths = {
        name: Figure.stated(data.draw(st.decimals(f.lower, f.upper, places=2)))
        for name, f in figures.items()
    }
    formula = parse_formula(text)
    whole, truth = (
        evaluate_formula(formula, {name: {NOW: figure} for name, figure in given.items()}, NOW)
        for given in (figures, truths)
    )
    assert None not in (whole.lower, whole.upper, truth.value)
    assert whole.lower <= truth.value <= whole.upper


@given(st.text(alphabet="ab01. ()+-*/<>=,[]yminmax_", max_size=40))
def test_any_text_is_read_or_refused_at_a_place_within_it(text: str) -> None:
    try:
        formula = parse_formula(text)
    except FormulaError as error:
        position = error.position
    else:
        position = len(text)
        assert names(formula) == {reference.name for reference in references(formula)}
    assert 1 <= position <= len(text) + 1


comparable = st.builds(
    Figure.stated,
    st.integers(-5, 5).map(Decimal),
    st.sampled_from([None, Decimal(1), Decimal(4)]),
    st.sampled_from(Qualifier),
)
OPPOSITES = ((">", "<="), ("<", ">="))


@given(comparable, comparable)
def test_comparisons_and_their_opposites_never_agree(first: Figure, second: Figure) -> None:
    inputs = {"a": {NOW: first}, "b": {NOW: second}}

    def told(operator: str) -> bool | None:
        return evaluate_predicate(parse_formula(f"a {operator} b"), inputs, NOW)

    for one, other in OPPOSITES:
        opposite = told(other)
        assert told(one) is (None if opposite is None else not opposite)
    if told("==") is True:
        assert told("<=") is told(">=") is True
    if told(">") is True or told("<") is True:
        assert told("==") is False


@given(comparable, comparable, st.data())
def test_verdict_of_a_predicate_holds_for_every_truth_within_the_bounds(
    first: Figure, second: Figure, data: st.DataObject
) -> None:
    truths = [
        data.draw(
            st.decimals(
                -20 if figure.lower is None else figure.lower,
                20 if figure.upper is None else figure.upper,
                places=1,
            )
        )
        for figure in (first, second)
    ]
    known = dict(zip("ab", map(Figure.stated, truths), strict=True))
    for operator in (">", ">=", "<", "<=", "=="):
        predicate = parse_formula(f"a {operator} b")
        verdict = evaluate_predicate(predicate, {"a": {NOW: first}, "b": {NOW: second}}, NOW)
        truth = evaluate_predicate(predicate, {n: {NOW: f} for n, f in known.items()}, NOW)
        assert truth is not None
        assert verdict in (None, truth)
