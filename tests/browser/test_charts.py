"""Charts of every type are read by pointer and by keys, alone, in frames and under any eyes."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.markup.chart_fields import CHART_TYPES, OF_ONE_PERIOD
from cases.models import CaseText
from cases.services.texts import publish_revision, save_revision
from tests.browser.axe import violations
from tests.browser.visit import DESK, PHONE, Visit
from tests.metrics.factories import make_series, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def block(kind: str) -> str:
    period = "period: '2018'\n" if kind in OF_ONE_PERIOD else ""
    return (
        f"```chart\nid: a-{kind}\ntype: {kind}\ntitle: The type {kind}\n{period}"
        "series: [acme.shop, acme.cloud, acme.bank]\n"
        "labels: {acme.shop: Shop, acme.cloud: Cloud, acme.bank: Bank}\n```\n"
    )


TIMELINE = "```timeline\nid: licences\nentities: [webank, ping-an]\ntitle: Eras\n```\n"


@pytest.fixture
def charts(visit: Visit) -> Visit:
    """The case of WeBank with a chart of every type, of three flows of one unit."""
    now = timezone.now() - timedelta(minutes=1)
    rows = {"shop": ("3亿", "超过4亿", "5亿"), "cloud": ("1亿", "1.5亿", "2亿"),
            "bank": ("5,000万", "近6,000万", "7,000万")}  # fmt: skip
    publish(
        *(
            (make_series(f"acme.{name}", nature="flow"), year, stated)
            for name, values in rows.items()
            for year, stated in zip(("2016", "2017", "2018"), values, strict=True)
        ),
        now=now,
    )
    text = CaseText.objects.get(case__slug="webank", language="en")
    words = {
        "title": "Charts",
        "standfirst": "Of every type.",
        "body": "## Types\n\n" + "\n".join(map(block, CHART_TYPES)) + TIMELINE,
    }
    publish_revision(save_revision(text, **words, actor=None, now=now), actor=None, now=now)
    return visit


def chart(page: Page, kind: str) -> str:
    return f"[data-chart]:has-text('The type {kind}')"


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_every_type_is_read_by_keys_and_pointer(charts: Visit, size: dict[str, int]) -> None:
    page = charts.page
    charts.open("/en/cases/webank/")
    page.set_viewport_size(size)  # type: ignore[arg-type]
    for kind in CHART_TYPES:
        figure = page.locator(chart(page, kind))
        drawing, said = figure.locator(".chart__svg:visible"), figure.locator("[role=status]")
        drawing.focus()
        page.keyboard.press("ArrowRight")
        expect(said).to_have_text(re.compile(r"(million|Shop)"))
        first = said.inner_text()
        page.keyboard.press("End")
        expect(said).not_to_have_text(first)
        page.keyboard.press("Escape")
        expect(said).to_have_text("")
        drawing.scroll_into_view_if_needed()
        box = drawing.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2)
        expect(said).not_to_have_text("")
    assert charts.faults == []


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_timeline_is_read_by_keys_in_order_of_time(charts: Visit, size: dict[str, int]) -> None:
    page = charts.page
    charts.open("/en/cases/webank/")
    page.set_viewport_size(size)  # type: ignore[arg-type]
    figure = page.locator("[data-chart]:has-text('Eras')")
    drawing, said = figure.locator(".chart__svg:visible"), figure.locator("[role=status]")
    expect(drawing).to_have_count(1)
    drawing.focus()
    page.keyboard.press("ArrowRight")
    expect(said).to_have_text(re.compile("1988.2005 · Ping An.*: The 1.0 era"))
    page.keyboard.press("End")
    expect(said).to_have_text(re.compile("since 2016"))
    figure.locator(".exhibit__data summary").click()
    expect(figure.locator(".timeline__event").first).to_be_visible()
    assert charts.faults == []


def test_reading_of_small_multiples_marks_every_panel(charts: Visit) -> None:
    page = charts.page
    charts.open("/en/cases/webank/")
    drawing = page.locator(chart(page, "multiples")).locator(".chart__svg:visible")
    drawing.focus()
    page.keyboard.press("ArrowRight")
    path = drawing.locator(".cursor").get_attribute("d") or ""
    assert path.count("M") == 3


def test_page_of_charts_fits_and_axe_finds_nothing(charts: Visit) -> None:
    page = charts.page
    charts.open("/en/cases/webank/")
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            assert violations(page) == []
    still = "getComputedStyle(document.querySelector('.chart__svg .point')).transitionDuration"
    assert page.evaluate(still) in ("0s", "")
    page.emulate_media(forced_colors="active")
    assert violations(page) == []
    charts.shoot("charts")
    assert charts.faults == []


def test_texts_of_a_drawing_are_never_smaller_than_12_pixels(charts: Visit) -> None:
    page = charts.page
    charts.open("/en/cases/webank/")
    page.set_viewport_size(PHONE)
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('.chart__svg')]
          .filter((svg) => svg.getBoundingClientRect().width)
          .flatMap((svg) => [...svg.querySelectorAll('text')].map((text) =>
            parseFloat(getComputedStyle(text).fontSize)
            * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)))"""
    )
    assert smallest >= 12


def test_texts_as_the_browser_sets_them_do_not_cover_each_other(charts: Visit) -> None:
    """The estimate of widths that places them holds for the real faces."""
    page = charts.page
    charts.open("/en/cases/webank/")
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        covering = page.evaluate(
            """() => [...document.querySelectorAll('.chart__svg')]
              .filter((svg) => svg.getBoundingClientRect().width)
              .flatMap((svg) => {
                const boxes = [...svg.querySelectorAll('text')].map((text) =>
                  [text.textContent, text.getBoundingClientRect()]);
                return boxes.flatMap(([one, a], index) => boxes.slice(index + 1)
                  .filter(([, b]) => a.left < b.right - 2 && b.left < a.right - 2
                    && a.top < b.bottom - 6 && b.top < a.bottom - 6)
                  .map(([other]) => `${svg.id}: ${one} / ${other}`));
              })"""
        )
        assert covering == []


def test_chart_is_embedded_without_script_in_a_page_of_another_site(charts: Visit) -> None:
    page, site = charts.page, charts.site
    charts.open("/en/cases/webank/")
    figure = page.locator(chart(page, "line"))
    figure.locator(".share__embed summary").click()
    code = figure.locator("textarea").input_value()
    assert code.startswith('<iframe src="http://testserver/en/embed/cases/webank/a-line/"')
    page.set_content(code.replace("http://testserver", site))
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_have_text("The type line")
    expect(frame.locator(".chart__svg:visible")).to_have_count(1)
    assert page.evaluate("document.querySelector('iframe').offsetHeight") > 300
    charts.open("/en/embed/cases/webank/a-line/?theme=dark")
    assert violations(page) == []
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(20, 22, 26)"


def test_page_without_script_has_its_charts_and_its_code(charts: Visit) -> None:
    browser = charts.page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{charts.site}/en/cases/webank/")
    figure = page.locator(chart(page, "slope"))
    figure.locator(".exhibit__data summary").click()
    expect(figure.locator("table")).to_be_visible()
    figure.locator(".share__embed summary").click()
    expect(figure.locator("textarea")).to_be_visible()
    context.close()
