"""A reader finds a text and a series from any page, on a phone as on a desk."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.visit import DESK, PHONE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 640}
ASKED = {"zh-hans": ("微众银行", "/zh-hans/cases/webank/"), "en": ("loans", "/en/cases/webank/")}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_reader_searches_from_the_header(visit: Visit, language: str) -> None:
    page, (words, address) = visit.page, ASKED[language]
    visit.open(f"/{language}/methods/")
    page.set_viewport_size(PHONE)
    page.fill("#site-search", words)
    page.press("#site-search", "Enter")
    page.wait_for_url("**/search/?q=*")
    expect(page.locator(".search-list mark").first).to_be_visible()
    visit.shoot(f"search-{language}")
    fits(page)
    page.select_option("#kind", "case")
    page.click(".search-box button")
    page.locator(f".search-list a[href='{address}']").click()
    page.wait_for_url(f"**{address}")
    assert visit.faults == []


@pytest.mark.parametrize("asked", ["en/search/?q=webnak", "zh-hans/search/?q=regulator"])
def test_reader_who_finds_nothing_is_led_on(visit: Visit, asked: str) -> None:
    visit.open(f"/{asked}")
    fits(visit.page)
    visit.page.locator(".search-hint a").click()
    expect(visit.page.locator(".search-list__item").first).to_be_visible()


def fits(page: Page) -> None:
    """Nothing is wider than the screen, and axe finds nothing, in light and in dark."""
    for size in (NARROW, PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert violations(page) == []
