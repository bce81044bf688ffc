"""Outputs of groups: named one by one or made, by as many queries for many members as for few."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from metrics.models import Rule, Series
from metrics.services.publishing import publish_definitions
from metrics.services.rules import RuleError
from tests.metrics.factories import NOW, IndicatorFactory, UnitFactory, make_group, make_series

pytestmark = pytest.mark.django_db


def save(key: str, kind: str, members: list[Series], **definition: object) -> int:
    """Save a rule over a group of its own; how many queries that took."""
    Rule.objects.create(
        key=key, kind=kind, group=make_group(key, members), name_zh_hans="名", name_en="name"
    )
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        publish_definitions(actor=None, now=NOW, what=key, rule_definitions={key: definition})
    return len(queries)


def test_outputs_are_made_by_as_many_queries_for_many_members() -> None:
    for key in ("rank-few", "rank-many"):
        IndicatorFactory(key=key, unit=UnitFactory(key="rank", kind="rank"), nature="rank")
    few = save("few", "rank", [make_series(f"a-{n}.sales") for n in range(2)], output="rank-few")
    Rule.objects.all().delete()
    many = save(
        "many", "rank", [make_series(f"b-{n}.sales") for n in range(60)], output="rank-many"
    )
    assert many == few
    made = Series.objects.filter(indicator__key="rank-many")
    assert {series.key for series in made} == {f"b-{n}.rank-many" for n in range(60)}


def test_standing_and_named_outputs_are_taken() -> None:
    members = [make_series(f"c-{n}.sales") for n in range(3)]
    IndicatorFactory(key="share", unit=UnitFactory(key="percent", kind="percent"), nature="ratio")
    standing, named = make_series("c-0.share"), make_series("other.share")
    save("shares", "share", members, output="share", outputs={"c-1.sales": "other.share"})
    rule = Rule.objects.get(key="shares")
    edges = {
        edge.input.key: edge.output.key for edge in rule.versions.get().inputs.filter(role="part")
    }
    assert edges == {
        "c-0.sales": standing.key,
        "c-1.sales": named.key,
        "c-2.sales": "c-2.share",
    }


def test_output_of_another_frequency_has_its_suffix() -> None:
    make_series("d.share", unit="percent", nature="ratio")
    save("monthly", "share", [make_series("d.sales", frequency="M")], output="share")
    assert Series.objects.get(indicator__key="share", frequency="M").key == "d.share.m"


def test_member_without_output_is_named() -> None:
    with pytest.raises(RuleError, match=r"no output for member e\.sales"):
        save("none", "rank", [make_series("e.sales")], output="nothing")
