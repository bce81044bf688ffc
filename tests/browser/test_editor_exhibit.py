"""The forms of exhibits in a real browser."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.editing import put_caret
from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = "webank.registered-users"


def test_chart_is_built_corrected_and_opened_again(
    visit: Visit, writing: Page, body: Locator
) -> None:
    body.fill("前。\n\n后。")
    put_caret(body, before="\n\n后")
    writing.get_by_role("button", name="图表…").click()
    dialog = writing.get_by_role("dialog", name="图表")
    keys = dialog.locator(".search input")
    dialog.get_by_label("类型").select_option("column")
    dialog.get_by_label("标题 *").fill("用户")
    keys.first.fill("微众 注册")
    dialog.get_by_role("option").filter(has_text=KEY).click()
    expect(keys.first).to_have_value(KEY)
    dialog.get_by_role("button", name="加一个序列").click()
    expect(keys.nth(1)).to_be_focused()
    writing.keyboard.type("没有")
    dialog.get_by_role("button", name="插入").click()
    expect(dialog.get_by_role("alert")).to_contain_text("序列的键")
    expect(keys.nth(1)).to_have_attribute("aria-invalid", "true")
    visit.shoot("exhibit-refused")
    writing.keyboard.press("Escape")
    writing.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    writing.get_by_role("button", name="图表…").click()
    expect(dialog.get_by_label("标题 *")).to_have_value("用户")
    dialog.get_by_role("button", name="删去这一行").nth(1).click()
    dialog.get_by_role("button", name="插入").click()
    block = f"```chart\ntype: column\ntitle: 用户\nseries:\n- {KEY}\n```"
    expect(body).to_have_value(f"前。\n\n{block}\n\n后。")
    put_caret(body, before="用户")
    writing.get_by_role("button", name="图表…").click()
    expect(keys.first).to_have_value(KEY)
    dialog.get_by_label("标题 *").fill("注册用户")
    dialog.get_by_role("button", name="插入").click()
    expect(body).to_have_value(f"前。\n\n{block.replace('用户', '注册用户')}\n\n后。")
    writing.keyboard.press("Control+z")
    writing.keyboard.press("Control+z")
    expect(body).to_have_value("前。\n\n后。")
    assert [one for one in visit.faults if "400" not in one] == []


def test_key_figure_takes_its_value_from_the_picker(writing: Page, body: Locator) -> None:
    body.fill("")
    writing.get_by_role("button", name="关键数字…").click()
    dialog = writing.get_by_role("dialog", name="关键数字")
    dialog.get_by_role("button", name="选择…").click()
    picker = writing.get_by_role("dialog", name="数值")
    picker.get_by_role("combobox", name="序列").fill(KEY)
    picker.get_by_role("option").click()
    picker.get_by_label("时期").select_option("2017")
    picker.get_by_role("button", name="插入").click()
    expect(dialog.get_by_label("数值 *")).to_have_value(f"{KEY}@2017")
    dialog.get_by_label("标签 *").fill("注册用户")
    dialog.get_by_role("button", name="插入").click()
    expect(body).to_have_value(f"```key-figures\n- value: {KEY}@2017\n  label: 注册用户\n```\n")
