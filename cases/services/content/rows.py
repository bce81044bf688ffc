"""observations.csv to records: one row, one figure as one source states it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from cases.services.content.problems import Problem
from cases.services.content.record import OBSERVATIONS, Record, compact
from metrics.models import NullReason, Qualifier, Status
from metrics.models.series import SERIES_KEY
from metrics.stats.periods import Period

COLUMNS: Final = (
    "series", "period", "value", "stated", "qualifier", "resolution", "status", "null_reason",
    "source", "locator", "vintage_on", "preferred", "note",
)  # fmt: skip
REQUIRED: Final = ("series", "period", "source")
LIMITS: Final = {"series": 170, "stated": 200, "source": 80, "locator": 200, "note": 10_000}
DEFAULTS: Final = {"qualifier": "exact", "status": "A", "preferred": "yes"}
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,40})(?:\.[0-9]{1,40})?", re.ASCII)
_SERIES: Final = re.compile(SERIES_KEY, re.ASCII)


def row_key(series: str, period: str, source: str) -> str:
    return f"{series}|{period}|{source}"


def read_rows(text: str, problems: list[Problem]) -> dict[str, Record]:
    """The rows by series|period|source; what is wrong is added to `problems`."""
    records: dict[str, Record] = {}
    for line, cells in _cells(text, problems):
        faults = [Problem(OBSERVATIONS, line, message) for message in _faults(cells)]
        problems.extend(faults)
        if faults:
            continue
        key = row_key(cells["series"], cells["period"], cells["source"])
        if key in records:
            message = (
                f"{cells['series']} at {cells['period']} from {cells['source']} is already on "
                f"line {records[key].line}; expected one row for a series, period and source"
            )
            problems.append(Problem(OBSERVATIONS, line, message))
            continue
        data = compact((name, _stated(name, cells[name])) for name in COLUMNS)
        records[key] = Record(OBSERVATIONS, key, data, OBSERVATIONS, line)
    return records


def _cells(text: str, problems: list[Problem]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells of every row with the right number of cells."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            if line == 1 and tuple(cells) != COLUMNS:
                message = f"expected the header {','.join(COLUMNS)}"
                problems.append(Problem(OBSERVATIONS, 1, message))
                return
            if line > 1 and len(cells) != len(COLUMNS):
                message = f"{len(cells)} cells; expected {len(COLUMNS)}, as in the header"
                problems.append(Problem(OBSERVATIONS, line, message))
            elif line > 1:
                yield line, dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        problems.append(Problem(OBSERVATIONS, start, f"expected CSV with commas: {error}"))
        return
    if start == 1:
        problems.append(Problem(OBSERVATIONS, 1, f"expected the header {','.join(COLUMNS)}"))


def _stated(name: str, cell: str) -> str:
    return "" if cell == DEFAULTS.get(name) else cell


def _faults(cells: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the cells one by one, and with value and null_reason together."""
    for name in REQUIRED:
        if not cells[name]:
            yield f"no {name}; expected one in every row"
    for name, limit in LIMITS.items():
        if len(cells[name]) > limit:
            yield f"{name} has {len(cells[name])} characters; expected at most {limit}"
    if cells["series"] and not _SERIES.fullmatch(cells["series"]):
        yield f"series {cells['series']!r}; expected a key such as webank.registered-users"
    if cells["period"]:
        yield from _period_faults(cells["period"])
    yield from _choice_faults(cells)
    yield from _number_faults(cells)
    yield from _day_faults(cells["vintage_on"])


def _period_faults(code: str) -> Iterator[str]:
    try:
        Period.parse(code)
    except ValueError as error:
        yield str(error)


def _choice_faults(cells: Mapping[str, str]) -> Iterator[str]:
    choices = {
        "qualifier": Qualifier.values,
        "status": Status.values,
        "null_reason": [reason for reason in NullReason.values if reason != NullReason.WITHDRAWN],
        "preferred": ["yes", "no"],
    }
    for name, allowed in choices.items():
        if cells[name] and cells[name] not in allowed:
            yield f"{name} {cells[name]!r}; expected {', '.join(allowed)} or nothing"


def _number_faults(cells: Mapping[str, str]) -> Iterator[str]:
    for name in ("value", "resolution"):
        cell = cells[name]
        if cell and not is_plain_decimal(cell):
            yield f"{name} {cell!r} is no number; expected a plain decimal such as 34.6"
    if not cells["value"] and not cells["null_reason"]:
        yield "no value; expected a plain decimal, or a null_reason that says why there is none"
    if cells["null_reason"]:
        for name in ("value", "stated", "qualifier", "resolution"):
            if cells[name]:
                yield f"{name} beside a null_reason; expected it empty where there is no value"


def is_plain_decimal(text: str) -> bool:
    """Digits with at most one point: no separators, exponent, plus sign or negative zero."""
    if not _DECIMAL.fullmatch(text):
        return False
    return not (text.startswith("-") and Decimal(text) == 0)


def _day_faults(cell: str) -> Iterator[str]:
    try:
        if cell and date.fromisoformat(cell).isoformat() != cell:
            raise ValueError
    except ValueError:
        yield f"vintage_on {cell!r}; expected a day such as 2019-04-20"
