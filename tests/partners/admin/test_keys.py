"""Keys in the admin: made, shown once, rotated, revoked; and by whom."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from partners.models import ApiKey, KeyDay, Partner
from partners.services.keys import revoke_key
from partners.services.roles import MANAGER
from tests.metrics.admin.forms import fill_in
from tests.metrics.admin.staff import browser_of, log_in
from tests.partners.conftest import Issued

pytestmark = pytest.mark.django_db

ADD = "/admin/partners/apikey/add/"
URL = "/api/v1/units"


def page_of(key: ApiKey, page: str = "change") -> str:
    return f"/admin/partners/apikey/{key.pk}/{page}/"


def filled(whose: Partner, **fields: Any) -> dict[str, Any]:
    return {"partner": whose.pk, "name": "nightly", "scopes": ["read", "bulk"], **fields}


def shown(answer: Any) -> str:
    """The secret on a page."""
    found = re.search(r'<p class="secret"><code>([^<]+)</code>', answer.content.decode())
    assert found, answer.content.decode()
    return found.group(1)


def status_with(text: str) -> int:
    return int(Client().get(URL, headers={"authorization": f"Api-Key {text}"}).status_code)


def test_new_key_is_shown_on_the_answer_and_nowhere_else(
    manager: Client, manager_user: User, partner: Partner
) -> None:
    answer = manager.post(ADD, filled(partner, quota="500"))
    text = shown(answer)
    assert "no-store" in answer["Cache-Control"]
    key = ApiKey.objects.get()
    assert (key.partner, key.quota, key.scopes) == (partner, 500, ["bulk", "read"])
    assert key.created_by == manager_user
    secret = text.partition(".")[2]
    for url in (page_of(key), page_of(key, "history"), "/admin/partners/apikey/", "/admin/"):
        page = manager.get(url)
        assert page.status_code == 200
        assert secret not in page.content.decode(), url
        assert key.hashed_key not in page.content.decode(), url
    kept = [*LogEntry.objects.values_list("change_message", "object_repr")]
    kept += [session.get_decoded() for session in Session.objects.all()]
    assert secret not in str(kept)
    assert status_with(text) == 200


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["write"]}, "scopes"),
        ({"quota": "0"}, "quota"),
        ({"quota": "99999999999"}, "quota"),
        ({"partner": ""}, "partner"),
        ({"expires_at": "2020-01-01T00:00"}, "expires_at"),
    ],
)
def test_form_that_is_wrong_makes_no_key(
    manager: Client, partner: Partner, fields: dict[str, Any], field: str
) -> None:
    answer = manager.post(ADD, filled(partner, **fields))
    assert list(answer.context["form"].errors) == [field]
    assert not ApiKey.objects.exists()


def test_rotation_shows_the_new_key_and_ends_the_old_one(manager: Client, issued: Issued) -> None:
    text = shown(manager.post(page_of(issued.key, "rotate"), {"hours": "24"}))
    issued.key.refresh_from_db()
    left = issued.key.expiry_date - timezone.now()
    assert timedelta(hours=23) < left <= timedelta(hours=24)
    assert (status_with(text), status_with(issued.text)) == (200, 200)


def test_rotation_at_once_leaves_only_the_new_key(manager: Client, issued: Issued) -> None:
    text = shown(manager.post(page_of(issued.key, "rotate"), {"hours": "0"}))
    assert (status_with(text), status_with(issued.text)) == (200, 401)


def test_key_that_is_no_good_offers_no_rotation(manager: Client, issued: Issued) -> None:
    revoke_key(issued.key, actor=None, now=timezone.now())
    page = manager.get(page_of(issued.key)).content.decode()
    assert "/rotate/" not in page
    assert "/revoke/" not in page
    answer = manager.post(page_of(issued.key, "rotate"), {"hours": "0"})
    assert answer.context["form"].non_field_errors()
    assert ApiKey.objects.count() == 1


def test_revocation_is_asked_for_first_and_then_counts_at_once(
    manager: Client, manager_user: User, issued: Issued
) -> None:
    assert manager.get(page_of(issued.key, "revoke")).status_code == 200
    assert status_with(issued.text) == 200
    assert manager.post(page_of(issued.key, "revoke")).status_code == 302
    assert status_with(issued.text) == 401
    issued.key.refresh_from_db()
    assert issued.key.revoked_by == manager_user


def test_page_of_a_key_tells_how_often_it_was_used(manager: Client, issued: Issued) -> None:
    KeyDay.objects.create(
        key=issued.key, day=timezone.now().date() - timedelta(days=2), requests=1234
    )
    for _ in range(3):
        status_with(issued.text)
    usage = manager.get(page_of(issued.key)).context["usage"]
    assert (usage.used, usage.quota) == (3, 10_000)
    assert [one.requests for one in usage.days[:3]] == [3, 0, 1234]
    assert len(usage.days) == 14


def test_partner_that_is_switched_off_is_refused_at_once(
    manager: Client, issued: Issued, partner: Partner
) -> None:
    fill_in(manager, f"/admin/partners/partner/{partner.pk}/change/", is_active="")
    assert status_with(issued.text) == 401


PAGES = ["change", "rotate", "revoke"]


@pytest.mark.parametrize("role", ["nobody", "Author", "Editor", "Publisher"])
def test_other_roles_see_and_do_nothing_of_keys(role: str, issued: Issued) -> None:
    browser = browser_of(role)
    for url in [ADD, "/admin/partners/apikey/", *(page_of(issued.key, name) for name in PAGES)]:
        assert browser.get(url).status_code == 403, url
        assert browser.post(url, {"hours": "0"}).status_code == 403, url
    assert [app["app_label"] for app in browser.get("/admin/").context["app_list"]].count(
        "partners"
    ) == 0
    assert status_with(issued.text) == 200


def test_who_may_only_look_changes_nothing(issued: Issued) -> None:
    user = User.objects.create_user("auditor", is_staff=True)
    user.user_permissions.add(
        Permission.objects.get(codename="view_apikey", content_type__app_label="partners")
    )
    browser = log_in(user)
    page = browser.get(page_of(issued.key))
    assert page.status_code == 200
    assert "/rotate/" not in page.content.decode()
    for url in (ADD, page_of(issued.key, "rotate"), page_of(issued.key, "revoke")):
        assert browser.post(url, {"hours": "0"}).status_code == 403


def test_manager_sees_partners_and_nothing_of_texts_or_data(manager: Client) -> None:
    sections = [app["app_label"] for app in manager.get("/admin/").context["app_list"]]
    assert sections == ["partners"]
    assert manager.get("/admin/metrics/observation/").status_code == 403


def test_manager_has_every_right_in_this_app_and_no_other() -> None:
    rights = Group.objects.get(name=MANAGER).permissions
    apps = set(rights.values_list("content_type__app_label", flat=True))
    assert apps == {"partners"}
    assert rights.filter(codename="change_apikey").exists()


def test_nobody_deletes_a_key(issued: Issued) -> None:
    root = log_in(User.objects.create_superuser("root"))
    assert root.post(page_of(issued.key, "delete"), {"post": "yes"}).status_code == 403
    assert ApiKey.objects.filter(pk=issued.key.pk).exists()
