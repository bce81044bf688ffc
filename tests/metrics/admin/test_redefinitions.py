"""Redefining an indicator in the admin: the pages, what they refuse, and who may."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from metrics.models import Change, Indicator, Redefinition, Series
from tests.metrics.admin.forms import faults, fill_in, said
from tests.metrics.admin.staff import browser_of, log_in
from tests.metrics.factories import UnitFactory, make_series, publish

pytestmark = pytest.mark.django_db

GIVEN = {
    "since": "2017",
    "definition_zh_hans": "月活跃用户数。",
    "definition_en": "Monthly active users.",
    "reason_en": "The company counts active users now.",
}


@pytest.fixture
def series(users: Series) -> Series:
    publish((users, "2016", "1,000"), (users, "2017", "1,100"))
    return users


def url(name: str, indicator: Indicator, *more: int) -> str:
    return reverse(f"admin:metrics_indicator_{name}", args=[indicator.pk, *more])


def redefined(client: Client, indicator: Indicator, **changes: Any) -> Any:
    return client.post(url("redefine", indicator), GIVEN | changes)


def test_form_starts_with_the_text_that_stands_and_tells_what_it_touches(
    admin: Client, series: Series
) -> None:
    page = admin.get(url("redefine", series.indicator))
    text = page.content.decode()
    assert page.context["form"].initial["definition_en"] == "Registered users."
    assert "1 series is measured by this definition." in text
    assert "0 more are computed from these." in text


def test_redefinition_is_published_and_listed(admin: Client, series: Series) -> None:
    answer = redefined(admin, series.indicator)
    assert answer.status_code == 302
    change = Change.objects.latest("seq")
    assert said(answer) == f"Published as change {change.seq}."
    assert (change.kind, change.actor.get_username()) == ("redefinition", "root")
    page = admin.get(url("change", series.indicator)).content.decode()
    for part in ("Versions of the definition", "Registered users.", "no: break", "Take back"):
        assert part in page


def test_comparing_across_and_taking_back(admin: Client, series: Series) -> None:
    redefined(admin, series.indicator)
    row = Redefinition.objects.current().get()
    where = url("comparable", series.indicator, row.pk)
    said_why = {"comparable_en": "Restated.", "reason_en": "We asked."}
    assert admin.post(where, said_why).status_code == 302
    row = Redefinition.objects.current().get()
    assert not row.is_break
    assert "Restated." in admin.get(url("change", series.indicator)).content.decode()
    where = url("take_back", series.indicator, row.pk)
    assert "Registered users." in admin.get(where).content.decode()
    assert admin.post(where, {"reason_en": "It was a misreading."}).status_code == 302
    assert Indicator.objects.get(pk=series.indicator_id).version == 1
    assert admin.get(where, follow=True).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"since": "soon"}, "since", "expected 2018, 2018-S1"),
        ({"since": "2016/2017"}, "since", "Expected one period"),
        ({"definition_en": ""}, "definition_zh_hans", "in both languages"),
        ({"reason_en": ""}, "reason_zh_hans", "Give a reason"),
    ],
)
def test_refusal_stands_at_its_field_and_nothing_is_saved(
    admin: Client, series: Series, changes: dict[str, str], field: str, expected: str
) -> None:
    page = redefined(admin, series.indicator, **changes)
    assert page.status_code == 200
    assert expected in str(page.context["form"].errors[field])
    assert not Redefinition.objects.exists()


def test_chinese_page(series: Series) -> None:
    browser = log_in(User.objects.create_superuser("zh"), "zh-hans")
    page = browser.get(url("redefine", series.indicator)).content.decode()
    assert "新定义" in page
    assert "1 个序列按此定义计量" in page


@pytest.mark.parametrize("role", ["nobody", "Author", "Editor"])
def test_only_publishers_reach_the_pages(role: str, admin: Client, series: Series) -> None:
    redefined(admin, series.indicator)
    row = Redefinition.objects.get()
    browser = browser_of(role)
    for where in (
        url("redefine", series.indicator),
        url("comparable", series.indicator, row.pk),
        url("take_back", series.indicator, row.pk),
    ):
        assert browser.get(where).status_code == 403
        assert browser.post(where, GIVEN).status_code == 403
    assert Indicator.objects.get(pk=series.indicator_id).version == 2


def test_anonymous_is_sent_to_log_in(client: Client, series: Series) -> None:
    answer = client.get(url("redefine", series.indicator))
    assert answer.status_code == 302
    assert "/login/" in answer.url


def test_publisher_may(series: Series) -> None:
    browser = browser_of("Publisher")
    assert redefined(browser, series.indicator).status_code == 302


def test_what_is_not_there_is_not_found(admin: Client, series: Series) -> None:
    redefined(admin, series.indicator)
    other = make_series("webank.loans").indicator
    row = Redefinition.objects.get()
    nothing = reverse("admin:metrics_indicator_redefine", args=[0])
    for where in (nothing, url("take_back", other, row.pk)):
        assert admin.get(where, follow=True).status_code == 404


def test_unit_of_stated_values_stays(admin: Client, series: Series) -> None:
    other = UnitFactory(key="account")
    page = fill_in(admin, url("change", series.indicator), unit=other.pk)
    assert "another unit needs another indicator" in faults(page)["unit"]


def test_version_is_not_typed(admin: Client, series: Series) -> None:
    fill_in(admin, url("change", series.indicator), version=9, name_en="Clients")
    indicator = Indicator.objects.get(pk=series.indicator_id)
    assert (indicator.version, indicator.name_en) == (1, "Clients")
