"""From the rows of a file to rows for COPY: chunk by chunk, column by column.

A chunk in which all is as expected never runs a function per cell; where something is unusual,
that column of that chunk is read cell by cell, and every wrong cell is told with its place.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from metrics.models import NullReason
from metrics.models.import_row import COLUMN_BITS
from metrics.models.observation import Status
from metrics.services.imports.blocks import Block, Chunk, Texts, read_chunks
from metrics.services.imports.cells import (
    NULL,
    CellError,
    choice_reader,
    period_reader,
    read_day,
    text_reader,
)
from metrics.services.imports.headers import Columns, find_columns
from metrics.services.imports.layout import FrozenLayout
from metrics.services.imports.limits import MOST_CELL
from metrics.services.imports.problems import FileRefusedError, Problems
from metrics.services.imports.repeats import Repeats
from metrics.services.imports.resolving import Resolver
from metrics.services.imports.values import ValueReader
from metrics.stats.wording import Qualifier

# Different texts of a column that are kept with what they were read as.
MOST_KNOWN = 100_000
# The columns of a row for COPY; what a file does not say stays null.
_SLOT = ("batch_id", "place", "series_id", "period", "period_start", "period_end")
BASE = (*_SLOT, "value", "resolution")
_STATED = ("qualifier", "stated", "status", "null_reason")
OPTIONAL = (*_STATED, "source_id", "locator", "note", "vintage_on")


class Reader:
    """Reads one file; what is wrong is collected in `problems`.

    Of the `chunks`, `look_up` asks the database for what they name, and `lines` makes of each what
    COPY takes, without asking anything. `read` does all of it.
    """

    def __init__(
        self, batch_id: int, layout: FrozenLayout, resolver: Resolver, problems: Problems
    ) -> None:
        self.layout = layout
        self._batch = f"{batch_id}\t"
        self.resolver = resolver
        self.problems = problems
        self.columns: Columns = Columns(0, ())
        self.repeats = Repeats()
        self._values = ValueReader(layout, resolver.unit_kind, self._tell)
        self._series: dict[Any, str | CellError] = {}
        self._readers: dict[str, Callable[[str], str]] = {
            "qualifier": choice_reader(Qualifier, "not_qualifier"),
            "status": choice_reader(Status.values, "not_status"),
            "null_reason": choice_reader(NullReason.values, "not_reason"),
            "source": lambda text: str(resolver.source(text)),
            "locator": text_reader(200),
            "note": text_reader(MOST_CELL),
            "vintage_on": lambda text: read_day(text).isoformat() if text.strip() else NULL,
        }
        period = period_reader(layout)
        self._period = lambda text: period(text).copied
        self._known: dict[str, dict[str, str]] = {}
        self._looked_up: dict[str, set[Any]] = {
            "series": set(),
            "entities": set(),
            "sources": set(),
        }

    @property
    def copy_columns(self) -> tuple[str, ...]:
        """The columns of the lines, known once the headers are."""
        return (*BASE, *(name for name in OPTIONAL if name in self._made()))

    def _made(self) -> set[str]:
        roles = set(self.columns.at)
        made = {"source_id" if role == "source" else role for role in roles} & set(OPTIONAL)
        return made | {"qualifier"} if "stated" in roles else made

    def read(self, rows: Iterator[Texts]) -> Iterator[str]:
        """Yield the lines for COPY, chunk by chunk. Raises FileRefusedError."""
        for chunk in self.chunks(rows):
            self.look_up([chunk])
            yield self.lines(chunk)

    def chunks(self, rows: Iterator[Texts]) -> Iterator[Chunk]:
        """The rows below the headers; none if the headers are wrong. Raises FileRefusedError."""
        for _ in range(self.layout.header_row - 1):
            next(rows, None)
        header = next(rows, None)
        if header is None:
            raise FileRefusedError("no_header_row", expected=self.layout.header_row)
        self.columns = find_columns(header, self.layout, self.problems)
        if not self.problems.count:
            yield from read_chunks(rows, self.columns, self.layout, self.problems)

    def look_up(self, chunks: Sequence[Chunk]) -> None:
        """Ask for what these chunks name and none before them did."""
        named: dict[str, set[Any]] = {"series": set(), "entities": set(), "sources": set()}
        for chunk in chunks:
            named["series"] |= chunk.series(self.columns, self.layout)
            named["entities"] |= chunk.entities(self.columns, self.layout)
            named["sources"] |= chunk.texts("source", self.columns)
        for what, texts in named.items():
            texts -= self._looked_up[what]
            self._looked_up[what] |= texts
        if any(named.values()):
            self.resolver.learn(**named)

    def lines(self, chunk: Chunk) -> str:
        """The chunk as COPY takes it: columns as `copy_columns`, each line with its break."""
        return "".join(map(self._copied, chunk.blocks(self.columns, self.layout)))

    def _copied(self, block: Block) -> str:
        self.problems.skipped += self._values.leave_out_missing(block)
        for step in (self._find_series, self._find_periods, self._values.read, self._the_rest):
            if not block.lines:
                return ""
            step(block)
        start, column = self._batch, block.column
        places = [f"{start}{line << COLUMN_BITS | column}" for line in block.lines]
        copies = block.copies
        self.repeats.see(copies["series_id"], copies["period"])
        parts = [places, *(copies[name] for name in ("series_id", "period", "value", "resolution"))]
        nulls = [NULL] * len(places)
        made = self._made()
        parts += [copies.get(name, nulls) for name in OPTIONAL if name in made]
        return "\n".join(map("\t".join, zip(*parts, strict=True))) + "\n"

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
        if len(known) > MOST_KNOWN:
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
                    self._tell(block, n, one, role)
                else:
                    wanted.append(n)
            block.keep(wanted)
            found = [found[n] for n in wanted]
        block.copies[copy] = found

    def _tell(self, block: Block, n: int, error: CellError, role: str) -> None:
        cell = block.texts[role][n] if role in block.texts else ""
        name = block.header or self.columns.name(role)
        self.problems.add(block.lines[n], error.code, column=name, cell=cell, **error.params)
