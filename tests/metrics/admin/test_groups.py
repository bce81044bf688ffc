"""Groups in the admin: members listed one by one, or kept by an indicator."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from metrics.models import Group, Series
from tests.metrics.admin.forms import fill_in
from tests.metrics.factories import EntityFactory, make_group, make_series

pytestmark = pytest.mark.django_db

ADD = "/admin/metrics/group/add/"
NAMES = {"key": "countries", "name_zh_hans": "各国", "name_en": "Countries"}


@pytest.fixture
def countries() -> list[Series]:
    for slug in ("china", "france"):
        EntityFactory(slug=slug, kind="country")
    EntityFactory(slug="world", kind="aggregate")
    return [make_series(f"{slug}.gdp", nature="flow") for slug in ("china", "france", "world")]


def change_url(group: Group) -> str:
    return reverse("admin:metrics_group_change", args=[group.pk])


def members(group: Group) -> list[str]:
    return [one.series.key for one in group.members.order_by("position")]


def test_group_of_an_indicator_fills_itself_without_its_total(
    admin: Client, countries: list[Series]
) -> None:
    china, _, world = countries
    answer = fill_in(
        admin, ADD, **NAMES, total=world.pk, member_indicator=china.indicator_id,
        member_kind="country", member_frequency="A",
    )  # fmt: skip
    assert answer.status_code == 302
    assert members(Group.objects.get()) == ["china.gdp", "france.gdp"]


def test_series_added_later_joins_by_itself(admin: Client, countries: list[Series]) -> None:
    fill_in(admin, ADD, **NAMES, member_indicator=countries[0].indicator_id, member_kind="country")
    india = EntityFactory(slug="india", kind="country")
    series = {"entity": india.pk, "indicator": countries[0].indicator_id, "frequency": "A"}
    fill_in(admin, "/admin/metrics/series/add/", **series)
    assert members(Group.objects.get()) == ["china.gdp", "france.gdp", "india.gdp"]


def test_kept_members_are_counted_and_not_listed_in_the_form(
    admin: Client, countries: list[Series]
) -> None:
    fill_in(admin, ADD, **NAMES, member_indicator=countries[0].indicator_id)
    group = Group.objects.get()
    page = admin.get(change_url(group)).content.decode()
    assert '<div class="readonly">3</div>' in page
    assert "members-TOTAL_FORMS" not in page
    fill_in(admin, change_url(group), name_en="All countries")
    assert len(members(group)) == 3


def test_members_listed_one_by_one_stay_in_the_form(admin: Client, countries: list[Series]) -> None:
    group = make_group("some", countries[:2])
    page = admin.get(change_url(group)).content.decode()
    assert "members-TOTAL_FORMS" in page
    fill_in(admin, change_url(group), name_en="Some")
    assert members(group) == ["china.gdp", "france.gdp"]


def test_list_counts_members_at_one_cost(admin: Client, countries: list[Series]) -> None:
    costs = []
    for number in range(2):
        for n in range(1 + 19 * number):
            make_group(f"g-{number}-{n}", countries)
        with CaptureQueriesContext(connection) as queries:
            page = admin.get("/admin/metrics/group/").content.decode()
        costs.append(len(queries))
    assert '<td class="field-member_count">3</td>' in page
    assert costs[0] == costs[1]
