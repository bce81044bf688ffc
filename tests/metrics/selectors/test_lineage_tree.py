"""Lineage down to source and locator: selector, API, page."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.models import Change, Rule, Series
from metrics.selectors import lineage_drafts
from metrics.selectors.lineage_node import LineageNode
from metrics.selectors.lineage_tree import lineage_trees
from metrics.services.refresh import refresh_all
from metrics.stats.periods import Period
from tests.metrics.api.contract import faults
from tests.metrics.factories import (
    NOW,
    IndicatorFactory,
    UnitFactory,
    make_group,
    make_series,
    publish,
)

pytestmark = pytest.mark.django_db
Y2018 = Period.parse("2018")


def rule(key: str, kind: str, **fields: Any) -> None:
    Rule.objects.create(key=key, kind=kind, name_zh_hans=key, name_en=key, **fields)


@pytest.fixture
def ratio() -> Series:
    """market.per-head 2018 = (sum of two revenues) / heads; of 2017 the heads are implied."""
    members = [make_series(f"e-{n}.revenue", nature="flow") for n in range(2)]
    total = make_series("market.revenue-total", nature="flow")
    heads = make_series("market.heads", nature="stock")
    percent = UnitFactory(key="percent-growth", kind="growth")
    IndicatorFactory(key="heads-growth", unit=percent, nature="ratio", growth_of=heads.indicator)
    growth = make_series("market.heads-growth")
    per_head = make_series("market.per-head", unit="times", nature="ratio")
    rule("sum", "sum", group=make_group("all", members))
    rule("per-head", "ratio")
    inputs = {"numerator": total.key, "denominator": heads.key}
    publish(
        *[(one, year, text) for one, text in zip(members, ("50", "30"), strict=True)
          for year in ("2017", "2018")],
        (heads, "2018", "8"),
        (growth, "2018", "100%"),
        rule_definitions={
            "sum": {"output": total.key},
            "per-head": {"output": per_head.key, "inputs": inputs},
        },
    )  # fmt: skip
    refresh_all(now=NOW)
    return per_head


def outline(node: LineageNode) -> Any:
    """[role series@period = value, rule or source and locator, [inputs]]."""
    value = node.value.figure.value
    what = f"{node.role} {node.series.key}@{node.value.period} = {value}".strip()
    if node.source:
        return f"{what} ← {node.source.slug} {node.value.locator}"
    return [what, node.rule.rule.key if node.rule else None, *map(outline, node.inputs)]


def tree(series: Series, period: Period = Y2018, seq: int | None = None) -> LineageNode:
    return lineage_trees(series, [period], seq)[period]


def test_tree_goes_down_to_source_and_locator(ratio: Series) -> None:
    assert outline(tree(ratio)) == [
        "market.per-head@2018 = 10",
        "per-head",
        [
            "numerator market.revenue-total@2018 = 80",
            "sum",
            "member e-0.revenue@2018 = 50 ← report-2019 1.2.1",
            "member e-1.revenue@2018 = 30 ← report-2019 1.2.1",
        ],
        "denominator market.heads@2018 = 8 ← report-2019 1.2.1",
    ]


def test_implied_input_names_what_implies_it(ratio: Series) -> None:
    heads = tree(ratio, Period.parse("2017")).inputs[1]
    assert outline(heads) == [
        "denominator market.heads@2017 = 4",
        "implied-prior.heads-growth",
        "level market.heads@2018 = 8 ← report-2019 1.2.1",
        "growth market.heads-growth@2018 = 100 ← report-2019 1.2.1",
    ]


def test_tree_as_of_a_seq_shows_what_stood(ratio: Series) -> None:
    before = Change.objects.latest_seq()
    publish((make_series("e-0.revenue"), "2018", "70"), kind="revision")
    assert str(tree(ratio).value.figure.value) == "12.5"
    assert outline(tree(ratio, seq=before))[0] == "market.per-head@2018 = 10"


def test_missing_input_is_shown_as_missing(ratio: Series) -> None:
    publish((make_series("e-0.revenue"), "2016", "5"))
    node = tree(ratio, Period.parse("2016"))
    assert [one.value.figure.null_reason for one in node if not one.inputs and not one.source] == [
        "input_missing",
        "input_missing",
    ]


def test_large_group_lists_the_largest_and_counts_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lineage_drafts, "MOST_INPUTS", 3)
    members = [make_series(f"e-{n}.revenue", nature="flow") for n in range(9)]
    total = make_series("market.revenue-total", nature="flow")
    rule("sum", "sum", group=make_group("all", members))
    rows = [(one, "2018", str(10 + n)) for n, one in enumerate(members)]
    publish(*rows, rule_definitions={"sum": {"output": total.key}})
    node = tree(total)
    assert [str(one.value.figure.value) for one in node.inputs] == ["18", "17", "16"]
    assert node.further == 6


def test_share_of_a_sum_names_its_own_part_first() -> None:
    members = [make_series(f"e-{n}.revenue", nature="flow") for n in range(3)]
    percent = UnitFactory(key="percent", kind="percent")
    IndicatorFactory(key="revenue-share", unit=percent, nature="ratio")
    rule("share", "share", group=make_group("all", members))
    rows = [(one, "2018", "10") for one in members]
    publish(*rows, rule_definitions={"share": {"output": "revenue-share"}})
    node = tree(Series.objects.get(key="e-1.revenue-share"))
    found = [(one.role, one.series.key) for one in node.inputs]
    assert found[0] == ("part", "e-1.revenue")
    assert sorted(found[1:]) == [("member", "e-0.revenue"), ("member", "e-2.revenue")]


def test_api_answers_the_tree(client: Client, ratio: Series) -> None:
    answer = client.get(f"/api/v1/series/{ratio.key}/lineage", {"period": "2018"}).json()
    assert answer["rule"] == {
        "key": "per-head",
        "kind": "ratio",
        "version": 1,
        "parameters": {
            "output": "market.per-head",
            "inputs": {"numerator": "market.revenue-total", "denominator": "market.heads"},
        },
    }
    assert (answer["role"], answer["value"], answer["observation"]) == (None, "10", None)
    stated = answer["inputs"][0]["inputs"][0]
    assert (stated["role"], stated["value"], stated["rule"]) == ("member", "50", None)
    assert stated["observation"] == {
        "source": "report-2019",
        "locator": "1.2.1",
        "stated": "50",
        "vintage_on": None,
    }


def test_api_answers_the_tree_of_a_moment(client: Client, ratio: Series) -> None:
    instant = Change.objects.latest("seq").published_at
    publish((make_series("e-0.revenue"), "2018", "70"), now=instant + timedelta(hours=1))
    query = {"period": "2018", "as_of": instant.isoformat()}
    answer = client.get(f"/api/v1/series/{ratio.key}/lineage", query).json()
    assert answer["value"] == "10"


@pytest.mark.parametrize(
    ("query", "status", "fault"),
    [
        ({}, 400, ("period", "required")),
        ({"period": "18"}, 400, ("period", "invalid")),
        ({"period": "2018", "depth": "2"}, 400, ("depth", "unknown_parameter")),
        ({"period": "1999"}, 404, (None, "not_found")),
    ],
)
def test_wrong_question_is_refused(
    client: Client, ratio: Series, query: dict[str, str], status: int, fault: tuple[Any, str]
) -> None:
    response = client.get(f"/api/v1/series/{ratio.key}/lineage", query)
    assert response.status_code == status
    assert faults(response) == [fault]


def test_page_lists_the_tree_with_anchors(client: Client, ratio: Series) -> None:
    html = client.get(f"/en/series/{ratio.key}/").content.decode()
    section = html.split('id="lineage"')[1].split('id="definition"')[0]
    assert '<a href="/en/series/e-0.revenue/#2018">' in section
    assert '<a href="/en/sources/report-2019/">' in section
    assert section.count("<ul") == section.count("</ul>")
    stated = client.get("/en/series/e-0.revenue/").content.decode()
    assert 'id="lineage"' not in stated


def test_number_of_queries_does_not_grow_with_the_group() -> None:
    total = make_series("market.revenue-total", nature="flow")
    members = [make_series(f"e-{n}.revenue", nature="flow") for n in range(20)]
    counts = []
    for size, key in ((1, "one"), (20, "twenty")):
        output = total if size == 1 else make_series("market.revenue-sum", nature="flow")
        rule(key, "sum", group=make_group(key, members[:size]))
        rows = [(one, "2018", "10") for one in members[:size]]
        publish(*rows, rule_definitions={key: {"output": output.key}})
        with CaptureQueriesContext(connection) as captured:
            tree(output)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 9


def test_formula_names_each_period_that_it_takes() -> None:
    heads = make_series("market.heads")
    gained = make_series("market.heads-gained", nature="flow")
    rule("gained", "formula")
    definition = {"output": gained.key, "inputs": {"x": heads.key}, "formula": "x - x[-1] + 0 * x"}
    publish((heads, "2017", "5"), (heads, "2018", "8"), rule_definitions={"gained": definition})
    node = tree(gained)
    assert outline(node) == [
        "market.heads-gained@2018 = 3",
        "gained",
        "x market.heads@2018 = 8 ← report-2019 1.2.1",
        "x market.heads@2017 = 5 ← report-2019 1.2.1",
    ]
    assert node.parameters["formula"] == "x - x[-1] + 0 * x"


def test_page_shows_what_a_formula_took(client: Client) -> None:
    heads = make_series("market.heads")
    gained = make_series("market.heads-gained", nature="flow")
    rule("gained", "formula")
    definition = {"output": gained.key, "inputs": {"x": heads.key}, "formula": "x - x[-1]"}
    publish((heads, "2017", "5"), (heads, "2018", "8"), rule_definitions={"gained": definition})
    page = client.get(f"/en/series/{gained.key}/").content.decode()
    assert "/series/market.heads/#2018" in page
    assert "/series/market.heads/#2017" in page
    methods = client.get("/en/methods/").content.decode()
    assert "#rule-formula" in page
    assert 'id="rule-formula"' in methods


@pytest.mark.parametrize("kind", Rule.Kind.values)
def test_method_of_every_kind_of_rule_is_explained(client: Client, kind: str) -> None:
    assert f'id="rule-{kind}"' in client.get("/en/methods/").content.decode()
