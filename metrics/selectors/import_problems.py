"""What is wrong with a file, in words: the same in the admin, in a command and in a download."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.models import ImportBatch, ImportProblem
from metrics.models.series import Series

# What a spreadsheet would run as a formula is shown as text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

_WORDS: dict[str, Any] = {
    # the whole file
    "empty_file": gettext_lazy("The file is empty."),
    "too_many_bytes": gettext_lazy(
        "The file has %(size)s bytes; expected at most %(limit)s. Divide it."
    ),
    "too_many_rows": gettext_lazy("The file has %(rows)s rows; expected at most %(limit)s."),
    "too_many_columns": gettext_lazy(
        "The file has %(columns)s columns; expected at most %(limit)s."
    ),
    "too_many_backfilled": gettext_lazy(
        "More past vintages than can be checked at once; expected at most %(limit)s rows."
    ),
    "utf_16": gettext_lazy("The file is UTF-16; save it as UTF-8."),
    "not_text": gettext_lazy(
        "The byte %(byte)s is no text in %(encoding)s; save the file as UTF-8 or choose its "
        "encoding in the layout."
    ),
    "nul": gettext_lazy("There is a NUL byte here; this is no text file."),
    "bad_quotes": gettext_lazy("A quotation mark is not closed, or text follows a closed one."),
    "not_xlsx": gettext_lazy("This is no XLSX workbook, or a damaged one."),
    "encrypted": gettext_lazy("The workbook is encrypted; save it without a password."),
    "zip_bomb": gettext_lazy(
        "The workbook unpacks to more than it may: at most %(limit)s bytes, and as it declares."
    ),
    "sparse": gettext_lazy(
        "The cells of a sheet reach too far: at most %(limit)s places up to the last; delete what "
        "stands far below or far to the right."
    ),
    "no_sheet": gettext_lazy("There is no sheet “%(sheet)s”; the workbook has: %(sheets)s."),
    # headers
    "no_header_row": gettext_lazy("There is no row of headers; expected it in row %(expected)s."),
    "no_header": gettext_lazy("No column has this header (for: %(role)s); found: %(found)s."),
    "header_twice": gettext_lazy("%(count)s columns have this header; expected one."),
    "no_value_columns": gettext_lazy("No column holds values."),
    # rows and cells
    "ragged": gettext_lazy("The row has %(found)s cells; expected %(expected)s."),
    "cell_too_long": gettext_lazy("A cell is longer than %(limit)s characters."),
    "text_too_long": gettext_lazy("Longer than %(limit)s characters."),
    "formula": gettext_lazy(
        "Begins like a formula; expected a text that does not begin with = + - or @."
    ),
    "no_value": gettext_lazy("No value; expected a number."),
    "not_number": gettext_lazy("Not a number as the layout describes it; expected such as 1234.5."),
    "immense": gettext_lazy(
        "Too many digits; expected at most %(digits)s, between 1e-%(exponent)s and 1e%(exponent)s."
    ),
    "not_stated": gettext_lazy("Cannot be read as a stated figure: %(message)s"),
    "contradicts": gettext_lazy("The value and the stated text contradict each other: %(message)s"),
    "not_qualifier": gettext_lazy("Not a qualifier, or not that of the stated text."),
    "not_status": gettext_lazy("Not a status; expected one of: %(allowed)s."),
    "not_reason": gettext_lazy("Not a reason for no value; expected one of: %(allowed)s."),
    "value_and_reason": gettext_lazy("A value and a reason for no value; expected one of the two."),
    "not_period": gettext_lazy(
        "Not a period; expected 2018, 2018-S1, 2018-Q4, 2018-12, 2018-W05 or 2018-12-31."
    ),
    "period_misfit": gettext_lazy("A period of another frequency; expected: %(frequency)s."),
    "not_first_day": gettext_lazy("Not the first day of a period; expected %(expected)s."),
    "not_day": gettext_lazy("Not a day; expected such as 2018-12-31."),
    "no_entity": gettext_lazy("No entity; expected the code or the name of one."),
    "unknown_entity": gettext_lazy(
        "An entity that we do not have; add it, map it in the layout, or let the layout propose "
        "new ones."
    ),
    "unknown_indicator": gettext_lazy(
        "An indicator that we do not have; expected the key of one, or map it in the layout."
    ),
    "unknown_series": gettext_lazy(
        "A series that we do not have; expected the key of one (%(frequency)s)."
    ),
    "no_series": gettext_lazy(
        "The entity has no series of this indicator (%(frequency)s); add it, or let the layout "
        "propose new ones."
    ),
    "unknown_source": gettext_lazy("A source that we do not have; expected the slug of one."),
    "no_slug": gettext_lazy(
        "A new entity that cannot be named “%(slug)s”: that is empty or taken; map it in the "
        "layout."
    ),
    "twice": gettext_lazy("The same series and period stand in row %(first)s already."),
    "no_vintage": gettext_lazy("Not a past vintage: %(message)s."),
}


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One problem as shown. `row` 0 is the whole file; `column` is the text of the header."""

    row: int
    column: str
    cell: str
    problem: str


def problem_lines(
    batch: ImportBatch, *, start: int = 0, stop: int | None = None
) -> list[ProblemLine]:
    """Problems of a file from the first row down, in the language in force. One query."""
    rows = ImportProblem.objects.filter(batch=batch).order_by("row", "id")[start:stop]
    return [_line(row) for row in rows]


def _line(row: ImportProblem) -> ProblemLine:
    return ProblemLine(row.row, row.column, row.cell, problem_text(row.code, row.params))


def problem_text(code: str, params: dict[str, Any]) -> str:
    """The words for a problem; of an unknown code the code itself."""
    words = _WORDS.get(code)
    if words is None:
        return code
    named = {
        name: f"{value:,}" if isinstance(value, int) else value for name, value in params.items()
    }
    if "frequency" in named:
        named["frequency"] = _frequency(str(named["frequency"]))
    return str(words) % named


def _frequency(code: str) -> str:
    names = dict(Series.Frequency.choices)
    return str(names.get(code, code))


def problem_rows(lines: Iterable[ProblemLine]) -> Iterator[list[str]]:
    """What a downloaded table holds, with headers; safe to open in a spreadsheet."""
    yield [_("row"), _("column"), _("cell"), _("problem")]
    for line in lines:
        yield [str(line.row or ""), *map(safe, (line.column, line.cell, line.problem))]


def safe(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if text.startswith(FORMULA) else text
