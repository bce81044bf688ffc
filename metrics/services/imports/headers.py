"""Which column plays which part, by the texts of the row of headers."""

from collections import Counter
from dataclasses import dataclass, field

from metrics.services.imports.layout import FrozenLayout
from metrics.services.imports.limits import MOST_CELL, MOST_COLUMNS
from metrics.services.imports.problems import FileRefusedError, Problems


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the roles stand, and in a wide file the columns of values with what heads them."""

    width: int
    names: tuple[str, ...]
    at: dict[str, int] = field(default_factory=dict)
    wide: tuple[int, ...] = ()

    @property
    def headers(self) -> list[str]:
        """What heads the columns of values of a wide file."""
        return [self.names[column] for column in self.wide]

    def name(self, role: str) -> str:
        return self.names[self.at[role]] if role in self.at else ""


def find_columns(row: list[str], layout: FrozenLayout, problems: Problems) -> Columns:
    """Find the columns in the row of headers; every one that lacks is a problem.

    Raises FileRefusedError where there are too many columns. A header stands as it is written but
    for blanks around it. In a wide file every column without another part holds values; one
    without a header is left out.
    """
    while row and not row[-1].strip():
        row = row[:-1]
    if len(row) > MOST_COLUMNS:
        raise FileRefusedError("too_many_columns", columns=len(row), limit=MOST_COLUMNS)
    if any(len(name) > MOST_CELL for name in row):
        raise FileRefusedError("cell_too_long", row=layout.header_row, limit=MOST_CELL)
    names = tuple(name.strip().removeprefix("\ufeff") for name in row)
    at: dict[str, int] = {}
    for role, header in layout.columns.items():
        if header.strip() in names:
            at[role] = names.index(header.strip())
        else:
            shown = ", ".join(name for name in names if name)[:500]
            problems.add(layout.header_row, "no_header", column=header, role=role, found=shown)
    _refuse_twice(names, layout, problems)
    used = set(at.values())
    wide = tuple(n for n, name in enumerate(names) if name and n not in used)
    if layout.is_wide and not wide and not problems.count:
        problems.add(layout.header_row, "no_value_columns")
    return Columns(len(names), names, at, wide if layout.is_wide else ())


def _refuse_twice(names: tuple[str, ...], layout: FrozenLayout, problems: Problems) -> None:
    counts = Counter(name for name in names if name)
    wanted = {header.strip() for header in layout.columns.values()}
    for name, count in counts.items():
        if count > 1 and (layout.is_wide or name in wanted):
            problems.add(layout.header_row, "header_twice", column=name, count=count)
