"""Bounds hold: whatever is true within the intervals of the inputs, the true result lies within
the interval of the result, for every rule, every transform with bounds and every aggregation.

True values are fractions, computed without rounding. Our bounds are rounded at 34 digits like every
value (bounds.CONTEXT), so a comparison allows for one unit of the last few of them.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from metrics.stats.aggregation import aggregate
from metrics.stats.bounds import Figure
from metrics.stats.formula import evaluate_formula, names, parse_formula
from metrics.stats.members import peer_index, rank_of, sum_of
from metrics.stats.periods import Frequency, Period
from metrics.stats.rules import (
    difference,
    growth,
    implied_prior,
    implied_prior_points,
    ratio,
    share_of_total,
)
from metrics.stats.transforms import WITH_BOUNDS, apply

Known = tuple[Fraction, Figure]  # what is true, and what is known of it
YEAR = Period.parse("2018")
ALLOWED = Fraction(1, 10**28)


@st.composite
def known(draw: st.DrawFn, low: int = -50, high: int = 50) -> Known:
    """A true value and a figure that holds for it: exact, over, under or about."""
    true = draw(st.decimals(low, high, places=1))
    below, above = (draw(st.decimals(0, 20, places=1)) for _ in range(2))
    lower, upper = true - below, true + above
    match draw(st.sampled_from(["exact", "exact", "over", "under", "about"])):
        case "over":
            return Fraction(true), Figure(lower, lower, None)
        case "under":
            return Fraction(true), Figure(upper, None, upper)
        case "about":
            return Fraction(true), Figure(lower)
    return Fraction(true), Figure(draw(st.sampled_from([lower, true, upper])), lower, upper)


anything = known()
# Nobody states a negative value of what cannot be negative; how far it may lie below, they may.
not_negative = known(0).filter(lambda one: one[1].value is not None and one[1].value >= 0)


def assert_holds(figure: Figure, true: Fraction) -> None:
    """The interval holds the true result, and the value unless that is missing."""
    if figure.value is None:
        return
    allowed = ALLOWED * (1 + abs(true))
    for inside in (true, Fraction(figure.value)):
        assert figure.lower is None or Fraction(figure.lower) - allowed <= inside
        assert figure.upper is None or inside <= Fraction(figure.upper) + allowed


Rule = Callable[[Figure, Figure], Figure]
Truth = Callable[[Fraction, Fraction], Fraction]
RULES: Mapping[str, tuple[Rule, Truth]] = {
    "ratio": (ratio, lambda x, y: x / y),
    "share": (share_of_total, lambda x, y: 100 * x / y),
    "difference": (difference, lambda x, y: x - y),
    "growth": (growth, lambda x, y: 100 * (x / y - 1)),
    "implied-prior": (implied_prior, lambda x, y: x / (1 + y / 100)),
    "implied-prior-points": (implied_prior_points, lambda x, y: x - y),
    "sum": (lambda x, y: sum_of([x, y]), lambda x, y: x + y),
}


@pytest.mark.parametrize("rule", RULES)
@given(first=anything, second=anything)
def test_rule_of_two_holds_for_what_is_true(rule: str, first: Known, second: Known) -> None:
    compute, truth = RULES[rule]
    try:
        true = truth(first[0], second[0])
    except ZeroDivisionError:
        return
    assert_holds(compute(first[1], second[1]), true)


@pytest.mark.parametrize("rule", [ratio, share_of_total, growth])
@given(first=not_negative, second=not_negative)
def test_quotient_of_what_cannot_be_negative_holds_for_what_is_true(
    rule: Callable[..., Figure], first: Known, second: Known
) -> None:
    assume(second[0] != 0)
    quotient = first[0] / second[0]
    true = {"ratio": quotient, "share_of_total": 100 * quotient, "growth": 100 * quotient - 100}
    assert_holds(rule(first[1], second[1], nonnegative=True), true[rule.__name__])


@given(not_negative, st.data())
def test_share_of_a_whole_that_contains_the_part_holds(part: Known, data: st.DataObject) -> None:
    """The rule takes the two for independent: wider than need be, and never too narrow."""
    rest = data.draw(not_negative)
    assume(part[0] + rest[0] != 0)
    share = share_of_total(part[1], sum_of([part[1], rest[1]]))
    assert_holds(share, 100 * part[0] / (part[0] + rest[0]))
    if part[0]:
        assert_holds(share_of_total(part[1], part[1]), Fraction(100))


members = st.lists(anything, min_size=2, max_size=5)


@given(members)
def test_rank_holds_for_what_is_true(group: Sequence[Known]) -> None:
    ranks = rank_of(dict(enumerate(figure for _, figure in group)))
    for i, (true, _) in enumerate(group):
        place = 1 + sum(other > true for other, _ in group)
        figure = ranks[i]
        assert figure.lower is not None
        assert figure.upper is not None
        assert figure.lower <= place <= figure.upper


@given(members)
def test_peer_index_holds_for_what_is_true(group: Sequence[Known]) -> None:
    mean = sum((true for true, _ in group), Fraction(0)) / len(group)
    assume(mean != 0)
    indexes = peer_index(dict(enumerate(figure for _, figure in group)))
    for i, (true, _) in enumerate(group):
        assert_holds(indexes[i], 100 * true / mean)


FORMULAS = [
    "a - a",
    "a / a",
    "a * a - b",
    "(a - b) / (a + b)",
    "100 * (a / b - 1)",
    "-a * -b + 3",
    "abs(a - b) * c",
    "abs(a) / b",
    "min(a, b, c) - max(b, c)",
    "mean(a, b, c) - sum(a, c)",
    "max(a, 0) * min(b, 10)",
    "(a + b) / 2 - c * 0.5",
]


@pytest.mark.parametrize("text", FORMULAS)
@given(a=anything, b=anything, c=anything)
def test_formula_holds_for_what_is_true(text: str, a: Known, b: Known, c: Known) -> None:
    """A name that occurs twice counts as two: a - a is not 0 but within the rounding of a."""
    given_names = {"a": a, "b": b, "c": c}
    formula = parse_formula(text)
    inputs = {name: {YEAR: given_names[name][1]} for name in names(formula)}
    code = compile(text.replace("0.5", "half"), "formula", "eval")
    words = {
        "abs": abs,
        "min": min,
        "max": max,
        "half": Fraction(1, 2),
        "sum": lambda *terms: sum(terms),
        "mean": lambda *terms: sum(terms) / len(terms),
    }
    try:
        true = eval(code, words, {name: one[0] for name, one in given_names.items()})  # noqa: S307
    except ZeroDivisionError:
        return
    assert_holds(evaluate_formula(formula, inputs, YEAR), true)


CHANGES: Mapping[str, Truth] = {
    "lin": lambda x, y: x,
    "chg": RULES["difference"][1],
    "ch1": RULES["difference"][1],
    "pch": RULES["growth"][1],
    "pc1": RULES["growth"][1],
}


@pytest.mark.parametrize("code", sorted(WITH_BOUNDS))
@pytest.mark.parametrize("frequency", ["A", "M"])
@given(prior=anything, current=anything)
def test_transform_holds_for_what_is_true(
    code: str, frequency: str, prior: Known, current: Known
) -> None:
    last = Period.containing(YEAR.end, Frequency(frequency)) if YEAR.end else YEAR
    base = last.previous() if code in ("chg", "pch") else last.year_ago()
    assert base is not None
    values = {base: prior[1], last: current[1]}
    made = apply(code, values, frequency=Frequency(frequency), nature="flow")[last]
    try:
        assert_holds(made, CHANGES[code](current[0], prior[0]))
    except ZeroDivisionError:
        return


TRUE_AGGREGATES: Mapping[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "avg": lambda parts: sum(parts, Fraction(0)) / len(parts),
    "sum": lambda parts: sum(parts, Fraction(0)),
    "eop": lambda parts: parts[-1],
}


@pytest.mark.parametrize(("method", "nature"), [("avg", "flow"), ("sum", "flow"), ("eop", "stock")])
@given(quarters=st.lists(anything, min_size=4, max_size=4))
def test_aggregate_holds_for_what_is_true(
    method: str, nature: str, quarters: Sequence[Known]
) -> None:
    periods = [Period.parse(f"2018-Q{number}") for number in range(1, 5)]
    values = {period: figure for period, (_, figure) in zip(periods, quarters, strict=True)}
    made = aggregate(values, source="Q", target="A", method=method, nature=nature)[YEAR]
    assert_holds(made, TRUE_AGGREGATES[method]([true for true, _ in quarters]))


positive = st.tuples(st.decimals("0.1", 50, places=1), st.decimals(0, 20, places=1))


@pytest.mark.parametrize("rule", RULES)
@given(first=positive, second=positive)
def test_bounds_of_what_is_monotone_are_reached(
    rule: str, first: tuple[Decimal, Decimal], second: tuple[Decimal, Decimal]
) -> None:
    """Tight: each bound is the true result at one corner of the inputs' intervals."""
    compute, truth = RULES[rule]
    (a, width), (c, height) = first, second
    figures = Figure(a, a, a + width), Figure(c, c, c + height)
    corners = [truth(Fraction(x), Fraction(y)) for x in (a, a + width) for y in (c, c + height)]
    made = compute(*figures)
    assert made.lower is not None
    assert made.upper is not None
    for ours, true in ((made.lower, min(corners)), (made.upper, max(corners))):
        assert abs(Fraction(ours) - true) <= ALLOWED * (1 + abs(true))
