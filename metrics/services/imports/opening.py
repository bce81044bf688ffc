"""Opening a file: as a text or as a workbook, row by row."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from metrics.services.imports.layout import FrozenLayout
from metrics.services.imports.text_files import refuse_many_rows, survey_text, text_rows
from metrics.services.imports.workbooks import sheet_rows


@contextmanager
def open_rows(
    file: BinaryIO, name: str, layout: FrozenLayout
) -> Iterator[tuple[Iterator[list[str]], int]]:
    """The rows of the file with the headers, and how many. Raises FileRefusedError."""
    if is_workbook(name, layout):
        rows, total = sheet_rows(file, layout)
        refuse_many_rows(total)
        yield rows, total
        return
    survey = survey_text(file, layout)
    refuse_many_rows(survey.lines)
    with text_rows(file, layout, survey) as lines:
        yield lines, survey.lines


def is_workbook(name: str, layout: FrozenLayout) -> bool:
    return layout.file_kind == "xlsx" or (
        layout.file_kind == "auto" and name.lower().endswith((".xlsx", ".xlsm", ".xls"))
    )
