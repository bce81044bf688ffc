"""What is wrong with a file as a table to take along: CSV and XLSX, safe in a spreadsheet."""

import csv
from collections.abc import Iterable
from io import BytesIO, StringIO

import xlsxwriter
from django.http import HttpResponse

from metrics.models import ImportBatch
from metrics.selectors.import_problems import problem_lines, problem_rows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def problems_csv(batch: ImportBatch) -> HttpResponse:
    """With a byte order mark, by which a spreadsheet knows UTF-8."""
    text = StringIO()
    csv.writer(text).writerows(problem_rows(problem_lines(batch)))
    data = text.getvalue().encode("utf-8-sig")
    return _download(data, "text/csv; charset=utf-8", f"problems-{batch.pk}.csv")


def problems_xlsx(batch: ImportBatch) -> HttpResponse:
    """Every cell is written as text: nothing in it is run."""
    data = _workbook(problem_rows(problem_lines(batch)))
    return _download(data, XLSX, f"problems-{batch.pk}.xlsx")


def _workbook(rows: Iterable[list[str]]) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 8)
        sheet.set_column(1, 2, 24)
        sheet.set_column(3, 3, 90)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    return buffer.getvalue()


def _download(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
