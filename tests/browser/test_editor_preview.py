"""The live preview in a real browser."""

import pytest
from playwright.sync_api import Locator, Page, expect

from cases.models import CaseText
from tests.browser.conftest import log_in
from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_preview_follows_the_words_in_both_languages_and_widths(
    visit: Visit, writing: Page, body: Locator
) -> None:
    frame = writing.frame_locator("[data-preview] iframe")
    body.fill("它有{{ webank.registered-users@2017 }}名用户。\n\n## 一节\n\n" + "长文。\n\n" * 40)
    expect(frame.locator("main")).to_contain_text("它有超过6,000万名用户。")
    expect(frame.locator(".preview-note")).to_have_text("预览：未保存的文字")
    width = "() => document.querySelector('[data-preview] iframe').contentWindow.innerWidth"
    assert writing.evaluate(width) == 390
    place = "document.querySelector('[data-preview] iframe').contentWindow"
    writing.evaluate(f"() => {place}.scrollTo({{ top: 300, behavior: 'instant' }})")
    body.press_sequentially("最后一句")
    expect(frame.locator("main")).to_contain_text("最后一句")
    assert writing.evaluate(f"() => {place}.scrollY") == 300
    writing.locator("[data-preview-width]").select_option("1280")
    assert writing.evaluate(width) == 1280
    visit.shoot("preview-desk")
    writing.locator("[data-preview-language]").select_option(label="English")
    expect(frame.locator("h1")).to_contain_text("WeBank")
    writing.locator("[data-preview-width]").select_option("390")
    visit.shoot("preview-english")
    writing.locator("[data-preview-language]").select_option(label="简体中文")
    expect(frame.locator("main")).to_contain_text("最后一句")
    assert visit.faults == []


def test_link_of_the_preview_opens_a_window_of_its_own(writing: Page, body: Locator) -> None:
    frame = writing.frame_locator("[data-preview] iframe")
    body.fill("它有{{ webank.registered-users@2017 }}名用户。")
    expect(frame.locator("main")).to_contain_text("它有超过6,000万名用户。")
    with writing.expect_popup() as opened:
        frame.locator("main p a.figure").first.click()
    opened.value.wait_for_url("**/zh-hans/series/webank.registered-users/**")
    frame.locator(".byline a[href='#sources']").click()
    expect(frame.locator("#sources")).to_be_visible()
    assert len(writing.context.pages) == 2


def test_without_scripts_a_button_opens_the_preview(
    site: str, visit: Visit, text: CaseText
) -> None:
    browser = visit.page.context.browser
    assert browser is not None
    plain = Visit(site, browser.new_context(java_script_enabled=False, locale="en").new_page())
    log_in(plain, "author")
    plain.open(f"/admin/cases/casetext/{text.pk}/change/")
    plain.page.fill("#id_title", "新的标题")
    with plain.page.expect_popup() as opened:
        plain.page.get_by_role("button", name="Preview in a window").click()
    expect(opened.value.locator("h1")).to_have_text("新的标题")
    assert opened.value.url.endswith("/zh-hans/preview/webank/")
    assert text.revisions.count() == 1
    assert plain.faults == []
