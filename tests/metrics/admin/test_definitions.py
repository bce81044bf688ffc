"""Definitions in the admin: saving goes live at once and ticks the clock."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from metrics.models import (
    Change,
    DerivedValue,
    Entity,
    Event,
    Indicator,
    Observation,
    Series,
    Source,
    Unit,
)
from tests.metrics.admin.forms import faults, fill_in, shown
from tests.metrics.admin.staff import log_in
from tests.metrics.factories import (
    EntityFactory,
    IndicatorFactory,
    SourceFactory,
    UnitFactory,
    make_series,
    publish,
)

pytestmark = pytest.mark.django_db

SOURCE = {"slug": "cnnic-43", "title_zh_hans": "报告", "title_en": "Report", "kind": "survey"}


def change_url(row: object) -> str:
    name = row._meta.model_name  # type: ignore[attr-defined]
    return reverse(f"admin:metrics_{name}_change", args=[row.pk])  # type: ignore[attr-defined]


def last_change() -> Change | None:
    return Change.objects.order_by("-seq").first()


def test_new_definition_ticks_the_clock(admin: Client) -> None:
    fill_in(admin, "/admin/metrics/source/add/", **SOURCE, url="cnnic.cn/43")
    change = last_change()
    assert change is not None
    assert (change.kind, change.actor.get_username()) == ("definition", "root")
    assert change.summary["edited"] == str(Source.objects.get())
    assert Source.objects.get().url == "https://cnnic.cn/43"


def test_edited_definition_ticks_the_clock_and_keeps_its_history(admin: Client) -> None:
    source = SourceFactory()
    fill_in(admin, change_url(source), title_en="The report")
    assert Source.objects.get().title_en == "The report"
    assert last_change() is not None
    assert source.history.count() == 2
    history = reverse("admin:metrics_source_history", args=[source.pk])
    assert "root" in admin.get(history).content.decode()


def test_history_is_read_and_not_reverted(admin: Client) -> None:
    source = SourceFactory()
    fill_in(admin, change_url(source), title_en="The report")
    first = source.history.last()
    url = reverse("admin:metrics_source_simple_history", args=[source.pk, first.pk])
    page = admin.get(url)
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    seq = Change.objects.latest_seq()
    admin.post(url, SOURCE | {"title_en": "Report"})
    assert Source.objects.get().title_en == "The report"
    assert Change.objects.latest_seq() == seq


def test_refused_form_changes_nothing(admin: Client) -> None:
    answer = fill_in(admin, "/admin/metrics/source/add/", **SOURCE | {"slug": "no slug!"})
    assert "slug" in faults(answer)
    assert last_change() is None


@pytest.mark.parametrize("who", ["author"])
def test_definition_is_only_read_by_who_may_not_publish(
    who: str, request: pytest.FixtureRequest
) -> None:
    browser: Client = request.getfixturevalue(who)
    source = SourceFactory()
    page = browser.get(change_url(source))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert browser.post(change_url(source), SOURCE).status_code == 403
    assert browser.get("/admin/metrics/source/add/").status_code == 403


@pytest.mark.parametrize(
    "used",
    [
        lambda: Unit.objects.get(),
        lambda: Entity.objects.get(),
        lambda: Indicator.objects.get(),
        lambda: Series.objects.get(),
        lambda: Source.objects.get(),
    ],
    ids=["unit", "entity", "indicator", "series", "source"],
)
def test_definition_in_use_is_not_deleted(
    admin: Client, row: Observation, used: Callable[[], object]
) -> None:
    target = used()
    url = change_url(target).replace("/change/", "/delete/")
    page = admin.get(url)
    assert page.context["protected"]
    assert admin.post(url, {"post": "yes"}).status_code == 200
    assert used() == target


def test_unused_definition_is_deleted_and_ticks_the_clock(admin: Client) -> None:
    unit = UnitFactory(key="hour")
    admin.post(change_url(unit).replace("/change/", "/delete/"), {"post": "yes"})
    assert not Unit.objects.exists()
    assert last_change() is not None


def test_unused_definitions_are_deleted_by_action(admin: Client) -> None:
    keys = [UnitFactory(key=key).pk for key in ("hour", "minute")]
    action = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    admin.post("/admin/metrics/unit/", action)
    assert not Unit.objects.exists()
    assert Change.objects.count() == 1


def test_growth_named_later_implies_the_prior_period(admin: Client) -> None:
    growth = make_series("webank.users-growth", unit="growth", nature="ratio")
    users = make_series("webank.users")
    publish((users, "2018", "1.51亿"), (growth, "2018", "17.5%"))
    assert not DerivedValue.objects.exists()
    answer = fill_in(admin, change_url(growth.indicator), growth_of=users.indicator.pk)
    assert answer.status_code == 302
    prior = DerivedValue.objects.get(series=users, period="2017")
    assert prior.value is not None
    assert round(prior.value / Decimal(10000)) == 12851


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"share_part": "users"}, "share_of"),
        ({"share_of": "users"}, "share_part"),
        ({"growth_of": "users", "share_part": "users", "share_of": "base"}, "growth_of"),
    ],
)
def test_half_a_derivation_names_the_field_that_is_wrong(
    admin: Client, changes: dict[str, str], fault: str
) -> None:
    indicators = {key: IndicatorFactory(key=key).pk for key in ("users", "base")}
    share = IndicatorFactory(key="user-share")
    filled = {name: indicators[key] for name, key in changes.items()}
    assert list(faults(fill_in(admin, change_url(share), **filled))) == [fault]


def test_event_takes_its_days_from_its_period(admin: Client) -> None:
    event = {
        "entity": EntityFactory(slug="webank").pk,
        "source": SourceFactory().pk,
        "slug": "opens",
        "period": "2014-12",
        "label_zh_hans": "开业",
        "label_en": "Opens",
    }
    fill_in(admin, "/admin/metrics/event/add/", **event)
    saved = Event.objects.get()
    assert (str(saved.period_start), str(saved.period_end)) == ("2014-12-01", "2014-12-31")
    answer = fill_in(admin, change_url(saved), period="2014-13")
    assert "period" in faults(answer)


def test_series_gets_its_key_from_what_it_is(admin: Client) -> None:
    what = {"entity": EntityFactory(slug="webank").pk, "indicator": IndicatorFactory().pk}
    fill_in(admin, "/admin/metrics/series/add/", **what, frequency="A")
    answer = fill_in(admin, "/admin/metrics/series/add/", **what, frequency="M")
    assert answer.status_code == 302
    assert set(Series.objects.values_list("key", flat=True)) == {"webank.users", "webank.users.m"}


def test_same_series_twice_is_refused(admin: Client, users: Series) -> None:
    what = {"entity": users.entity.pk, "indicator": users.indicator.pk, "frequency": "A"}
    assert "__all__" in faults(fill_in(admin, "/admin/metrics/series/add/", **what))


def test_series_with_a_key_stays_what_it_is(admin: Client, users: Series) -> None:
    other = EntityFactory(slug="other")
    admin.post(change_url(users), {"key": "other.users", "entity": other.pk, "_save": "1"})
    users.refresh_from_db()
    assert (users.key, users.entity.slug) == ("webank.users", "webank")


def test_series_list_tells_the_latest_value(admin: Client, row: Observation) -> None:
    assert "60000000 (2017)" in admin.get("/admin/metrics/series/").content.decode()


def test_entity_is_not_its_own_parent(admin: Client) -> None:
    entity = EntityFactory(slug="webank")
    assert faults(fill_in(admin, change_url(entity), parent=entity.pk))
    assert shown(admin.get(change_url(entity)))["slug"] == "webank"


def test_share_that_its_nature_forbids_is_refused_at_the_field(admin: Client) -> None:
    parts = {"share_part": make_series("webank.users"), "share_of": make_series("webank.all")}
    names = {name: series.indicator.pk for name, series in parts.items()}
    share = make_series("webank.share", unit="percent", nature="ratio").indicator
    assert fill_in(admin, change_url(share), **names).status_code == 302
    other = make_series("webank.other", unit="percent", nature="ratio").indicator
    answer = fill_in(admin, change_url(other), **names | {"share_part": share.pk})
    assert "share is of nature ratio, which is not summed" in faults(answer)["share_part"]
    users = parts["share_part"].indicator
    answer = fill_in(admin, change_url(users), **names | {"share_part": other.pk})
    assert "share_part" in faults(answer)
    other.refresh_from_db()
    assert other.share_of is None


@pytest.mark.parametrize(
    ("level", "unit", "expected"),
    [
        ("stock", "growth", None),
        ("ratio", "points", None),
        ("stock", "points", "growth told in percent: expected a unit of the kind percent change"),
        ("ratio", "growth", "growth told in percentage points: expected a unit of the kind"),
        ("rank", "growth", "users is of nature rank, whose growth is not told"),
    ],
)
def test_growth_is_in_the_unit_that_the_nature_of_its_level_allows(
    admin: Client, level: str, unit: str, expected: str | None
) -> None:
    users = make_series("webank.users", nature=level).indicator
    growth = make_series("webank.users-growth", unit=unit, nature="ratio").indicator
    answer = fill_in(admin, change_url(growth), growth_of=users.pk)
    if expected is None:
        assert answer.status_code == 302
    else:
        assert expected in faults(answer)["growth_of"]
    growth.refresh_from_db()
    assert (growth.growth_of is None) == (expected is not None)


def test_nature_of_a_level_changed_later_is_refused_where_its_growth_forbids(
    admin: Client,
) -> None:
    users = make_series("webank.users")
    growth = make_series(
        "webank.users-growth", unit="growth", nature="ratio", growth_of=users.indicator
    )
    publish((users, "2018", "1.51亿"), (growth, "2018", "17.5%"), definitions_changed=True)
    answer = fill_in(admin, change_url(users.indicator), nature="rank")
    assert "whose growth is not told" in answer.content.decode()
    users.indicator.refresh_from_db()
    assert users.indicator.nature == "stock"


def test_chinese_editor_is_told_what_a_period_is(admin: Client) -> None:
    chinese = log_in(User.objects.get(username="root"), "zh-hans")
    answer = fill_in(chinese, "/admin/metrics/event/add/", period="20l4")
    assert "应为 2018、2018-S1、2018-Q4、" in faults(answer)["period"]
