"""The picker of figures in a real browser."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.editing import put_caret, select
from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_picker(page: Page) -> Locator:
    page.get_by_role("button", name="数值…").click()
    return page.get_by_role("dialog", name="数值")


def test_figure_is_found_seen_and_put_at_the_caret(
    visit: Visit, writing: Page, body: Locator
) -> None:
    body.fill("用户有【】人。")
    select(body, "【】")
    dialog = open_picker(writing)
    expect(dialog.get_by_role("combobox", name="序列")).to_be_focused()
    writing.keyboard.type("webank 注册")
    option = dialog.get_by_role("option").filter(has_text="webank.registered-users")
    expect(option).to_have_attribute("aria-selected", "true")
    writing.keyboard.press("Enter")
    expect(dialog.locator("[data-printed]")).to_have_text("超过6,000万")
    dialog.get_by_label("时期").select_option("2017")
    expect(dialog.locator("[data-token]")).to_have_text("{{ webank.registered-users@2017 }}")
    dialog.get_by_label("不带").check()
    expect(dialog.locator("[data-printed]")).to_have_text("6,000万")
    visit.shoot("figure-picker")
    dialog.get_by_role("button", name="插入").click()
    expect(body).to_have_value("用户有{{ webank.registered-users@2017 | plain }}人。")
    expect(body).to_be_focused()
    writing.keyboard.press("Control+z")
    expect(body).to_have_value("用户有【】人。")
    assert visit.faults == []


def test_picker_opens_on_the_token_under_the_caret(writing: Page, body: Locator) -> None:
    body.fill("有{{ webank.registered-users@2017 | scale:亿 }}人。")
    put_caret(body, before="users")
    dialog = open_picker(writing)
    expect(dialog.locator("[data-printed]")).to_have_text("超过0.6亿")
    expect(dialog.get_by_label("数量级")).to_have_value("亿")
    dialog.get_by_label("数量级").select_option("")
    expect(dialog.locator("[data-printed]")).to_have_text("超过6,000万")
    dialog.get_by_role("button", name="插入").click()
    expect(body).to_have_value("有{{ webank.registered-users@2017 }}人。")


def test_what_has_no_value_is_not_put_into_the_text(
    visit: Visit, writing: Page, body: Locator
) -> None:
    body.fill("有{{ webank.registered-users@2016 }}人，又{{ webank.nobody@2017 }}人。")
    put_caret(body, before="@2016")
    dialog = open_picker(writing)
    expect(dialog.locator("[data-facts]")).to_contain_text("读者会看到一条横线")
    expect(dialog.get_by_role("button", name="插入")).to_be_disabled()
    writing.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    put_caret(body, before="nobody")
    open_picker(writing)
    expect(dialog.get_by_role("alert")).to_contain_text("webank.nobody")
    dialog.get_by_role("button", name="取消").click()
    expect(body).to_have_value(
        "有{{ webank.registered-users@2016 }}人，又{{ webank.nobody@2017 }}人。"
    )


def test_figure_goes_into_the_field_that_was_last(writing: Page) -> None:
    standfirst = writing.locator("#id_standfirst")
    standfirst.fill("有 人")
    select(standfirst, " ")
    dialog = open_picker(writing)
    writing.keyboard.type("webank.registered-users")
    expect(dialog.get_by_role("option")).to_have_count(1)
    writing.keyboard.press("Enter")
    dialog.get_by_role("button", name="插入").click()
    expect(standfirst).to_have_value("有{{ webank.registered-users@latest }}人")
