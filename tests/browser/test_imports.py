"""Files imported by a publisher in a real browser, checked by a real worker."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from metrics.models import Change, ImportBatch, ImportLayout, Observation, Series
from tests.browser.conftest import log_in
from tests.browser.visit import Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.worker,
    pytest.mark.usefixtures("worker"),
    pytest.mark.django_db(transaction=True),
]

DATA = Path(__file__).resolve().parents[1] / "data"
# The check itself takes a second or two; the machine of the tests also runs other tests.
PATIENCE = 60_000


@pytest.fixture
def prices(site: str) -> ImportLayout:
    """Two series of one entity, side by side under their headers."""
    return ImportLayout.objects.get(slug="us-cpi")


@pytest.fixture
def products(site: str) -> ImportLayout:
    """One value a row, of countries and of aggregates that we do not have yet."""
    return ImportLayout.objects.get(slug="world-bank-gdp")


def hand_in(visit: Visit, layout: ImportLayout, file: Path) -> None:
    page = visit.page
    visit.open("/admin/metrics/importbatch/add/")
    page.locator("#id_layout").select_option(str(layout.pk))
    page.locator("#id_file").set_input_files(file)
    page.locator("input[type=submit].default").click()
    page.wait_for_url("**/importbatch/*/change/")


def publish(page: Page) -> None:
    page.locator("input[name=_publish]").click()
    expect(page.locator(".messagelist .success")).to_contain_text("已发布，为第")


def test_files_go_from_the_form_to_readers_and_back(
    visit: Visit, prices: ImportLayout, products: ImportLayout
) -> None:
    log_in(visit)
    page = visit.page
    hand_in(visit, prices, DATA / "us-cpi-monthly.csv")
    expect(page.locator("input[name=_publish]")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".facts")).to_contain_text("2,71")
    visit.shoot("import-checked")
    publish(page)
    visit.shoot("import-published")
    visit.open("/zh-hans/series/united-states.consumer-price-index/")
    assert "9.8" in page.inner_text("main")
    hand_in(visit, products, DATA / "world-bank-gdp.csv")
    expect(page.locator("input[name=_publish]")).to_be_visible(timeout=PATIENCE)
    visit.shoot("import-new-entities")
    page.get_by_role("link", name="查看新主体").click()
    visit.shoot("import-entities")
    page.go_back()
    publish(page)
    china = Series.objects.get(key="china.gdp")
    assert Observation.objects.current().filter(series=china).count() > 50
    visit.open("/zh-hans/series/china.gdp/")
    assert "中国" in page.inner_text("main")
    undo(visit, ImportBatch.objects.get(layout=prices))
    assert visit.faults == []


def undo(visit: Visit, batch: ImportBatch) -> None:
    page = visit.page
    visit.open(f"/admin/metrics/importbatch/{batch.pk}/change/")
    page.get_by_role("link", name="撤销此次导入").click()
    page.fill("#id_reason_zh_hans", "文件有误")
    visit.shoot("import-undo")
    page.locator("input[type=submit].default").click()
    expect(page.locator(".messagelist .success")).to_contain_text("已撤销，为第")
    batch.refresh_from_db()
    assert batch.state == "undone"
    assert not Observation.objects.current().filter(
        series__key="united-states.consumer-price-index", value__isnull=False
    )


def test_wrong_file_shows_what_is_wrong_and_publishes_nothing(
    visit: Visit, prices: ImportLayout, tmp_path: Path
) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("Date,Index,Inflation\n2018-01-01,about 10,0.1\n2018-02-03,11,0.2\n")
    seq = Change.objects.latest_seq()
    log_in(visit)
    page = visit.page
    hand_in(visit, prices, file)
    problems = page.locator("section:has(#problems-title)")
    expect(problems).to_contain_text("about 10", timeout=PATIENCE)
    expect(problems).to_contain_text("2018-02-01")
    visit.shoot("import-problems")
    with page.expect_download() as download:
        problems.get_by_role("link", name="CSV").click()
    assert "about 10" in download.value.path().read_text("utf-8-sig")
    assert Change.objects.latest_seq() == seq
    # to the browser a download is a page that was given up
    assert [fault for fault in visit.faults if "problems.csv" not in fault] == []


def test_layout_is_tried_on_a_file_before_any_import(visit: Visit, prices: ImportLayout) -> None:
    log_in(visit)
    page = visit.page
    visit.open(f"/admin/metrics/importlayout/{prices.pk}/change/")
    visit.shoot("layout")
    page.get_by_role("link", name="用文件试读").click()
    page.locator("#id_file").set_input_files(DATA / "us-cpi-monthly.csv")
    page.locator("input[type=submit].default").click()
    expect(page.locator(".verdict")).to_contain_text("这些行可以读取")
    expect(page.locator("section:has(#values-title)")).to_contain_text("1913-01")
    visit.shoot("layout-tried")
    assert not ImportBatch.objects.exists()
    assert visit.faults == []
