"""Workbooks: one sheet as rows of texts, as a CSV of it would have them."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from metrics.services.imports.layout import FrozenLayout
from metrics.services.imports.limits import refuse_bomb
from metrics.services.imports.problems import FileRefusedError
from metrics.services.imports.sheet_errors import Errors, error_cells


def sheet_rows(file: BinaryIO, layout: FrozenLayout) -> tuple[Iterator[list[str]], int]:
    """The rows of the sheet and how many they are. Raises FileRefusedError.

    A number is the shortest decimal that reads back as the same; a formula is what the workbook
    says it came to when it was saved, an error as it is shown there (#DIV/0!).
    """
    refuse_bomb(file)
    try:
        workbook = CalamineWorkbook.from_filelike(file)
        names = workbook.sheet_names
        if layout.sheet and layout.sheet not in names:
            raise FileRefusedError("no_sheet", sheet=layout.sheet, sheets=", ".join(names[:20]))
        if not names:
            raise FileRefusedError("empty_file")
        name = layout.sheet or names[0]
        sheet = workbook.get_sheet_by_name(name)
    except CalamineError:
        raise FileRefusedError("not_xlsx") from None
    if not sheet.height:
        raise FileRefusedError("empty_file")
    # calamine leaves out empty rows above the first: rows count as the spreadsheet shows them
    above: int = sheet.start[0] if sheet.start else 0
    errors = error_cells(file, names.index(name))
    return _rows(sheet, above, errors), above + sheet.height


def _rows(sheet: Any, above: int, errors: Errors) -> Iterator[list[str]]:
    for _ in range(above):
        yield []
    left: int = sheet.start[1] if sheet.start and not above else 0
    lines = sheet.to_python(skip_empty_area=False)[above:] if above else sheet.iter_rows()
    for number, row in enumerate(lines, above):
        texts = [cell if isinstance(cell, str) else cell_text(cell) for cell in row]
        for column, text in errors.get(number, {}).items():
            if 0 <= column - left < len(texts):
                texts[column - left] = text
        yield texts


def cell_text(cell: object) -> str:
    """What a cell that is no text says, as text."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e17 else repr(cell)
    if isinstance(cell, dt.datetime):
        is_day = cell.time() == dt.time()
        return cell.date().isoformat() if is_day else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell)
