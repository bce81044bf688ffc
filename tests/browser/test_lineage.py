"""The lineage of a value: under its row with JavaScript, a page of its own without."""

import pytest

from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LEVEL = "/zh-hans/series/china-internet.wealth-users/"
LINK = "tr[id='2017'] a[data-lineage]"


def test_lineage_opens_under_its_row_and_closes_by_keyboard(visit: Visit) -> None:
    visit.open(LEVEL)
    page = visit.page
    link = page.locator(LINK)
    link.click()
    tree = page.locator("[data-lineage-tree]")
    tree.wait_for()
    assert "CNNIC" in tree.inner_text() or "计算方法" in tree.inner_text()
    assert link.get_attribute("aria-expanded") == "true"
    visit.shoot("lineage-opened")
    link.focus()
    page.keyboard.press("Space")
    assert not tree.is_visible()
    page.keyboard.press("Enter")
    assert tree.is_visible()
    assert page.url.endswith(LEVEL)
    assert visit.faults == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_lineage_is_a_page_that_needs_no_script(visit: Visit, language: str) -> None:
    page = visit.page
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    visit.open(LEVEL.replace("zh-hans", language))
    page.locator(LINK).click()
    page.wait_for_url("**/lineage/?period=2017")
    visit.shoot(f"lineage-{language}")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
    page.locator("[data-lineage-tree] a").first.click()
    page.wait_for_url("**/series/china-internet.wealth-users/#2017")
    assert visit.faults == []
