"""All tables of the site as one Frictionless data package, written as it is read.

Data Package 2.0, as metrics.files.package has it for single pages. The same seq gives the same
bytes: entries have one fixed time and order.
"""

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any, Final

from metrics.files.columns import Column
from metrics.files.comma import csv_lines
from metrics.files.package import PROFILE, archive_entry, resource

LINES_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class WholeTable:
    """A table with its key and what its columns refer to: by column, (table, column)."""

    name: str
    columns: Sequence[Column]
    key: Sequence[str]
    rows: Iterable[Sequence[Any]]
    refers: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def write_whole(
    out: IO[bytes],
    tables: Sequence[WholeTable],
    texts: Mapping[str, str],
    about: Mapping[str, Any],
) -> dict[str, int]:
    """Write the package; returns how many rows each table has. `texts` are files by name."""
    counts = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        described = json.dumps(_descriptor(tables, about), ensure_ascii=False, indent=2)
        for name, text in {"datapackage.json": f"{described}\n", **texts}.items():
            archive.writestr(archive_entry(name), text.encode())
        for table in tables:
            with archive.open(archive_entry(f"{table.name}.csv"), "w", force_zip64=True) as entry:
                counts[table.name] = _write_table(entry, table)
    return counts


def _write_table(entry: IO[bytes], table: WholeTable) -> int:
    entry.write(csv_lines([column.name for column in table.columns]).encode())
    count = 0
    lot: list[Sequence[Any]] = []
    for row in table.rows:
        count += 1
        lot.append(row)
        if len(lot) == LINES_AT_ONCE:
            entry.write(csv_lines(*lot).encode())
            lot.clear()
    entry.write(csv_lines(*lot).encode())
    return count


def _descriptor(tables: Sequence[WholeTable], about: Mapping[str, Any]) -> dict[str, Any]:
    resources = [
        resource(table.name, table.columns, table.key, _foreign(table)) for table in tables
    ]
    return {"$schema": PROFILE, **about, "resources": resources}


def _foreign(table: WholeTable) -> list[dict[str, Any]]:
    return [
        {
            "fields": [column],
            # A table refers to itself by the empty name.
            "reference": {"resource": "" if to == table.name else to, "fields": [there]},
        }
        for column, (to, there) in table.refers.items()
    ]


def created(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
