"""Writing a text in a real browser: the tools over the body, their keys, undo."""

import pytest
from playwright.sync_api import Locator, Page, expect

from cases.models import CaseText
from tests.browser.conftest import log_in
from tests.browser.editing import select, selected
from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_buttons_and_keys_mark_what_is_selected_and_undo_takes_it_back(
    visit: Visit, writing: Page, body: Locator
) -> None:
    body.fill("一个词和另一个词。")
    select(body, "另一个词")
    writing.keyboard.press("Control+b")
    expect(body).to_have_value("一个词和**另一个词**。")
    assert selected(body) == "另一个词"
    writing.keyboard.press("Control+i")
    expect(body).to_have_value("一个词和***另一个词***。")
    writing.keyboard.press("Control+b")
    expect(body).to_have_value("一个词和*另一个词*。")
    for _ in range(3):
        writing.keyboard.press("Control+z")
    expect(body).to_have_value("一个词和另一个词。")
    writing.keyboard.press("Control+y")
    expect(body).to_have_value("一个词和**另一个词**。")
    select(body, "另一个词")
    writing.get_by_role("button", name="加粗").click()
    expect(body).to_have_value("一个词和另一个词。")
    assert visit.faults == []


def test_links_lists_and_headings_are_made_of_lines(
    visit: Visit, writing: Page, body: Locator
) -> None:
    body.fill("甲\n乙\n\n丙")
    select(body, "甲\n乙")
    writing.get_by_role("button", name="列表", exact=True).click()
    expect(body).to_have_value("- 甲\n- 乙\n\n丙")
    writing.get_by_role("button", name="编号列表").click()
    expect(body).to_have_value("1. 甲\n2. 乙\n\n丙")
    writing.get_by_role("button", name="编号列表").click()
    expect(body).to_have_value("甲\n乙\n\n丙")
    select(body, "丙")
    writing.get_by_role("button", name="小标题", exact=True).click()
    writing.get_by_role("button", name="次级小标题").click()
    expect(body).to_have_value("甲\n乙\n\n### 丙")
    select(body, "乙")
    writing.keyboard.press("Control+k")
    writing.keyboard.type("https://example.org")
    expect(body).to_have_value("甲\n[乙](https://example.org)\n\n### 丙")
    visit.shoot("editor-tools")


def test_toolbar_is_one_stop_of_the_tab_key(writing: Page) -> None:
    first = writing.get_by_role("toolbar").get_by_role("button").first
    first.focus()
    writing.keyboard.press("ArrowRight")
    expect(writing.get_by_role("button", name="斜体")).to_be_focused()
    writing.keyboard.press("Tab")
    expect(writing.locator("#id_body")).to_be_focused()


def test_page_is_a_plain_form_without_scripts(site: str, visit: Visit, text: CaseText) -> None:
    browser = visit.page.context.browser
    assert browser is not None
    plain = Visit(site, browser.new_context(java_script_enabled=False, locale="en").new_page())
    log_in(plain, "author")
    plain.open(f"/admin/cases/casetext/{text.pk}/change/")
    expect(plain.page.get_by_role("toolbar")).to_have_count(0)
    plain.page.fill("#id_standfirst", "没有脚本也能写。")
    plain.page.locator("input[name=_save]").first.click()
    plain.page.wait_for_selector(".messagelist .info")
    latest = text.revisions.order_by("-number").first()
    assert latest is not None
    assert latest.standfirst == "没有脚本也能写。"
    assert plain.faults == []
