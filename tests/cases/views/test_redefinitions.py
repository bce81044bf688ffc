"""A series whose definition changed: its page tells since when, and compares nothing across."""

import pytest
from django.test import Client

from metrics.models import Redefinition, Series
from metrics.services.redefinitions import redefine, set_comparable
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def series() -> Series:
    series = make_series("webank.users")
    publish((series, "2016", "1,000"), (series, "2017", "1,100"))
    redefine(
        series.indicator,
        since="2017",
        definition={"zh-hans": "月活跃用户数。", "en": "Monthly active users."},
        comparable={},
        reason={"en": "The company counts active users now."},
        actor=None,
        now=NOW,
    )
    return series


def words(client: Client, language: str) -> str:
    page = client.get(f"/{language}/series/webank.users/")
    assert page.status_code == 200
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(main.split())


def test_page_tells_the_definition_before(client: Client, series: Series) -> None:
    english = words(client, "en")
    assert "Monthly active users." in english
    assert "Before 2017 (version 1): Registered users." in english
    assert "Values before and since are not compared." in english
    assert "2017年之前（第 1 版）：注册用户数。" in words(client, "zh-hans")


def test_growth_across_is_not_told_until_someone_says_why_it_may_be(
    client: Client, series: Series
) -> None:
    assert "On a year before" not in words(client, "en")
    set_comparable(
        Redefinition.objects.get(),
        {"en": "Earlier figures were restated."},
        reason={"en": "Asked."},
        actor=None,
        now=NOW,
    )
    english = words(client, "en")
    assert "On a year before" in english
    assert "Values before and since are compared: Earlier figures were restated." in english
