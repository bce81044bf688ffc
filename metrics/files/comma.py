"""CSV as RFC 4180 has it, safe to open in a spreadsheet."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

# A cell that starts like this is run as a formula by spreadsheets, in some languages also of the
# wide forms.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Header and rows; null is an empty cell, text that looks like a formula gets an apostrophe."""
    return csv_lines(header) + csv_lines(*rows)


def csv_lines(*rows: Sequence[Any], as_cell: Callable[[Any], str] | None = None) -> str:
    """Rows as lines; `as_cell` writes a value, by default as `csv_text` does."""
    out = io.StringIO()
    write = as_cell or guarded_cell
    csv.writer(out, lineterminator="\r\n").writerows(
        [write(value) for value in row] for row in rows
    )
    return out.getvalue()


def guarded_cell(value: Any) -> str:
    """For people: no cell runs as a formula. Numbers are none, whatever their sign."""
    text = plain_cell(value)
    is_number = isinstance(value, int | Decimal)
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not is_number else text


def plain_cell(value: Any) -> str:
    """For programs: what is there, and nothing else."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
