"""Unsaved words in a real browser: kept while one types, offered after the window is gone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from cases.models import CaseText, Draft
from tests.browser.conftest import log_in
from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def leave(page: Page) -> None:
    """As a browser that crashes: nobody is asked anything."""
    page.evaluate("addEventListener('beforeunload', (e) => e.stopImmediatePropagation(), true)")
    page.goto("about:blank")


def test_typed_words_are_kept_offered_and_restored(
    visit: Visit, writing: Page, body: Locator, text: CaseText
) -> None:
    address = writing.url
    body.focus()
    body.fill("没有保存的话。")
    kept = writing.locator("[data-kept]")
    expect(kept).to_contain_text("已保留")
    assert Draft.objects.get().body == "没有保存的话。"
    body.press_sequentially("又一句。")
    expect(kept).to_contain_text("已保留")
    leave(writing)
    writing.goto(address)
    expect(writing.locator("[data-offer]")).to_contain_text("未保存的文字")
    visit.shoot("draft-offered")
    writing.get_by_role("link", name="恢复").click()
    expect(body).to_have_value("没有保存的话。又一句。")
    expect(kept).to_contain_text("这是您")
    writing.locator("input[name=_continue]").first.click()
    writing.wait_for_selector(".messagelist .info")
    latest = text.revisions.order_by("-number").first()
    assert latest is not None
    assert latest.body == "没有保存的话。又一句。\n"
    assert not Draft.objects.exists()
    assert visit.faults == []


def test_undecided_words_are_not_replaced_until_discarded(
    visit: Visit, writing: Page, body: Locator
) -> None:
    body.fill("旧的话。")
    kept = writing.locator("[data-kept]")
    expect(kept).to_contain_text("已保留")
    writing.reload()
    body.fill("新的话。")
    expect(kept).to_contain_text("另有一份")
    assert Draft.objects.get().body == "旧的话。"
    writing.get_by_role("button", name="丢弃").click()
    expect(writing.locator("[data-offer]")).to_have_count(0)
    expect(kept).to_contain_text("已保留")
    assert Draft.objects.get().body == "新的话。"


def test_lost_session_is_told_and_tried_again(visit: Visit, writing: Page, body: Locator) -> None:
    writing.clock.install()
    cookies = writing.context.cookies()
    writing.context.clear_cookies()
    body.fill("写到一半。")
    writing.clock.run_for(3_000)
    kept = writing.locator("[data-kept]")
    expect(kept).to_contain_text("暂时无法保留")
    writing.context.add_cookies(cookies)  # type: ignore[arg-type]  # as they were got
    writing.clock.run_for(11_000)
    expect(kept).to_contain_text("已保留")
    assert Draft.objects.get().body == "写到一半。"


def test_log_in_in_another_window_saves_what_was_typed(
    visit: Visit, writing: Page, body: Locator, text: CaseText
) -> None:
    """The page says to do so; the token of its form is then an old one."""
    writing.clock.install()
    address = writing.url
    writing.context.clear_cookies()
    body.fill("写到一半。")
    writing.clock.run_for(3_000)
    kept = writing.locator("[data-kept]")
    expect(kept).to_contain_text("暂时无法保留")
    writing.locator("input[name=_continue]").first.click()
    assert writing.url == address
    expect(body).to_have_value("写到一半。")
    other = writing.context.new_page()
    log_in(Visit(visit.site, other), "author")
    other.close()
    writing.clock.run_for(11_000)
    expect(kept).to_contain_text("已保留")
    writing.locator("input[name=_continue]").first.click()
    writing.wait_for_selector(".messagelist .info")
    assert text.revisions.order_by("-number")[0].body == "写到一半。\n"
