"""The way of a reader and of a publisher, from the home page to a corrected number."""

import pytest

from tests.browser.conftest import log_in
from tests.browser.visit import SCREENSHOTS, Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.worker,
    pytest.mark.usefixtures("worker", "leave_to_worker"),
    pytest.mark.django_db(transaction=True),
]

# The promise is one second, and 0.2 to 0.3 is what it takes; but the machine of the tests also
# runs the browser, the worker and other tests.
PATIENCE_SECONDS = 3.0
CASE = "/zh-hans/cases/webank/"
LEVEL = "/zh-hans/series/china-internet.wealth-users/"


def test_reader_walks_and_publisher_corrects(visit: Visit) -> None:
    read(visit)
    log_in(visit)
    correct(visit, "webank.registered-users", "2017", "超过6,100万", expected="超过6,000万")
    visit.seconds_until(CASE, "6,100万", within=PATIENCE_SECONDS)
    assert "超过6,000万 → 现为： 超过6,100万" in " ".join(
        visit.page.inner_text("section.notices").replace("\u2009", "").split()
    )
    assert "6,000万" not in " ".join(
        visit.page.locator("main > p, main > header").all_inner_texts()
    )
    visit.shoot("case-corrected")
    correct(visit, "china-internet.wealth-users-growth", "2018", "20.8%", expected="17.5%")
    visit.seconds_until(LEVEL, "1.25亿", within=PATIENCE_SECONDS)
    visit.shoot("series-implied-anew")
    write(visit)
    assert visit.faults == []


def read(visit: Visit) -> None:
    """Home, a case, the series behind a figure of it, the same in English."""
    page = visit.page
    visit.open("/")
    assert page.url == f"{visit.site}/zh-hans/"
    visit.shoot("home")
    page.locator(f"main a[href='{CASE}']").first.click()
    page.wait_for_url(f"**{CASE}")
    assert "6,000万" in page.inner_text("main")
    visit.shoot("case")
    page.locator("main p a.figure[href*='/series/webank.registered-users/']").first.click()
    note = page.locator("aside.note:visible")
    assert "超过6,000万" in note.inner_text().replace("\u2009", "").replace(" ", "")
    visit.page.screenshot(path=SCREENSHOTS / "record-1280.png")  # what changes no size
    note.locator(".note__links a").first.click()
    page.wait_for_url("**/zh-hans/series/webank.registered-users/**")
    visit.shoot("series")
    page.locator("header a[hreflang='en']").first.click()
    page.wait_for_url("**/en/series/webank.registered-users/")
    assert "60 million" in page.inner_text("main")
    visit.shoot("series-en")
    visit.open(LEVEL)
    assert "1.285亿" in page.inner_text("main")


def correct(visit: Visit, series: str, period: str, stated: str, *, expected: str) -> None:
    """Find the value in the list, say what the source states, and why."""
    page = visit.page
    visit.open(f"/admin/metrics/observation/?q={series}")
    row = page.locator("#result_list tbody tr", has=page.get_by_text(period, exact=True)).first
    row.locator("th a").click()
    page.wait_for_selector("#id_stated")
    assert page.input_value("#id_stated") == expected
    page.fill("#id_stated", stated)
    page.fill("#id_reason_zh_hans", "原文数字有误")
    visit.shoot("correction")
    page.locator("input[name=_save]").first.click()
    page.wait_for_selector(".messagelist .success")
    visit.shoot("corrected")


def write(visit: Visit) -> None:
    """An author writes, an editor asks back and approves, a publisher publishes."""
    page = visit.page
    log_in(visit, "author")
    visit.open("/admin/cases/casetext/?q=webank&language__exact=zh-hans")
    page.get_by_role("link", name="webank", exact=True).click()
    page.wait_for_selector("#id_standfirst")
    visit.shoot("text")
    page.fill("#id_standfirst", "一家没有网点的银行。")
    page.locator("input[name=_review]").first.click()
    step(visit, "submitted")
    review = page.url.removeprefix(visit.site)
    log_in(visit, "editor")
    visit.open(review)
    comment(visit, "哪一年？")
    visit.shoot("review")
    page.locator(".remark__settle").first.click()
    step(visit, "approved")
    log_in(visit)
    visit.open(review)
    step(visit, "published")
    visit.seconds_until(CASE, "一家没有网点的银行。", within=PATIENCE_SECONDS)
    visit.open("/admin/metrics/release/")
    visit.shoot("releases")
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_selector("#content-main")
    visit.shoot("release")


def step(visit: Visit, kind: str) -> None:
    visit.page.locator(f"button[name=step][value={kind}]").click()
    visit.page.wait_for_selector(".messagelist .success")


def comment(visit: Visit, words: str) -> None:
    block = visit.page.locator(".review__block").first
    block.locator(".review__write summary").click()
    block.locator("textarea").fill(words)
    block.locator(".review__write button").click()
    visit.page.wait_for_selector(".remark")
