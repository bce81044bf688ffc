"""What a file of values holds, whatever its format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class DataFile:
    """A table of values with the series and the sources they are of.

    `rows` are in the order of columns.DATA_COLUMNS, `series` and `sources` in that of theirs; what
    is said of them is in `language`. `seq` is the change as of which it stands, published `at`, so
    that the same seq gives the same bytes. `notes` tell what the table does not.
    """

    slug: str
    language: str
    title: str
    description: str
    url: str
    citation: str
    seq: int
    at: datetime | None
    rows: Sequence[Row]
    series: Sequence[Row]
    sources: Sequence[Row]
    notes: Sequence[str] = ()

    @property
    def name(self) -> str:
        """The name of the file, without its extension."""
        return f"{self.slug}-{self.language}-{self.seq}"


def named(columns: Iterable[Any], row: Row) -> dict[str, Any]:
    """A row by the names of its columns."""
    return dict(zip((column.name for column in columns), row, strict=True))
