"""Rules: what a release derives at once, and what stands under an earlier seq."""

from decimal import Decimal

import pytest

from metrics.models import Change, DerivedValue, Rule, RuleInput, Series, SeriesSummary
from metrics.selectors.values import evaluate, series_values
from metrics.services.publishing import publish_definitions
from metrics.services.rules import RuleError
from tests.metrics.factories import (
    NOW,
    IndicatorFactory,
    UnitFactory,
    make_group,
    make_series,
    publish,
)

pytestmark = pytest.mark.django_db


def value(series: Series, period: str, seq: int | None = None) -> Decimal | None:
    found = evaluate([(series.pk, period)], seq)[series.pk, period]
    return found.figure.value if found else None


@pytest.fixture
def wealth() -> tuple[Series, Series]:
    users = make_series("china-internet.wealth-users")
    growth = make_series(
        "china-internet.wealth-users-growth",
        unit="growth",
        nature="ratio",
        growth_of=users.indicator,
    )
    return users, growth


def test_stated_growth_implies_the_prior_year(wealth: tuple[Series, Series]) -> None:
    users, growth = wealth
    publish((users, "2018", "1.51亿"), (growth, "2018", "17.5%"), definitions_changed=True)
    row = DerivedValue.objects.get(series=users)
    assert row.period == "2017"
    assert row.value is not None
    assert round(row.value) == 128510638
    assert row.lower is not None
    assert row.upper is not None
    assert row.lower < row.value < row.upper
    merged = series_values([users.pk])[users.pk]
    assert [(p.code, v.kind) for p, v in merged.items()] == [
        ("2017", "implied"),
        ("2018", "stated"),
    ]


def test_reported_prior_outranks_the_implied_one(wealth: tuple[Series, Series]) -> None:
    users, growth = wealth
    publish((users, "2018", "1.51亿"), (growth, "2018", "17.5%"), definitions_changed=True)
    publish((users, "2017", "1.29亿"))
    assert value(users, "2017") == Decimal(129000000)
    assert DerivedValue.objects.filter(series=users, period="2017").exists()


def test_correction_of_the_growth_moves_the_prior_in_the_same_release(
    wealth: tuple[Series, Series],
) -> None:
    users, growth = wealth
    first = publish((users, "2018", "1.51亿"), (growth, "2018", "17.5%"), definitions_changed=True)
    second = publish((growth, "2018", "20.8%"), kind="correction")
    assert value(users, "2017") == Decimal(125000000)
    assert DerivedValue.objects.get(series=users).computed_seq == second.seq
    before = value(users, "2017", first.seq)
    assert before is not None
    assert round(before) == 128510638


def test_growth_in_points_subtracts() -> None:
    share = make_series("ping-an.share", unit="percent", nature="ratio")
    change = make_series(
        "ping-an.share-change", unit="points", nature="ratio", growth_of=share.indicator
    )
    publish((share, "2018", "34.6%"), (change, "2018", "6.1ppts"), definitions_changed=True)
    assert value(share, "2017") == Decimal("28.5")


def test_lower_bound_implies_a_lower_bound() -> None:
    customers = make_series("webank.customers")
    growth = make_series(
        "webank.customers-growth", unit="growth", nature="ratio", growth_of=customers.indicator
    )
    publish((customers, "2017", "超过3,400万"), (growth, "2017", "1.2倍"), definitions_changed=True)
    row = DerivedValue.objects.get(series=customers, period="2016")
    assert row.upper is None
    assert row.value == row.lower
    assert row.value is not None
    assert round(row.value) == 15111111


@pytest.fixture
def segments() -> tuple[list[Series], Series]:
    members = [make_series(f"east-money.{n}-revenue", nature="flow") for n in ("a", "b", "c")]
    total = make_series("east-money.revenue", nature="flow")
    group = make_group("segments", members)
    IndicatorFactory(key="rank", unit=UnitFactory(key="rank", kind="rank"), nature="rank")
    for kind in ("sum", "share", "rank"):
        Rule.objects.create(key=kind, kind=kind, group=group, name_zh_hans=kind, name_en=kind)
    return members, total


def group_definitions(members: list[Series]) -> dict[str, dict[str, object]]:
    shares = {m.key: make_series(f"{m.key}-share", unit="percent", nature="ratio") for m in members}
    ranks = {m.key: make_series(f"{m.key}-rank", unit="rank", nature="rank") for m in members}
    return {
        "sum": {"output": "east-money.revenue"},
        "share": {"outputs": {key: series.key for key, series in shares.items()}},
        "rank": {"outputs": {key: series.key for key, series in ranks.items()}},
    }


def test_group_rules_sum_share_and_rank(segments: tuple[list[Series], Series]) -> None:
    members, total = segments
    definitions = group_definitions(members)
    publish(
        *[(m, "2018", v) for m, v in zip(members, ("50", "30", "20"), strict=True)],
        rule_definitions=definitions,
    )
    assert value(total, "2018") == Decimal(100)
    shares = Series.objects.filter(key__endswith="-share").order_by("key")
    assert [value(s, "2018") for s in shares] == [Decimal(50), Decimal(30), Decimal(20)]
    ranks = Series.objects.filter(key__endswith="-rank").order_by("key")
    assert [value(s, "2018") for s in ranks] == [Decimal(1), Decimal(2), Decimal(3)]


def test_missing_member_leaves_no_total(segments: tuple[list[Series], Series]) -> None:
    members, total = segments
    publish((members[0], "2018", "50"), rule_definitions=group_definitions(members))
    row = DerivedValue.objects.get(series=total)
    assert (row.value, row.null_reason) == (None, "input_missing")


def test_past_seq_recomputes_the_group(segments: tuple[list[Series], Series]) -> None:
    members, total = segments
    rows = [(m, "2018", v) for m, v in zip(members, ("50", "30", "20"), strict=True)]
    first = publish(*rows, rule_definitions=group_definitions(members))
    publish((members[2], "2018", "120"), kind="revision")
    assert value(total, "2018") == Decimal(200)
    assert value(total, "2018", first.seq) == Decimal(100)
    rank = Series.objects.get(key="east-money.c-revenue-rank")
    assert (value(rank, "2018"), value(rank, "2018", first.seq)) == (Decimal(1), Decimal(3))


def test_summary_follows_in_the_same_release(wealth: tuple[Series, Series]) -> None:
    users, growth = wealth
    publish((users, "2018", "1.51亿"), (growth, "2018", "17.5%"), definitions_changed=True)
    summary = SeriesSummary.objects.get(series=users)
    assert (summary.latest_period, summary.previous_period) == ("2018", "2017")
    assert summary.count == 2


def test_share_indicator_makes_its_own_rule() -> None:
    users = make_series("china-internet.users")
    mobile = make_series("china-internet.mobile-users")
    share = make_series(
        "china-internet.mobile-share",
        unit="percent",
        nature="ratio",
        share_part=mobile.indicator,
        share_of=users.indicator,
    )
    publish((users, "2018", "8.00亿"), (mobile, "2018", "6.00亿"), definitions_changed=True)
    assert value(share, "2018") == Decimal(75)


def test_rules_in_a_circle_are_refused() -> None:
    a, b = make_series("x.a"), make_series("x.b")
    for key in ("one", "two"):
        Rule.objects.create(key=key, kind="ratio", name_zh_hans=key, name_en=key)
    with pytest.raises(RuleError, match="circle"):
        publish_definitions(
            actor=None,
            now=NOW,
            what="rules",
            rule_definitions={
                "one": {"output": a.key, "inputs": {"numerator": b.key, "denominator": b.key}},
                "two": {"output": b.key, "inputs": {"numerator": a.key, "denominator": a.key}},
            },
        )
    assert not RuleInput.objects.exists()
    assert not Change.objects.exists()


def test_changed_definition_makes_a_new_version_and_keeps_the_old() -> None:
    a, b, c = make_series("x.a"), make_series("x.b"), make_series("x.c")
    out = make_series("x.gap")
    Rule.objects.create(key="gap", kind="difference", name_zh_hans="差", name_en="gap")
    inputs = {"minuend": a.key, "subtrahend": b.key}
    first = publish(
        (a, "2018", "10"),
        (b, "2018", "4"),
        (c, "2018", "1"),
        rule_definitions={"gap": {"output": out.key, "inputs": inputs}},
    )
    publish_definitions(
        actor=None,
        now=NOW,
        what="gap",
        rule_definitions={
            "gap": {"output": out.key, "inputs": {"minuend": a.key, "subtrahend": c.key}}
        },
    )
    assert value(out, "2018") == Decimal(9)
    assert value(out, "2018", first.seq) == Decimal(6)
    assert list(Rule.objects.get(key="gap").versions.values_list("number", flat=True)) == [1, 2]


def test_other_nature_of_an_indicator_makes_summaries_anew() -> None:
    users = make_series("x.users")
    publish((users, "2017", "10"), (users, "2018", "20"))
    assert SeriesSummary.objects.get(series=users).year_on_year == Decimal(100)
    users.indicator.nature = "ratio"
    users.indicator.save()
    publish_definitions(actor=None, now=NOW, what="users")
    assert SeriesSummary.objects.get(series=users).year_on_year == Decimal(10)


def test_two_rules_for_one_output_are_refused() -> None:
    users, other, whole = make_series("e0.users"), make_series("e1.users"), make_series("e0.market")
    make_series(
        "e0.share",
        unit="percent",
        nature="ratio",
        share_part=users.indicator,
        share_of=whole.indicator,
    )
    Rule.objects.create(
        key="wide",
        kind="share",
        group=make_group("g", [users, other]),
        name_zh_hans="份额",
        name_en="share",
    )
    with pytest.raises(RuleError, match=r"e0\.share is made by two rules"):
        publish_definitions(
            actor=None, now=NOW, what="rules", rule_definitions={"wide": {"output": "share"}}
        )


def test_two_growths_of_one_level_imply_the_same_now_and_then() -> None:
    level = make_series("e.level")
    growths = [
        make_series(f"e.growth-{name}", unit="growth", nature="ratio", growth_of=level.indicator)
        for name in "ab"
    ]
    publish(
        (level, "2018", "100"),
        (growths[0], "2018", "100%"),
        (growths[1], "2018", "25%"),
        definitions_changed=True,
    )
    for basis in ("previous", "year-ago"):
        growths[0].indicator.growth_basis = basis
        growths[0].indicator.save()
        change = publish_definitions(actor=None, now=NOW, what="growth")
        assert value(level, "2017") == value(level, "2017", change.seq) == Decimal(50)
