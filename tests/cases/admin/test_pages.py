"""Every page of the admin opens, in few queries, and obeys the strict policy."""

import re

import pytest
from django.contrib import admin as django_admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from simple_history.admin import SimpleHistoryAdmin

from tests.cases.admin.world import make_world

pytestmark = pytest.mark.django_db

MOST_QUERIES = 30
OURS = {
    f"{model._meta.app_label}_{model._meta.model_name}": model_admin
    for model, model_admin in django_admin.site._registry.items()
    if model._meta.app_label in ("metrics", "cases", "partners")
    and not model._meta.proxy  # a computed page without rows (tests/metrics/admin/test_consistency)
}
INLINE_CODE = re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)|\son[a-z]+=|<style")


def list_page(name: str) -> str:
    return reverse(f"admin:{name}_changelist")


def first_row_page(name: str, view: str = "change") -> str:
    row = OURS[name].model._default_manager.order_by("pk").first()
    return reverse(f"admin:{name}_{view}", args=[row.pk])


def queries_of(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = browser.get(url)
    assert response.status_code == 200, url
    return len(captured)


@pytest.fixture
def pages(admin: Client) -> list[str]:
    """The address of every page of every model that has one."""
    make_world(2)
    found = []
    for name, model_admin in OURS.items():
        found += [list_page(name), first_row_page(name), first_row_page(name, "history")]
        if admin.get(reverse(f"admin:{name}_add")).status_code == 200:
            found.append(reverse(f"admin:{name}_add"))
        if isinstance(model_admin, SimpleHistoryAdmin):
            past = first_row_page(name, "history")
            found += re.findall(r'href="(/admin/[^"]*/history/\d+/)"', text_of(admin, past))
    return found


def text_of(browser: Client, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_every_page_opens_without_inline_code(admin: Client, pages: list[str]) -> None:
    assert len(pages) > 3 * len(OURS)
    for url in ["/admin/", *pages]:
        assert not INLINE_CODE.search(text_of(admin, url)), url


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_opens_in_both_languages(admin: Client, pages: list[str], language: str) -> None:
    for url in pages:
        assert admin.get(url, headers={"accept-language": language}).status_code == 200, url


def test_pages_of_few_and_many_rows_cost_the_same_queries(admin: Client) -> None:
    make_world(1)
    urls = {name: list_page(name) for name in OURS}
    few = {name: queries_of(admin, url) for name, url in urls.items()}
    make_world(19, start=1)
    many = {name: queries_of(admin, url) for name, url in urls.items()}
    assert many == few
    assert max(few.values()) <= MOST_QUERIES


def test_every_filter_and_the_search_work(admin: Client) -> None:
    make_world(2)
    for name, model_admin in OURS.items():
        page = admin.get(list_page(name))
        changelist = page.context["cl"]
        queries = {
            choice["query_string"]
            for spec in changelist.filter_specs
            for choice in spec.choices(changelist)
        }
        queries |= {"?q=e-1"} if model_admin.search_fields else set()
        for query in sorted(queries):
            answer = admin.get(list_page(name) + query)
            assert answer.status_code == 200, list_page(name) + query
