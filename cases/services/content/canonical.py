"""The one way to write the content down: the bytes of every file from its records."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from cases.markup.document import render_canonical
from cases.services.content.record import EVENTS, FILES, OBSERVATIONS, OPTIONAL, TEXTS, Data
from cases.services.content.rows import COLUMNS
from cases.services.content.text_files import text_document

# kind → key → data
Contents = Mapping[str, Mapping[str, Data]]


class _Dumper(yaml.SafeDumper):
    """Block style without anchors: a text that occurs twice is written twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def render(contents: Contents) -> dict[str, bytes]:
    """The bytes of every file by name."""
    kinds = [kind for kind in FILES if contents[kind] or kind not in OPTIONAL]
    files = {kind: _render_kind(kind, contents[kind]) for kind in kinds}
    files |= {name: render_canonical(text_document(data)) for name, data in contents[TEXTS].items()}
    return {name: text.encode() for name, text in files.items()}


def _render_kind(kind: str, records: Mapping[str, Data]) -> str:
    if kind == OBSERVATIONS:
        return _render_rows(records.values())
    if not records:
        return ""
    if kind == EVENTS:
        return _dump(sorted(records.values(), key=lambda d: (d["entity"], d["period"], d["slug"])))
    return _dump({key: dict(records[key]) for key in sorted(records)})


def _dump(value: Any) -> str:
    return yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=True,
        default_flow_style=False,
        indent=2,
        sort_keys=False,
        width=float("inf"),
    )


def _render_rows(rows: Iterable[Data]) -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in sorted(rows, key=lambda d: (d["series"], d["period"], d["source"])):
        writer.writerow([row.get(name, "") for name in COLUMNS])
    return written.getvalue()
