"""From the bytes of a file to rows for COPY: chunk by chunk, column by column.

A chunk in which all is as expected never runs a function per cell; where something is unusual,
that column of that chunk is read cell by cell, and every wrong cell is told with its place.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from metrics.models import NullReason
from metrics.models.import_row import COLUMN_BITS
from metrics.models.observation import Status
from metrics.services.imports.cells import (
    NULL,
    CellError,
    amount_reader,
    are_plain,
    copied,
    period_reader,
    read_day,
    refuse_formula,
)
from metrics.services.imports.headers import Columns, find_columns
from metrics.services.imports.layout import FrozenLayout
from metrics.services.imports.limits import MOST_CELL
from metrics.services.imports.problems import FileRefusedError, Problems
from metrics.services.imports.resolving import Resolver
from metrics.services.imports.stated_cells import read_stated_cell
from metrics.services.imports.text_files import refuse_many_rows, survey_text, text_rows
from metrics.services.imports.workbooks import sheet_rows
from metrics.stats.wording import Qualifier

CHUNK = 10_000
# The columns of a row for COPY; what a file does not say stays null.
BASE = (
    "batch_id",
    "place",
    "series_id",
    "period",
    "period_start",
    "period_end",
    "value",
    "resolution",
)
OPTIONAL = (
    "qualifier",
    "stated",
    "status",
    "null_reason",
    "source_id",
    "locator",
    "note",
    "vintage_on",
)
Texts = list[str]


@dataclass(slots=True)
class Block:
    """Cells of one column of values, with what stands beside them; texts by role."""

    lines: list[int]
    texts: dict[str, Texts]
    column: int
    header: str = ""
    copies: dict[str, Texts] = field(default_factory=dict)

    def keep(self, wanted: Sequence[int]) -> None:
        """Leave out every row but those at these positions."""
        self.lines = [self.lines[n] for n in wanted]
        for columns in (self.texts, self.copies):
            for role, texts in columns.items():
                columns[role] = [texts[n] for n in wanted]


@contextmanager
def open_rows(
    file: BinaryIO, name: str, layout: FrozenLayout
) -> Iterator[tuple[Iterator[Texts], int]]:
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


class Reader:
    """Reads one file. `read` yields what COPY takes; what is wrong is collected in `problems`."""

    def __init__(
        self, batch_id: int, layout: FrozenLayout, resolver: Resolver, problems: Problems
    ) -> None:
        self.layout = layout
        self._batch = f"{batch_id}\t"
        self.resolver = resolver
        self.problems = problems
        self.columns: Columns = Columns(0, ())
        self._missing = {text.strip() for text in layout.missing_markers}
        self._series: dict[Any, str | CellError] = {}
        self._amount = amount_reader(layout)
        self._readers: dict[str, Callable[[str], str]] = {
            "qualifier": _choice(Qualifier, "not_qualifier"),
            "status": _choice(Status.values, "not_status"),
            "null_reason": _choice(NullReason.values, "not_reason"),
            "source": lambda text: str(resolver.source(text)),
            "locator": _kept(200),
            "note": _kept(MOST_CELL),
            "vintage_on": lambda text: read_day(text).isoformat() if text.strip() else NULL,
        }
        period = period_reader(layout)
        self._period = lambda text: period(text).copied
        self._known: dict[str, dict[str, str]] = {}

    @property
    def copy_columns(self) -> tuple[str, ...]:
        """The columns of what `read` yields, known once the headers are."""
        return BASE + tuple(name for name in OPTIONAL if name in self._made())

    def _made(self) -> set[str]:
        roles = set(self.columns.at)
        made = {"source_id" if role == "source" else role for role in roles} & set(OPTIONAL)
        return made | {"qualifier"} if "stated" in roles else made

    def read(self, rows: Iterator[Texts]) -> Iterator[tuple[int, str]]:
        """Yield (rows read so far, lines for COPY). Raises FileRefusedError.

        Every line ends with a line break; the columns are those of `copy_columns`.
        """
        for _ in range(self.layout.header_row - 1):
            next(rows, None)
        header = next(rows, None)
        if header is None:
            raise FileRefusedError("no_header_row", expected=self.layout.header_row)
        self.columns = find_columns(header, self.layout, self.problems)
        if self.problems.count:
            return
        line = self.layout.header_row
        while chunk := list(islice(rows, CHUNK)):
            first, line = line + 1, line + len(chunk)
            refuse_many_rows(line)
            lines = self._even(chunk, first)
            columns = list(zip(*chunk, strict=True)) if chunk else []
            yield line, "".join(self._copied(block) for block in self._blocks(lines, columns))

    def _even(self, chunk: list[Texts], first: int) -> list[int]:
        """Bring all rows to one width in place; empty rows are left out. Their line numbers."""
        width = self.columns.width
        if set(map(len, chunk)) == {width}:
            return list(range(first, first + len(chunk)))
        lines: list[int] = []
        even: list[Texts] = []
        for line, row in enumerate(chunk, first):
            if not any(map(str.strip, row)):
                continue
            short = len(row) < width and is_short_ok(self.layout)
            if len(row) > width and not any(map(str.strip, row[width:])):
                row = row[:width]
            if short:
                row = [*row, *[""] * (width - len(row))]
            if len(row) != width:
                self.problems.add(line, "ragged", expected=width, found=len(row))
                continue
            lines.append(line)
            even.append(row)
        chunk[:] = even
        return lines

    def _blocks(self, lines: list[int], columns: list[Any]) -> Iterator[Block]:
        """The rows of a chunk by columns; of a wide file, one block for every column of values."""
        if not lines:
            return
        texts = {role: list(columns[n]) for role, n in self.columns.at.items()}
        if not self.layout.is_wide:
            place = self.columns.at.get("value", self.columns.at.get("stated", 0))
            yield Block(lines, texts, place)
            return
        for column in self.columns.wide:
            beside = {role: list(one) for role, one in texts.items()}
            beside["value"] = list(columns[column])
            yield Block(list(lines), beside, column, self.columns.names[column])

    def _copied(self, block: Block) -> str:
        self._leave_out_missing(block)
        self._spread_header(block)
        for step in (self._find_series, self._find_periods, self._values, self._the_rest):
            if not block.lines:
                return ""
            step(block)
        start, column = self._batch, block.column
        places = [f"{start}{line << COLUMN_BITS | column}" for line in block.lines]
        copies = block.copies
        parts = [places, *(copies[name] for name in ("series_id", "period", "value", "resolution"))]
        nulls = [NULL] * len(places)
        made = self._made()
        parts += [copies.get(name, nulls) for name in OPTIONAL if name in made]
        return "\n".join(map("\t".join, zip(*parts, strict=True))) + "\n"

    # -- values --------------------------------------------------------------------------------
    def _leave_out_missing(self, block: Block) -> None:
        values = block.texts.get("value")
        if values is None or self.layout.missing == "null" or "null_reason" in block.texts:
            return
        if self._missing.isdisjoint(map(str.strip, values)):
            return
        stated = block.texts.get("stated", [""] * len(values))
        wanted = [
            n
            for n, (text, other) in enumerate(zip(values, stated, strict=True))
            if text.strip() not in self._missing or other.strip()
        ]
        self.problems.skipped += len(values) - len(wanted)
        block.keep(wanted)

    def _values(self, block: Block) -> None:
        values = block.texts.get("value", [""] * len(block.lines))
        is_simple = "stated" not in block.texts and "null_reason" not in block.texts
        if is_simple and self._are_plain(values):
            block.copies["value"] = values
            known = "0" if self.layout.precision == "exact" else NULL
            block.copies["resolution"] = [known] * len(values)
            return
        self._slowly(block, self._one_value)

    def _are_plain(self, values: Texts) -> bool:
        layout = self.layout
        return (
            not layout.scale
            and layout.decimal_mark == "."
            and layout.thousands_mark != "."
            and are_plain(values)
        )

    def _one_value(self, block: Block, n: int) -> dict[str, str]:
        text, stated, reason = (
            block.texts[role][n].strip() if role in block.texts else ""
            for role in ("value", "stated", "null_reason")
        )
        is_missing = text in self._missing
        if reason and (stated or not is_missing):
            raise CellError("value_and_reason")
        if reason or (is_missing and not stated and self.layout.missing == "null"):
            return {"value": NULL, "resolution": NULL}
        amount = None if is_missing else self._amount(text)
        if stated:
            qualifier = block.texts["qualifier"][n].strip() if "qualifier" in block.texts else ""
            kind = self.resolver.unit_kind(int(block.copies["series_id"][n]))
            return read_stated_cell(stated, amount, kind, qualifier)
        if amount is None:
            raise CellError("no_value")
        return {"value": amount.value, "resolution": amount.resolution}

    def _slowly(self, block: Block, read: Callable[[Block, int], dict[str, str]]) -> None:
        made: list[dict[str, str]] = []
        wanted: list[int] = []
        for n, line in enumerate(block.lines):
            try:
                made.append(read(block, n))
            except CellError as error:
                self._tell(line, error, block, "value" if "value" in block.texts else "stated", n)
            else:
                wanted.append(n)
        block.keep(wanted)
        for name in ("value", "resolution", "stated", "qualifier"):
            block.copies[name] = [one.get(name, NULL) for one in made]

    # -- series and periods ----------------------------------------------------------------------
    def _spread_header(self, block: Block) -> None:
        """In a wide file the header says the period, the indicator or the series of each cell."""
        role = {"periods": "period", "indicators": "indicator", "series": "series"}
        if block.header:
            block.texts[role[self.layout.headers]] = [block.header] * len(block.lines)

    def _find_series(self, block: Block) -> None:
        roles = ["series"] if "series" in block.texts else ["entity", "indicator"]
        named = [role for role in roles if role in block.texts]
        keys: list[Any] = block.texts[named[0]]
        if len(named) > 1:
            keys = list(zip(*(block.texts[role] for role in named), strict=True))
        known = self._series
        if missing := set(keys).difference(known):
            for n, key in enumerate(keys):
                if key in missing and key not in known:
                    known[key] = self._resolved(block, n)
        found = list(map(known.__getitem__, keys))
        self._keep_found(block, "series_id", found, named[-1])

    def _resolved(self, block: Block, n: int) -> str | CellError:
        texts = block.texts
        try:
            if "series" in texts:
                return str(self.resolver.series(texts["series"][n]))
            indicator = texts["indicator"][n] if "indicator" in texts else ""
            names = texts.get("entity_name", texts["entity"])
            return str(self.resolver.of_entity(texts["entity"][n], indicator, lambda: names[n]))
        except CellError as error:
            return error

    def _find_periods(self, block: Block) -> None:
        self._find(block, "period", "period", self._period)

    def _the_rest(self, block: Block) -> None:
        for role, read in self._readers.items():
            if role in block.texts and block.lines:
                if role == "qualifier" and "stated" in block.texts:
                    continue  # read with what is stated
                self._find(block, role, "source_id" if role == "source" else role, read)

    def _find(self, block: Block, role: str, copy: str, read: Callable[[str], str]) -> None:
        """Read each different text once."""
        known: dict[str, Any] = self._known.setdefault(role, {})
        if len(known) > CHUNK * 10:
            known.clear()
        texts = block.texts[role]
        for text in set(texts).difference(known):
            try:
                known[text] = read(text)
            except CellError as error:
                known[text] = error
        self._keep_found(block, copy, list(map(known.__getitem__, texts)), role)

    def _keep_found(self, block: Block, copy: str, found: list[Any], role: str) -> None:
        if CellError in set(map(type, found)):
            wanted = []
            for n, one in enumerate(found):
                if isinstance(one, CellError):
                    self._tell(block.lines[n], one, block, role, n)
                else:
                    wanted.append(n)
            block.keep(wanted)
            found = [found[n] for n in wanted]
        block.copies[copy] = found

    def _tell(self, line: int, error: CellError, block: Block, role: str, n: int) -> None:
        cell = block.texts[role][n] if role in block.texts else ""
        name = block.header or self.columns.name(role)
        self.problems.add(line, error.code, column=name, cell=cell, **error.params)


def is_short_ok(layout: FrozenLayout) -> bool:
    """Whether a row may end early: a workbook's, or a wide file's whose last cells are empty."""
    return layout.is_wide


def _choice(choices: Any, code: str) -> Callable[[str], str]:
    allowed = [str(choice) for choice in choices]

    def read(text: str) -> str:
        plain = text.strip()
        if plain and plain not in allowed:
            raise CellError(code, allowed=", ".join(allowed))
        return plain or NULL

    return read


def _kept(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        plain = text.strip()
        if len(plain) > most:
            raise CellError("text_too_long", limit=most)
        refuse_formula(plain)
        return copied(plain)

    return read
