"""A series tells its place in the groups that are ranked, on its page and to partners."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from metrics.models import Rule, Series
from metrics.selectors.summaries import ranks_of
from metrics.services.publishing import publish_definitions
from tests.cases.views.reading import page, words
from tests.metrics.factories import NOW, make_group, make_series, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def members() -> list[Series]:
    """Three of a ranked group, the first of them second."""
    members = [make_series(f"{slug}.assets") for slug in ("acme", "zeta", "beta")]
    make_series("acme.rank", unit="rank", nature="rank")
    Rule.objects.create(
        key="rank", kind="rank", group=make_group("banks", members), name_en="Rank",
        name_zh_hans="位次",
    )  # fmt: skip
    definitions = {"rank": {"output": "rank"}}
    publish_definitions(actor=None, now=NOW, what="rank", rule_definitions=definitions)
    publish(*((one, "2018", value) for one, value in zip(members, "231", strict=True)))
    return members


def test_rank_is_that_of_the_latest_period(
    members: list[Series], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        (rank,) = ranks_of(members[0], "2018")
    assert (rank.group.key, rank.series.key, rank.value) == ("banks", "acme.rank", 2)
    assert ranks_of(members[0], "2017") == ()
    assert ranks_of(make_series("alone.assets"), "2018") == ()


def test_page_and_answer_follow_another_member(client: Client, members: list[Series]) -> None:
    address = "/en/series/acme.assets/"
    assert "Rank in banks 2" in words(page(client, address))
    publish((members[1], "2018", "1"), kind="correction", now=NOW + timedelta(minutes=1))
    assert "Rank in banks 1" in words(page(client, address))
    assert "Rank in" not in words(page(client, f"{address}?as_of=2"))
    summary = client.get("/api/v1/series/acme.assets").json()["summary"]
    assert summary["ranks"] == [
        {"group": "banks", "series": "acme.rank", "period": "2018", "rank": "1"}
    ]
    assert summary["next_due"] == "2020-12-31"
