"""The problems of a file to take along: whole, and safe in a spreadsheet."""

import csv
from io import BytesIO, StringIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from metrics.models import ImportBatch
from tests.metrics.factories import make_series
from tests.metrics.services.imports.conftest import checked, make_layout, private_files

pytestmark = pytest.mark.django_db
__all__ = ["private_files"]


@pytest.fixture
def batch() -> ImportBatch:
    make_series("acme.revenue", nature="flow")
    rows = '=HYPERLINK("http://x"),2017,1\n@SUM(1),2017,1\nacme,+1,ten\nacme,2018,"-1,2"\n'
    return checked(make_layout(), f"entity,period,value\n{rows}")


def url(batch: ImportBatch, kind: str) -> str:
    return f"/admin/metrics/importbatch/{batch.pk}/problems.{kind}"


def test_csv_holds_every_problem_and_no_formula(admin: Client, batch: ImportBatch) -> None:
    answer = admin.get(url(batch, "csv"))
    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="problems-{batch.pk}.csv"'
    )
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["row", "column", "cell", "problem"]
    assert len(rows) == 1 + batch.problems.count()
    assert rows[1][:3] == ["2", "entity", '\'=HYPERLINK("http://x")']
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_workbook_holds_the_same_as_texts(admin: Client, batch: ImportBatch) -> None:
    answer = admin.get(url(batch, "xlsx"))
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    text = admin.get(url(batch, "csv")).content.decode("utf-8-sig")
    assert rows == list(csv.reader(StringIO(text)))


def test_download_is_in_the_language_of_the_interface(admin: Client, batch: ImportBatch) -> None:
    text = admin.get(url(batch, "csv"), headers={"accept-language": "zh-hans"}).content.decode()
    assert "row,column" not in text


def test_file_without_problems_gives_the_headers_alone(admin: Client) -> None:
    make_series("acme.revenue", nature="flow")
    batch = checked(make_layout(), "entity,period,value\nacme,2017,1\n")
    assert len(admin.get(url(batch, "csv")).content.decode().splitlines()) == 1
