"""A reader reports an error in a figure, and an editor finds it in the queue."""

import pytest
from playwright.sync_api import expect

from cases.models import Drift
from tests.browser.axe import violations
from tests.browser.visit import DESK, PHONE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {"zh-hans": ("报告错误", "提交"), "en": ("Report an error", "Send")}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_record_of_a_figure_leads_to_the_queue(visit: Visit, language: str) -> None:
    link, send = WORDS[language]
    page = visit.page
    visit.open(f"/{language}/cases/webank/")
    page.locator("main p a.figure").first.click()
    page.locator(".note:visible").get_by_role("link", name=link).click()
    expect(page.locator("h1")).to_have_text(link)
    visit.shoot(f"report-{language}")
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.locator("#words").fill("年报第 5 页是另一个数。")
    page.get_by_role("button", name=send).click()
    page.wait_for_url(f"**/{language}/report/sent/")
    visit.shoot(f"reported-{language}")
    row = Drift.objects.get()
    assert row.text is not None
    assert (row.kind, row.text.language, row.report) == (
        "report", language, "年报第 5 页是另一个数。",
    )  # fmt: skip
    assert row.series is not None
    assert row.series.key in row.source
    assert visit.faults == []
