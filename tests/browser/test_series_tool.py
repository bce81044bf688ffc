"""A reader transforms a series by its form, takes it home as a file, and prints a case."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_compare import fits
from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SERIES = "/series/china-internet.wealth-users/"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_reader_indexes_a_series_and_goes_back(visit: Visit, language: str) -> None:
    page = visit.page
    visit.open(f"/{language}{SERIES}")
    fits(page)
    page.locator(".series-tool summary").click()
    page.select_option("#units", "idx")
    page.click(".series-tool__form button")
    page.wait_for_url("**?units=idx&index_base=2017")  # the rest of the form is left out
    expect(page.locator("[data-chart]")).to_have_count(1)
    page.fill("#index_base", "2018")
    page.click(".series-tool__form button")
    page.wait_for_url("**?units=idx&index_base=2018")
    visit.shoot(f"series-index-{language}")
    fits(page)
    page.locator(".series-tool__state a").click()
    page.wait_for_url(f"**/{language}{SERIES}")
    assert visit.faults == []


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "zip"])
def test_reader_takes_a_series_home(visit: Visit, form: str) -> None:
    visit.open(f"/en{SERIES}?units=pch")
    with visit.page.expect_download() as download:
        visit.page.locator(f".downloads a[href*='.{form}?units=pch']").click()
    assert download.value.suggested_filename.startswith("china-internet.wealth-users-en-")
    assert download.value.suggested_filename.endswith(f".{form}")


def test_printed_case_has_its_records_and_no_controls(visit: Visit) -> None:
    page = visit.page
    visit.open("/en/cases/webank/")
    page.emulate_media(media="print")
    for hidden in (".site-nav", ".text-contents", ".downloads", ".as-of", ".report-link"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.locator(".note:visible").count() == page.locator(".note").count() > 10
    expect(page.locator(".print-only")).to_be_visible()
    expect(page.locator(".exhibit__data table").first).to_be_visible()
    expect(page.locator(".note__links").first).to_be_hidden()
    page.emulate_media(media="screen")
    assert page.locator(".note:visible").count() == 0
    assert visit.faults == []
