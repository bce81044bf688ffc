"""The grid of values in a real browser: keys, clipboard, marks, saving, somebody else's change."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from metrics.models import Observation, Series, Source
from tests.browser.conftest import log_in
from tests.browser.visit import Visit
from tests.metrics.factories import SourceFactory, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEYS = "webank.registered-users,webank.npl-ratio"


@pytest.fixture
def users(site: str) -> Series:
    return Series.objects.get(key="webank.registered-users")


@pytest.fixture
def page(visit: Visit, users: Series, annual: Source) -> Page:
    """Two series, 2015 to 2019, in a publisher's browser; 2017 of the first is stated."""
    log_in(visit)
    visit.open(f"/admin/metrics/observation/grid/?keys={KEYS}&start=2015&end=2019")
    return visit.page


def cell(page: Page, series: Series, period: str) -> Locator:
    return page.locator(f"#c-{series.pk}-{period}")


def state(page: Page, series: Series, period: str) -> Locator:
    return page.locator(f"td:has(#c-{series.pk}-{period})")


def paste(page: Page, into: Locator, text: str) -> None:
    """As the browser does on Ctrl+V, with a clipboard of ours."""
    into.focus()
    into.evaluate(
        """(input, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const how = { clipboardData: data, bubbles: true, cancelable: true };
            input.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        text,
    )


def copied(of: Locator) -> str:
    return str(
        of.evaluate(
            """(input) => {
                const data = new DataTransfer();
                const how = { clipboardData: data, bubbles: true, cancelable: true };
                input.dispatchEvent(new ClipboardEvent("copy", how));
                return data.getData("text/plain");
            }"""
        )
    )


@pytest.fixture
def annual(site: str) -> Source:
    return SourceFactory(title_zh_hans="年报二", slug="annual-2")


def test_keys_move_edit_and_undo_as_in_a_spreadsheet(page: Page, users: Series) -> None:
    first, second = cell(page, users, "2015"), cell(page, users, "2016")
    first.click()
    page.keyboard.type("1万")
    page.keyboard.press("Enter")
    expect(second).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    page.keyboard.press("F2")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("2")
    expect(first).to_have_value("12万")
    page.keyboard.press("Escape")
    expect(first).to_have_value("1万")
    page.keyboard.press("Delete")
    expect(first).to_have_value("")
    page.keyboard.press("Control+z")
    expect(first).to_have_value("1万")
    page.keyboard.press("Control+z")
    expect(first).to_have_value("")
    page.keyboard.press("Control+y")
    expect(first).to_have_value("1万")
    page.keyboard.press("Tab")
    expect(first).not_to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(first).to_be_focused()
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("td[aria-selected=true]")).to_have_count(2)
    assert copied(second) == "1万\r\n"


def test_pasted_block_is_marked_checked_and_saved_as_one_release(
    visit: Visit, page: Page, users: Series
) -> None:
    ratio = Series.objects.get(key="webank.npl-ratio")
    columns = [
        int(str(th.get_attribute("id"))[2:]) for th in page.locator("table.grid thead th").all()
    ]
    left = cell(page, Series.objects.get(pk=columns[0]), "2015")
    by_key = {users.pk: ("近1,200万", "bad\tvalue"), ratio.pk: ("0.3%", "0.32%")}
    lines = ["\t".join(by_key[pk][row] for pk in columns) for row in (0, 1)]
    lines[1] = "\t".join(f'"{by_key[pk][1]}"' for pk in columns)
    paste(page, left, "\r\n".join(lines) + "\r\n")
    expect(cell(page, users, "2015")).to_have_value("近1,200万")
    expect(cell(page, users, "2016")).to_have_value("bad value")
    page.locator("#id_source").select_option(label="年报二")
    expect(state(page, users, "2016")).to_have_attribute("data-state", "invalid")
    expect(state(page, users, "2015")).to_have_attribute("data-state", "new")
    expect(page.locator("[data-summary]")).to_contain_text("1 个不能保存")
    visit.shoot("grid-typed")
    cell(page, users, "2016").fill("近3,000万")
    page.locator("#id_reason_zh_hans").fill("补录")
    page.locator("#id_kind").select_option("revision")
    expect(page.locator("[data-state=invalid]")).to_have_count(0)
    page.locator("input[name=_save]").click()
    page.wait_for_selector(".messagelist .success")
    visit.shoot("grid-saved")
    stated = Observation.objects.current().filter(source__slug="annual-2")
    assert {(row.series.key, row.period) for row in stated} >= {
        (users.key, "2015"),
        (users.key, "2016"),
        (ratio.key, "2015"),
    }
    assert stated.values("release").distinct().count() == 1
    assert visit.faults == []


def test_block_that_does_not_fit_says_what_was_left_out(page: Page, users: Series) -> None:
    paste(page, cell(page, users, "2019"), "1万\n2万\n3万")
    expect(cell(page, users, "2019")).to_have_value("1万")
    expect(page.locator("[data-summary]")).to_contain_text("有 2 个单元格超出表格范围")


def test_change_of_somebody_else_is_shown_and_nothing_typed_is_lost(
    visit: Visit, page: Page, users: Series
) -> None:
    cell(page, users, "2017").fill("超过6,100万")
    cell(page, users, "2018").fill("近1亿")
    page.locator("#id_source").select_option(label="年报二")
    page.locator("#id_kind").select_option("correction")
    page.locator("#id_reason_zh_hans").fill("笔误")
    publish((users, "2017", "6,050万"), kind="correction", now=timezone.now())
    page.locator("input[name=_save]").click()
    page.wait_for_selector(".errornote")
    expect(state(page, users, "2017")).to_have_attribute("data-state", "conflict")
    expect(cell(page, users, "2017")).to_have_value("超过6,100万")
    expect(cell(page, users, "2018")).to_have_value("近1亿")
    expect(page.locator(".errornote")).to_contain_text("6,050万")
    expect(page.locator("#id_reason_zh_hans")).to_have_value("笔误")
    visit.shoot("grid-conflict")
    page.locator("input[name=_save]").click()
    page.wait_for_selector(".messagelist .success")
    current = Observation.objects.current().preferred().filter(series=users)
    assert current.get(period="2017").stated == "超过6,100万"
    assert current.get(period="2018").stated == "近1亿"
    assert visit.faults == []


def test_grid_works_without_scripts(site: str, visit: Visit, users: Series) -> None:
    browser = visit.page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, locale="en")
    plain = Visit(site, context.new_page())
    log_in(plain)
    plain.open("/admin/metrics/observation/grid/")
    plain.page.fill("textarea[name=keys], input[name=keys]", KEYS)
    plain.page.fill("#id_start", "2015")
    plain.page.fill("#id_end", "2019")
    plain.page.locator(".grid-choose input[type=submit]").click()
    cell(plain.page, users, "2017").fill("nonsense")
    plain.page.locator("input[name=_check]").click()
    expect(plain.page.locator(".errornote")).to_contain_text("nonsense")
    plain.shoot("grid-plain")
    cell(plain.page, users, "2017").fill("6,100万")
    plain.page.locator("#id_kind").select_option("correction")
    plain.page.fill("#id_reason_en", "misread")
    plain.page.locator("input[name=_save]").click()
    plain.page.wait_for_selector(".messagelist .success")
    rows: Any = Observation.objects.current().preferred().filter(series=users, period="2017")
    assert rows.get().stated == "6,100万"
    assert plain.faults == []
    context.close()
