"""Whether everybody can use the editor: axe finds nothing serious, in either theme."""

import pytest
from playwright.sync_api import Locator, Page, expect

from cases.models import CaseText
from tests.browser.axe import serious_violations
from tests.browser.test_editor_conflict import save_as_editor
from tests.browser.visit import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_and_its_dialogs_have_no_serious_fault(
    writing: Page, body: Locator, theme: str
) -> None:
    writing.evaluate(f"() => {{ document.documentElement.dataset.theme = '{theme}'; }}")
    writing.locator(".how summary").click()
    expect(writing.locator("[data-said]")).not_to_be_empty()
    for size in (PHONE, DESK):
        writing.set_viewport_size(size)
        assert serious_violations(writing) == []
        assert writing.evaluate("document.documentElement.scrollWidth") <= size["width"]
    body.fill("有{{ webank.registered-users@2017 }}人。")
    body.press("ArrowLeft")
    body.press("ArrowLeft")
    writing.get_by_role("button", name="数值…").click()
    expect(writing.locator("[data-printed]")).to_have_text("超过6,000万")
    writing.locator("#figure-search").fill("webank")
    expect(writing.locator("#figure-search-list li").first).to_be_visible()
    assert serious_violations(writing) == []
    writing.keyboard.press("Escape")
    writing.keyboard.press("Escape")
    for name in ("图表…", "表格…", "关键数字…", "时间线…", "提示…"):
        writing.get_by_role("button", name=name).click()
        expect(writing.locator("dialog[open]")).to_be_visible()
        assert serious_violations(writing) == []
        writing.keyboard.press("Escape")


def test_offer_and_conflict_have_no_serious_fault(
    writing: Page, body: Locator, text: CaseText
) -> None:
    body.fill("没有保存的话。")
    expect(writing.locator("[data-kept]")).to_contain_text("已保留")
    writing.reload()
    assert serious_violations(writing) == []
    save_as_editor(text, "编辑的一段。")
    writing.get_by_role("link", name="恢复").click()
    writing.locator("input[name=_save]").first.click()
    expect(writing.locator(".conflict")).to_be_visible()
    for size in (PHONE, DESK):
        writing.set_viewport_size(size)
        assert serious_violations(writing) == []
        assert writing.evaluate("document.documentElement.scrollWidth") <= size["width"]
