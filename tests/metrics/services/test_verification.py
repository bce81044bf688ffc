"""Verification: recomputed by the definitions, told by series and period, nothing written."""

from decimal import Decimal

import pytest

from metrics.models import (
    DerivedValue,
    Observation,
    Rule,
    RuleVersion,
    Series,
    SeriesSummary,
    StaleSeries,
)
from metrics.services.refresh import refresh_all
from metrics.services.stale import Targets, mark
from metrics.services.verification import Verification, verify_derived
from tests.metrics.factories import NOW, make_group, make_series, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def total() -> Series:
    """The sum of three members, a ratio and an implied prior: all refreshed."""
    members = [make_series(f"e-{n}.revenue", nature="flow") for n in range(3)]
    total = make_series("market.revenue-total", nature="flow")
    growth = make_series(
        "e-0.revenue-growth", unit="growth", nature="ratio", growth_of=members[0].indicator
    )
    Rule.objects.create(
        key="sum", kind="sum", group=make_group("all", members), name_zh_hans="和", name_en="sum"
    )
    publish(
        *[(m, "2018", text) for m, text in zip(members, ("50", "30", "20"), strict=True)],
        (growth, "2018", "10%"),
        rule_definitions={"sum": {"output": total.key}},
        definitions_changed=True,
    )
    refresh_all(now=NOW)
    return total


def told(found: Verification) -> list[str]:
    return [str(difference) for difference in found.differences]


@pytest.mark.usefixtures("total")
def test_refreshed_values_show_no_difference() -> None:
    found = verify_derived()
    assert told(found) == []
    # the sum of 2018, that of 2017 (null but for the implied member), the implied 2017
    assert found.values == DerivedValue.objects.count()
    assert found.targets == found.total


def test_series_that_never_had_a_value_shows_no_difference() -> None:
    new = make_series("e-9.revenue", nature="flow")
    assert told(verify_derived()) == []
    mark(Targets(series={new.pk}))
    refresh_all(now=NOW)
    assert told(verify_derived()) == []


def test_value_that_was_tampered_with_is_told(total: Series) -> None:
    DerivedValue.objects.filter(series=total, period="2018").update(value=Decimal(101))
    assert "market.revenue-total@2018: value: stored 101, computed 100" in told(verify_derived())


def test_bounds_that_were_tampered_with_are_told(total: Series) -> None:
    DerivedValue.objects.filter(series=total, period="2018").update(upper=Decimal(500))
    assert told(verify_derived()) == ["market.revenue-total@2018: bounds: stored 100, computed 100"]


def test_value_that_is_missing_is_told(total: Series) -> None:
    DerivedValue.objects.filter(series=total, period="2018").delete()
    assert "market.revenue-total@2018: value: stored nothing, computed 100" in told(
        verify_derived()
    )


def test_value_that_no_rule_makes_is_told(total: Series) -> None:
    row = DerivedValue.objects.get(series=total, period="2018")
    row.pk, row.period = None, "1999"
    row.save()
    assert "market.revenue-total@1999: value: stored 100, computed nothing" in told(
        verify_derived()
    )


def test_summary_that_was_tampered_with_is_told_by_its_fields(total: Series) -> None:
    SeriesSummary.objects.filter(series=total).update(maximum=Decimal(7))
    assert told(verify_derived()) == [
        "market.revenue-total: summary: stored maximum 7, computed maximum 100"
    ]


def test_marked_target_waits_and_is_not_compared(total: Series) -> None:
    DerivedValue.objects.filter(series=total, period="2018").update(value=Decimal(101))
    targets = Targets(series={total.pk})
    targets.rules[Rule.objects.get(key="sum").pk].add("2018")
    mark(targets)
    found = verify_derived()
    assert (told(found), found.waiting) == ([], 2)


@pytest.mark.usefixtures("total")
def test_observation_without_source_or_release_is_told() -> None:
    row = Observation.objects.get(series__key="e-1.revenue")
    row.pk, row.period, row.source_id, row.release_id = None, "2016", 99_999, 99_999
    row.preferred = False
    row.save()
    assert [line for line in told(verify_derived()) if "2016" in line] == [
        "e-1.revenue@2016: observation without its source: stored it, computed nothing",
        "e-1.revenue@2016: observation without its release: stored it, computed nothing",
    ]


def test_value_of_a_version_that_is_gone_is_told(total: Series) -> None:
    gone = RuleVersion.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    DerivedValue.objects.filter(series=total, period="2018").update(rule_version=gone)
    assert any("derived value without its rule" in line for line in told(verify_derived()))


@pytest.mark.usefixtures("total")
def test_verification_writes_nothing_and_tells_how_far_it_is() -> None:
    before = list(DerivedValue.objects.values()), list(SeriesSummary.objects.values())
    seen: list[int] = []
    verify_derived(lambda so_far: seen.append(so_far.targets))
    assert (list(DerivedValue.objects.values()), list(SeriesSummary.objects.values())) == before
    assert not StaleSeries.objects.exists()
    assert seen == sorted(seen)
    assert len(seen) == 2
