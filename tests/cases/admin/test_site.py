"""The admin as one site: sections, dashboard, languages, guide."""

import re

import pytest
from django.contrib import admin as django_admin
from django.test import Client

from tests.metrics.admin.staff import log_in

pytestmark = pytest.mark.django_db


def sections(browser: Client) -> list[str]:
    return [app["app_label"] for app in browser.get("/admin/").context["app_list"]]


def test_models_are_listed_by_what_editors_do(admin: Client) -> None:
    assert sections(admin)[:2] == ["texts", "data"]
    assert sections(admin)[-1] == "machinery"
    apps = admin.get("/admin/").context["app_list"]
    listed = [model["model"] for app in apps for model in app["models"]]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(django_admin.site._registry)


def test_page_of_one_app_keeps_djangos_list(admin: Client) -> None:
    assert admin.get("/admin/cases/").status_code == 200


@pytest.mark.parametrize("browser", ["author", "editor", "publisher", "admin"])
def test_every_role_sees_its_panels(browser: str, request: pytest.FixtureRequest) -> None:
    page = request.getfixturevalue(browser).get("/admin/")
    keys = [shown.panel.key for shown in page.context["panels"]]
    assert keys == [
        "waiting", "scheduled", "published", "imports", "failing-imports", "overdue", "conflicts",
        "refresh", "drift", "review", "approved", "lagging",
        *(["webhooks"] if browser == "admin" else []),
    ]  # fmt: skip


def test_staff_without_rights_sees_no_panel(admin: Client, django_user_model: type) -> None:
    nobody = django_user_model.objects.create_user("nobody", is_staff=True)  # type: ignore[attr-defined]
    assert log_in(nobody).get("/admin/").context["panels"] == []


@pytest.mark.parametrize(
    ("browser", "expected"),
    [
        ("author", {"write", "consistency"}),
        ("editor", {"write", "values", "import", "compose", "consistency"}),
        ("publisher", {"write", "values", "import", "compose", "decide", "consistency"}),
    ],
)
def test_every_role_has_its_quick_links(
    browser: str, expected: set[str], request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(browser)
    page = client.get("/admin/")
    links = page.context["quick_links"]
    assert {shown.link.key for shown in links} == expected
    assert {client.get(shown.url).status_code for shown in links} == {200}


@pytest.mark.parametrize("path", ["/admin/", "/admin/guide/"])
def test_who_is_not_staff_is_sent_to_log_in(client: Client, path: str) -> None:
    assert client.get(path).status_code == 302


def test_guide_tells_docs_editing(admin: Client) -> None:
    page = admin.get("/admin/guide/").content.decode()
    assert 'id="correct-a-value"' in page
    assert not re.search(r"<script(?![^>]*\ssrc=)|\son[a-z]+=|<style|\sstyle=", page)


def test_language_chosen_in_the_admin_stays(admin: Client) -> None:
    answer = admin.post("/i18n/setlang/", {"language": "zh-hans", "next": "/admin/"})
    assert answer["Location"] == "/admin/"
    page = admin.get("/admin/", headers={"accept-language": "en"}).content.decode()
    assert "等待审批的发布" in page
