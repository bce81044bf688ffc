"""Every kind of page, as readers of every kind meet it: no fault of axe, nothing cut off, light."""

import gzip
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.visit import DESK, PHONE, Visit
from tests.shipped import FAULTY, LANGUAGES, PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# 640 is a desk of 1280 at 200%.
WIDTHS = (320, 390, 640, 768, 1280)
MOST_HTML, MOST_SCRIPT = 60_000, 20_000
SHIFTS = """
    new Promise((done) => {
      let sum = 0;
      new PerformanceObserver((list) => {
        for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value;
      }).observe({ type: "layout-shift", buffered: true });
      requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 50)));
    })
"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES + FAULTY)
def test_page_is_for_everybody(visit: Visit, language: str, path: str) -> None:
    visit.open(f"/{language}/{path}")
    is_fault = path in FAULTY
    assert [one for one in visit.faults if not is_fault] == []
    assert fits(visit.page) == []
    assert seen(visit.page) == []


def fits(page: Page) -> list[int]:
    """The widths at which something is wider than the screen."""
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(width)
    return wrong


def seen(page: Page) -> list[str]:
    """What axe finds in light and in dark, on a phone and on a desk, and in forced colours."""
    modes: list[dict[str, Any]] = [
        {"color_scheme": "light", "reduced_motion": "no-preference"},
        {"color_scheme": "dark", "reduced_motion": "reduce"},
        {"color_scheme": "light", "forced_colors": "active"},
    ]
    found = []
    for mode, size in zip(modes, (DESK, PHONE, DESK), strict=True):
        page.set_viewport_size(size)
        page.emulate_media(**{"forced_colors": "none", **mode})
        found += [f"{mode}: {one}" for one in violations(page)]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["", "cases/webank/", "series/webank.registered-users/"])
def test_page_is_light_and_stays_where_it_is(visit: Visit, language: str, path: str) -> None:
    sizes: dict[str, int] = {}
    visit.page.on(
        "response",
        lambda one: (
            sizes.__setitem__(one.url, len(gzip.compress(one.body())))
            if one.request.resource_type in ("document", "script")
            else None
        ),
    )
    visit.open(f"/{language}/{path}")
    visit.page.wait_for_load_state("networkidle")
    assert visit.page.evaluate(SHIFTS) < 0.01
    scripts = sum(size for url, size in sizes.items() if url.endswith(".js"))
    pages = sum(size for url, size in sizes.items() if not url.endswith(".js"))
    assert 0 < pages <= MOST_HTML
    assert scripts <= MOST_SCRIPT
    assert visit.faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_whole_case_is_reached_by_keyboard_alone(visit: Visit, language: str) -> None:
    visit.open(f"/{language}/cases/webank/")
    page = visit.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    reached = set()
    for _ in range(150):
        page.keyboard.press("Tab")
        tag = page.evaluate(
            "(() => { const one = document.activeElement; const box = one.getBoundingClientRect();"
            " return [one.type === 'date' ? 'DATE' : one.tagName, one.className, box.width > 0,"
            " getComputedStyle(one).outlineStyle !== 'none' || one.matches(':focus-visible')]; })()"
        )
        reached.add((tag[0], str(tag[1]).split(" ")[0]))
        if tag[0] not in ("BODY", "HTML", "DATE"):  # of a day its parts are marked, one by one
            assert tag[2:] == [True, True], tag
    assert ("A", "figure") in reached
    assert any(name == "SUMMARY" for name, _ in reached)
