"""A reader sets series side by side, from a series page, on a phone as on a desk."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.visit import DESK, PHONE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STEPS = {
    "zh-hans": ("与其他序列比较", "添加单位相同的序列", "同比增长率"),
    "en": ("Compare with other series", "Add a series of the same unit", "Percent change from"),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_reader_compares_from_a_series_page(visit: Visit, language: str) -> None:
    page, (compare, add, change) = visit.page, STEPS[language]
    visit.open(f"/{language}/series/china-internet.users/")
    page.get_by_role("link", name=compare).click()
    page.wait_for_url("**/compare/?s=china-internet.users")
    page.get_by_text(add).click()
    page.locator("a[href*='~china-internet.mobile-users']").click()
    page.wait_for_url("**~china-internet.mobile-users")
    expect(page.locator("[data-chart]")).to_have_count(1)
    visit.shoot(f"compare-{language}")
    fits(page)
    page.get_by_role("link", name=change).first.click()
    page.wait_for_url("**&units=pc1")
    page.fill("#from", "2017")
    page.click(".compare-form button")
    page.wait_for_url("**from=2017**")
    assert visit.faults == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_series_of_different_units_stand_in_panels(visit: Visit, language: str) -> None:
    page = visit.page
    query = "s=webank.registered-users~webank.cumulative-loans~china-internet.users"
    visit.open(f"/{language}/compare/?{query}")
    expect(page.locator("[data-chart]")).to_have_count(3)
    expect(page.locator(".compare-guard")).to_be_visible()
    visit.shoot(f"compare-panels-{language}")
    fits(page)
    assert visit.faults == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_page_without_series_asks_for_some(visit: Visit, language: str) -> None:
    visit.open(f"/{language}/compare/")
    fits(visit.page)
    assert visit.faults == []


def fits(page: Page) -> None:
    """Nothing is wider than the screen, and axe finds nothing, in light and in dark."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert violations(page) == []
