"""Formulas and peer indexes: what the refresh stores is what the evaluator gives, now and then."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from metrics.models import DerivedValue, Rule, RuleInput, Series, SeriesSummary
from metrics.selectors.values import evaluate, series_values
from metrics.services.publishing import publish_definitions
from metrics.services.refresh import refresh_all
from metrics.services.rules import RuleError
from metrics.services.verification import verify_derived
from tests.metrics.factories import NOW, make_group, make_series, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


def rule(key: str, kind: str, **fields: Any) -> Rule:
    return Rule.objects.create(key=key, kind=kind, name_zh_hans=key, name_en=key, **fields)


def redefine(**definitions: dict[str, Any]) -> int:
    changed = {key.replace("_", "-"): value for key, value in definitions.items()}
    change = publish_definitions(actor=None, now=NOW, what="rules", rule_definitions=changed)
    return change.seq


def stored(series: Series) -> dict[str, Decimal | str]:
    rows = DerivedValue.objects.filter(series=series)
    cells = rows.values_list("period", "value", "null_reason")
    return {code: reason if value is None else round(value, 9) for code, value, reason in cells}


def evaluated(series: Series, seq: int | None = None) -> dict[str, Decimal | str]:
    return {
        period.code: value.figure.null_reason or round(value.figure.value or Decimal(0), 9)
        for period, value in series_values([series.pk], seq)[series.pk].items()
    }


@pytest.fixture
def per_head() -> Series:
    """market.per-head = sales / mean(heads, heads[-1]); 2018: 500 / 25 = 20."""
    sales, heads = make_series("market.sales", nature="flow"), make_series("market.heads")
    output = make_series("market.per-head", unit="times", nature="ratio")
    rule("per-head", "formula")
    publish(
        (sales, "2018", "500"),
        (heads, "2017", "20"),
        (heads, "2018", "30"),
        rule_definitions={
            "per-head": {
                "output": output.key,
                "inputs": {"sales": sales.key, "heads": heads.key},
                "formula": "sales / mean(heads, heads[-1])",
            }
        },
    )
    return output


def test_formula_is_computed_in_the_release(per_head: Series) -> None:
    assert stored(per_head) == {"2018": Decimal(20)}
    assert set(RuleInput.objects.values_list("role", flat=True)) == {"sales", "heads"}
    assert SeriesSummary.objects.get(series=per_head).latest_value == 20


def test_change_of_a_lagged_input_moves_the_next_period(per_head: Series) -> None:
    publish((make_series("market.heads"), "2017", "70"), kind="revision")
    assert stored(per_head) == {"2018": Decimal(10)}
    publish(
        (make_series("market.sales"), "2019", "90"), (make_series("market.heads"), "2019", "30")
    )
    assert stored(per_head) == {"2018": Decimal(10), "2019": Decimal(3)}


def test_formula_now_and_then_is_what_was_stored(per_head: Series) -> None:
    moments = {}
    for period, text in (("2017", "70"), ("2018", "130"), ("2019", "10")):
        change = publish((make_series("market.heads"), period, text), kind="revision")
        assert verify_derived().differences == []
        moments[change.seq] = stored(per_head)
    inputs = {"a": "market.sales", "b": "market.heads"}
    last = redefine(per_head={"output": per_head.key, "inputs": inputs, "formula": "a / b[-1y]"})
    moments[last] = stored(per_head)
    assert len({str(cells) for cells in moments.values()}) == 3  # heads of 2019 have no sales
    for seq, cells in moments.items():
        assert evaluated(per_head, seq) == cells


def test_other_text_over_the_same_inputs_is_computed_anew(per_head: Series) -> None:
    inputs = {"sales": "market.sales", "heads": "market.heads"}
    before = redefine()
    redefine(per_head={"output": per_head.key, "inputs": inputs, "formula": "sales / heads"})
    assert round(Decimal(stored(per_head)["2018"]), 4) == Decimal("16.6667")
    assert evaluate([(per_head.pk, "2018")], before)[per_head.pk, "2018"].figure.value == 20


def test_output_of_a_formula_has_the_frequency_of_its_inputs() -> None:
    level = make_series("e.level", frequency="Q")
    make_series("other.change", nature="flow")  # the indicator
    Series.objects.filter(key="other.change").delete()
    make_series("e.level", frequency="Q")
    rule("change", "formula")
    redefine(change={"output": "e.change", "inputs": {"x": level.key}, "formula": "x - x[-1]"})
    assert Series.objects.get(key="e.change").frequency == "Q"


def test_inputs_of_different_frequencies_are_refused() -> None:
    year, quarter = make_series("e.a"), make_series("e.b", frequency="Q")
    make_series("e.c")
    rule("sum", "formula")
    with pytest.raises(RuleError, match=r"e\.b.*expected"):
        redefine(
            sum={"output": "e.c", "inputs": {"a": year.key, "b": quarter.key}, "formula": "a + b"}
        )


@pytest.mark.parametrize("kind", ["difference", "sum"])
@pytest.mark.parametrize("frequencies", ["QQA", "AQA"], ids=["output", "inputs"])
def test_rule_of_any_kind_joins_one_frequency(kind: str, frequencies: str) -> None:
    first, second, output = (
        make_series(f"e-{n}.sales", frequency=frequency, nature="flow")
        for n, frequency in enumerate(frequencies)
    )
    group = make_group("both", [first, second]) if kind == "sum" else None
    rule("joined", kind, group=group)
    inputs = {"minuend": first.key, "subtrahend": second.key}
    with pytest.raises(RuleError, match=r"e-[12]\.sales is .*; expected .* as the others"):
        redefine(joined={"output": output.key, "inputs": {} if group else inputs})


@pytest.mark.parametrize(
    ("text", "inputs", "message"),
    [
        ("a +* b", {"a": "e.a", "b": "e.b"}, "a +‸* b”, character 4: expected a number"),
        ("a + c", {"a": "e.a", "b": "e.b"}, "character 5: unknown input “c”; expected one of a, b"),
        ("a", {"a": "e.a", "b": "e.b"}, "formula “a”: the formula does not take b"),
        ("a > b", {"a": "e.a", "b": "e.b"}, "not a comparison"),
        ("1 + 1", {}, "at least one input"),
        ("a" * 501, {"a": "e.a"}, "at most 500 characters"),
        ("x" * 41, {"x" * 41: "e.a"}, "at most 40 characters"),
        ("(a", {"a": "e.a"}, "“(a‸”, character 3: expected ')', not the end"),
        ("a", {"a": "e.unknown"}, "unknown series “e.unknown”"),
    ],
)  # fmt: skip
def test_formula_that_cannot_be_computed_names_the_place(
    text: str, inputs: dict[str, str], message: str
) -> None:
    for key in ("e.a", "e.b", "e.c"):
        make_series(key)
    rule("f", "formula")
    with pytest.raises(RuleError) as caught:
        redefine(f={"output": "e.c", "inputs": inputs, "formula": text})
    assert message in str(caught.value)
    assert str(caught.value).startswith("rule f: ")
    assert not RuleInput.objects.exists()


@pytest.fixture
def members() -> list[Series]:
    """50, 100, 150 in 2018, indexes against their mean as e-n.sales-index."""
    members = [make_series(f"e-{n}.sales", nature="flow") for n in range(3)]
    make_series("e-0.sales-index", unit="index", nature="index")
    rule("peers", "peer-index", group=make_group("all", members))
    publish(
        *[(m, "2018", text) for m, text in zip(members, ("50", "100", "150"), strict=True)],
        rule_definitions={"peers": {"output": "sales-index"}},
    )
    return members


def index_of(number: int) -> Series:
    return Series.objects.get(key=f"e-{number}.sales-index")


def test_peer_index_of_a_group_is_computed_member_by_member(members: list[Series]) -> None:
    assert [stored(index_of(n))["2018"] for n in range(3)] == [50, 100, 150]
    # one changed member moves all: no summary is stored, it is made where it is read
    assert not SeriesSummary.objects.filter(series__key__endswith="-index").exists()


def test_one_period_moves_and_the_other_stays(members: list[Series]) -> None:
    publish(*[(m, "2017", "10") for m in members])
    before = publish((members[2], "2018", "50"), kind="revision").seq - 1
    refresh_all(now=NOW)
    assert stored(index_of(0)) == {"2017": Decimal(100), "2018": Decimal(75)}
    assert evaluated(index_of(0), before)["2018"] == 50
    assert verify_derived().differences == []


def test_member_that_joins_moves_the_mean(members: list[Series]) -> None:
    late = make_series("e-3.sales")
    before = publish((late, "2018", "100")).seq
    make_group_longer(late)
    refresh_all(now=NOW)
    assert stored(index_of(3))["2018"] == 100
    assert evaluated(index_of(3), before) == {}
    assert verify_derived().differences == []


def make_group_longer(series: Series) -> None:
    Rule.objects.get(key="peers").group.members.create(series=series, position=9)
    publish_definitions(actor=None, now=NOW, what="all")


def queries(act: Any) -> int:
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)


def test_past_of_many_formulas_takes_as_many_queries_as_of_one(per_head: Series) -> None:
    outputs = [per_head]
    definitions = {}
    for n in range(5):
        outputs.append(make_series(f"market.per-head-{n}", unit="times", nature="ratio"))
        rule(f"more-{n}", "formula")
        definitions[f"more-{n}"] = {
            "output": outputs[-1].key,
            "inputs": {"sales": "market.sales", "heads": "market.heads"},
            "formula": f"sales / heads * {n}",
        }
    change = publish_definitions(actor=None, now=NOW, what="x", rule_definitions=definitions)
    one = queries(lambda: series_values([per_head.pk], change.seq))
    many = queries(lambda: series_values([series.pk for series in outputs], change.seq))
    assert one == many
