"""Somebody else saves while one writes, in a real browser."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from cases.models import CaseText
from cases.services.texts import save_revision
from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def save_as_editor(text: CaseText, more: str) -> None:
    latest = text.revisions.order_by("-number")[0]
    save_revision(
        text,
        title=latest.title,
        standfirst=latest.standfirst,
        body=f"{latest.body}\n{more}\n",
        actor=User.objects.get(username="editor"),
        now=timezone.now(),
    )


def look(page: Page) -> None:
    """As when the window comes to the front."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_save_of_another_is_told_compared_and_joined(
    visit: Visit, writing: Page, body: Locator, text: CaseText
) -> None:
    old = body.input_value()
    body.fill(f"我先写一段。\n\n{old}")
    expect(writing.locator("[data-newer]")).to_be_hidden()
    save_as_editor(text, "编辑的一段。")
    look(writing)
    notice = writing.locator("[data-newer]")
    expect(notice).to_contain_text("editor 于")
    notice.get_by_role("button", name="与您的文字比较").click()
    conflict = writing.locator(".conflict")
    expect(conflict.locator("ins")).to_have_text(["我先写一段。"])
    expect(conflict.locator("del")).to_have_text(["编辑的一段。"])
    expect(body).to_have_value(f"我先写一段。\n\n{old}")
    visit.shoot("conflict")
    conflict.get_by_role("button", name="合并两者").click()
    expect(body).to_have_value(f"我先写一段。\n\n{old.strip()}\n\n编辑的一段。\n")
    writing.locator("input[name=_save]").first.click()
    writing.wait_for_selector(".messagelist .info")
    latest = text.revisions.order_by("-number")[0]
    assert latest.body.startswith("我先写一段。")
    assert latest.body.endswith("编辑的一段。\n")
    assert visit.faults == []


def test_plain_save_is_refused_until_mine_is_said_to_be_the_newest(
    writing: Page, body: Locator, text: CaseText
) -> None:
    save_as_editor(text, "编辑的一段。")
    body.fill("只有我的。")
    writing.locator("input[name=_save]").first.click()
    expect(writing.locator(".errornote + .errorlist")).to_contain_text("editor 于")
    expect(body).to_have_value("只有我的。")
    assert text.revisions.count() == 2
    writing.get_by_role("button", name="以我的为最新稿保存").click()
    writing.wait_for_selector(".messagelist .info")
    assert text.revisions.order_by("-number")[0].body == "只有我的。\n"
