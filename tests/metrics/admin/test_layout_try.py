"""Trying a layout on a file: its first rows as they would be read, and nothing stored."""

import re
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from metrics.models import Entity, ImportBatch, ImportLayout, ImportRow, Series
from metrics.services.imports.trying import ROWS, try_layout
from tests.metrics.admin.staff import browser_of
from tests.metrics.factories import make_series
from tests.metrics.services.imports.conftest import make_layout

pytestmark = pytest.mark.django_db

LONG = "entity,period,value\nacme,2017,10\nacme,2018,12.50\n"


@pytest.fixture(autouse=True)
def company() -> Series:
    return make_series("acme.revenue", nature="flow")


def tried(layout: ImportLayout, content: str | bytes, name: str = "file.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return try_layout(layout, BytesIO(data), name, size=len(data))


def post(browser: Client, layout: ImportLayout, content: str, name: str = "file.csv") -> str:
    file = SimpleUploadedFile(name, content.encode())
    answer = browser.post(f"/admin/metrics/importlayout/{layout.pk}/try/", {"file": file})
    assert answer.status_code == 200
    return answer.content.decode()


def test_rows_are_read_as_an_import_would() -> None:
    found = tried(make_layout(), LONG)
    assert found.headers == ("entity", "period", "value")
    assert [(one.row, one.series, one.period, one.value) for one in found.values] == [
        (2, "acme.revenue", "2017", "10"),
        (3, "acme.revenue", "2018", "12.50"),
    ]
    assert found.problem_count == 0


def test_only_the_first_rows_are_read() -> None:
    rows = "".join(f"acme,{year},1\n" for year in range(1900, 2000))
    found = tried(make_layout(), f"entity,period,value\n{rows}broken")
    assert len(found.values) == ROWS
    assert found.values[-1].period == "1919"
    assert found.problem_count == 0


def test_wide_file_is_shown_row_by_row() -> None:
    make_series("zeta.revenue", nature="flow")
    layout = make_layout(shape="wide", columns={"entity": "entity"})
    found = tried(layout, "entity,2017,2018\nacme,1,2\nzeta,3,4\n")
    assert [(one.row, one.period, one.value) for one in found.values] == [
        (2, "2017", "1"),
        (2, "2018", "2"),
        (3, "2017", "3"),
        (3, "2018", "4"),
    ]


def test_stated_text_is_shown_with_what_it_says() -> None:
    columns = {"entity": "entity", "period": "period", "stated": "stated"}
    found = tried(make_layout(columns=columns), "entity,period,stated\nacme,2017,超过6000万\n")
    (one,) = found.values
    assert (one.value, one.stated, one.qualifier) == ("60000000", "超过6000万", "over")


def test_new_series_is_shown_by_the_key_it_would_get() -> None:
    layout = make_layout(unknown_entities="create", entity_codes="iso3")
    found = tried(layout, "entity,period,value\nFRA,2017,1\nFRA,2018,2\n")
    assert [(one.series, one.is_new) for one in found.values] == [("france.revenue", True)] * 2
    assert found.new_entities == 1


def test_new_series_of_a_known_entity_has_its_slug() -> None:
    layout = make_layout(unknown_entities="create")
    Entity.objects.create(slug="beta", name_zh_hans="乙", name_en="Beta", kind="institution")
    assert tried(layout, "entity,period,value\nbeta,2017,1\n").values[0].series == "beta.revenue"


def test_workbook_is_read_too() -> None:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([["entity", "period", "value"], ["acme", "2017", 12.5]]):
            sheet.write_row(number, 0, row)
    found = tried(make_layout(), buffer.getvalue(), "file.xlsx")
    assert [one.value for one in found.values] == ["12.5"]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        ("", "file.csv", "empty_file"),
        ("entity,value\nacme,1\n", "file.csv", "no_header"),
        (b"not a zip", "file.xlsx", "not_xlsx"),
        (b"entity\0", "file.csv", "nul"),
        (LONG.replace("12.50", "many"), "file.csv", "not_number"),
        (LONG.replace("acme,2018", "nobody,2018"), "file.csv", "unknown_entity"),
    ],
)
def test_file_that_cannot_be_read_says_why(content: str | bytes, name: str, code: str) -> None:
    assert [problem.code for problem in tried(make_layout(), content, name).problems] == [code]


def test_nothing_is_stored(settings: Any, admin: Client) -> None:
    layout = make_layout(unknown_entities="create", entity_codes="iso3")
    page = post(admin, layout, "entity,period,value\nFRA,2017,1\n")
    assert "france.revenue" in page
    assert "1 entity would be proposed." in page
    assert not ImportBatch.objects.exists()
    assert not ImportRow.objects.exists()
    assert not Entity.objects.filter(slug="france").exists()


def test_page_shows_rows_and_problems_with_what_is_expected(admin: Client) -> None:
    page = post(admin, make_layout(), LONG + "acme,20190,many\n")
    assert re.search(r'<td class="number">12\.50</td>', page)
    assert "file.csv: 1 problem" in page
    assert "Not a period; expected 2018" in page


def test_page_escapes_what_the_file_says(admin: Client) -> None:
    page = post(admin, make_layout(), LONG + "<script>x</script>,2019,1\n", "<b>.csv")
    assert "<script>x" not in page
    assert "<b>.csv" not in page


def test_missing_value_is_counted_or_shown_with_its_reason(admin: Client) -> None:
    content = LONG + "acme,2019,..\n"
    markers = {"missing_markers": ["", ".."]}
    assert "1 cell has no value and is left out." in post(admin, make_layout(**markers), content)
    layout = make_layout("nulls", missing="null", missing_reason="restricted", **markers)
    assert "restricted" in post(admin, layout, content)


def test_without_a_file_the_form_says_what_is_missing(admin: Client) -> None:
    answer = admin.post(f"/admin/metrics/importlayout/{make_layout().pk}/try/")
    assert "This field is required." in answer.content.decode()


def test_layout_that_is_not_there_is_not_found(admin: Client) -> None:
    assert admin.get("/admin/metrics/importlayout/999/try/", follow=True).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [("nobody", 403), ("Author", 200), ("Editor", 200), ("Publisher", 200)]
)
def test_who_reads_layouts_may_try_them(role: str, status: int) -> None:
    url = f"/admin/metrics/importlayout/{make_layout().pk}/try/"
    browser = browser_of(role)
    assert browser.get(url).status_code == status
    assert browser.post(url, {"file": BytesIO(LONG.encode())}).status_code == status
