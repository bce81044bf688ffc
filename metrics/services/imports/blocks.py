"""The rows of a file, chunk by chunk, and in each chunk column by column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from metrics.services.imports.headers import Columns
from metrics.services.imports.layout import FrozenLayout
from metrics.services.imports.problems import Problems
from metrics.services.imports.resolving import Named
from metrics.services.imports.text_files import refuse_many_rows

CHUNK = 10_000
Texts = list[str]
# In a wide file the header says the period, the indicator or the series of each cell.
_HEADED = {"periods": "period", "indicators": "indicator", "series": "series"}


@dataclass(slots=True)
class Block:
    """Cells of one column of values, with what stands beside them; texts by role.

    `column` counts from 0; `header` heads the values of a wide file. `copies` are the texts that
    COPY takes, by column of the table.
    """

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


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows, by columns, with their line numbers; `last` is the line at which it ends."""

    last: int
    lines: list[int]
    columns: list[tuple[str, ...]]

    def blocks(self, columns: Columns, layout: FrozenLayout) -> Iterator[Block]:
        """The chunk as one block; of a wide file, as one for every column of values."""
        if not self.lines:
            return
        texts = {role: self.columns[n] for role, n in columns.at.items()}
        if not layout.is_wide:
            place = columns.at.get("value", columns.at.get("stated", 0))
            yield Block(self.lines, _lists(texts), place)
            return
        for column, header in zip(columns.wide, columns.headers, strict=True):
            beside = _lists(texts) | {"value": list(self.columns[column])}
            beside[_HEADED[layout.headers]] = [header] * len(self.lines)
            yield Block(list(self.lines), beside, column, header)

    def series(self, columns: Columns, layout: FrozenLayout) -> set[str]:
        """The different texts that name a series, which may be headers."""
        if layout.is_wide and layout.headers == "series":
            return set(columns.headers)
        return self.texts("series", columns)

    def entities(self, columns: Columns, layout: FrozenLayout) -> set[Named]:
        """The different entities with the indicators beside them, which may be headers."""
        at = columns.at
        if "entity" not in at or not self.lines:
            return set()
        codes, names = (
            self.columns[n] for n in (at["entity"], at.get("entity_name", at["entity"]))
        )
        if layout.is_wide and layout.headers == "indicators":
            pairs = set(zip(codes, names, strict=True))
            return {(*pair, header) for pair, header in product(pairs, columns.headers)}
        indicators = self.columns[at["indicator"]] if "indicator" in at else [""] * len(codes)
        return set(zip(codes, names, indicators, strict=True))

    def texts(self, role: str, columns: Columns) -> set[str]:
        """The different texts of a column."""
        return set(self.columns[columns.at[role]]) if role in columns.at and self.lines else set()


def read_chunks(
    rows: Iterator[Texts], columns: Columns, layout: FrozenLayout, problems: Problems
) -> Iterator[Chunk]:
    """The rows below the headers, in chunks. Raises FileRefusedError for too many."""
    line = layout.header_row
    while chunk := list(islice(rows, CHUNK)):
        first, line = line + 1, line + len(chunk)
        refuse_many_rows(line)
        lines = _even(chunk, first, columns.width, layout, problems)
        yield Chunk(line, lines, list(zip(*chunk, strict=True)))


def _even(
    chunk: list[Texts], first: int, width: int, layout: FrozenLayout, problems: Problems
) -> list[int]:
    """Bring all rows to one width in place; empty rows are left out. Their line numbers.

    A row may end early in a wide file, whose last cells may be empty.
    """
    if set(map(len, chunk)) == {width}:
        return list(range(first, first + len(chunk)))
    lines: list[int] = []
    even: list[Texts] = []
    for line, row in enumerate(chunk, first):
        if not any(map(str.strip, row)):
            continue
        if len(row) > width and not any(map(str.strip, row[width:])):
            row = row[:width]
        if len(row) < width and layout.is_wide:
            row = [*row, *[""] * (width - len(row))]
        if len(row) != width:
            problems.add(line, "ragged", expected=width, found=len(row))
            continue
        lines.append(line)
        even.append(row)
    chunk[:] = even
    return lines


def _lists(texts: dict[str, tuple[str, ...]]) -> dict[str, Texts]:
    return {role: list(one) for role, one in texts.items()}
