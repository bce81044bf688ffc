"""A file of values as an Excel workbook: the data, and a sheet that says what they are."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from metrics.files.columns import DATA_COLUMNS, SERIES_COLUMNS, SOURCE_COLUMNS
from metrics.files.comma import plain_cell
from metrics.files.data_file import DataFile, Row

# What a double, and so a cell, holds exactly as decimal text.
MOST_DIGITS = 15
_LONGEST_CELL = 32_767
_FIRST_YEAR = 1901  # of Excel's calendar, but for 1900, whose February has a day too many
_START = datetime(1980, 1, 1)  # noqa: DTZ001  Excel's times have no zone
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class _Exact(float):
    """A number that is written as it was stated: the writer's 16 digits make 8.29 to 8.28999…9."""

    text: str

    @classmethod
    def of(cls, number: Decimal | int) -> "_Exact":
        made = cls(number)
        made.text = format(number, "f" if isinstance(number, Decimal) else "d")
        return made

    def __format__(self, spec: str) -> str:
        return self.text


def xlsx_bytes(file: DataFile) -> bytes:
    """Numbers are numbers; one of more digits than a cell holds is text, and the notes say so.

    The same file gives the same bytes: the time in it is that of the seq.
    """
    out = io.BytesIO()
    with _book(out, file.title, file.at) as book:
        formats = _formats(book)
        texts = _table(book.add_worksheet("data"), _names(DATA_COLUMNS), file.rows, formats)
        _told(book.add_worksheet("about"), _about(file, texts), formats)
        _table(book.add_worksheet("series"), _names(SERIES_COLUMNS), file.series, formats)
        _table(book.add_worksheet("sources"), _names(SOURCE_COLUMNS), file.sources, formats)
    return out.getvalue()


def table_xlsx(
    names: Sequence[str], rows: Sequence[Row], told: Iterable[tuple[str, str]], at: datetime | None
) -> bytes:
    """One table under the names of its columns, and what is told of it, by name."""
    out = io.BytesIO()
    with _book(out, "", at) as book:
        formats = _formats(book)
        texts = _table(book.add_worksheet("data"), names, rows, formats)
        notes = [(_("Note"), note) for note in _digits_note(texts)]
        _told(book.add_worksheet("about"), [*told, *notes], formats)
    return out.getvalue()


def _book(out: io.BytesIO, title: str, at: datetime | None) -> Any:
    book = xlsxwriter.Workbook(out, _OPTIONS)
    made = at.astimezone(UTC).replace(tzinfo=None) if at else _START
    book.set_properties({"title": title, "created": made})
    return book


def _formats(book: Any) -> dict[str, Any]:
    return {
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "head": book.add_format({"bold": True}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _names(columns: Iterable[Any]) -> list[str]:
    return [column.name for column in columns]


def is_exact(number: Decimal) -> bool:
    """Whether a double gives the number back as it was written."""
    return len(number.normalize().as_tuple().digits) <= MOST_DIGITS


def _table(sheet: Any, names: Sequence[str], rows: Sequence[Row], formats: dict[str, Any]) -> int:
    """Write a table; returns how many of its numbers are text."""
    texts = 0
    for at, name in enumerate(names):
        sheet.write_string(0, at, name, formats["head"])
        sheet.set_column(at, at, 14)
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            _write(sheet, line, at, value, formats)
            texts += isinstance(value, Decimal) and not is_exact(value)
    sheet.autofilter(0, 0, max(1, len(rows)), len(names) - 1)
    return texts


def _write(sheet: Any, line: int, at: int, value: Any, formats: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, at, value)
    elif isinstance(value, int) or (isinstance(value, Decimal) and is_exact(value)):
        sheet.write_number(line, at, _Exact.of(value))
    elif isinstance(value, date) and value.year >= _FIRST_YEAR:
        sheet.write_datetime(line, at, value, formats["date"])
    else:
        # Written as a string a formula is none, so that no apostrophe is needed.
        sheet.write_string(line, at, plain_cell(value)[:_LONGEST_CELL])


def _about(file: DataFile, texts: int) -> list[tuple[str, str]]:
    told = [
        (_("Title"), file.title),
        (_("Description"), file.description),
        (_("Cite as"), file.citation),
        (_("Address"), file.url),
        (_("As of change"), str(file.seq)),
        *((_("Note"), note) for note in [*file.notes, *_digits_note(texts)]),
    ]
    lines = [(name, text) for name, text in told if text]
    lines += [("", ""), (_("Column"), _("Meaning"))]
    return lines + [(column.name, str(column.about)) for column in DATA_COLUMNS]


def _told(sheet: Any, lines: Iterable[tuple[str, str]], formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 90)
    for at, (name, text) in enumerate(lines):
        sheet.write_string(at, 0, name, formats["head"])
        sheet.write_string(at, 1, text, formats["wrap"])


def _digits_note(texts: int) -> list[str]:
    if not texts:
        return []
    note = _(
        "%(count)d numbers have more than %(digits)d digits, which no cell holds exactly: "
        "they are text."
    )
    return [note % {"count": texts, "digits": MOST_DIGITS}]
