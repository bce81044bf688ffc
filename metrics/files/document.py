"""A file of values as JSON: metadata and observations, numbers as decimal text."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from metrics.files.columns import DATA_COLUMNS, SERIES_COLUMNS, SOURCE_COLUMNS, Column
from metrics.files.data_file import DataFile, Row, named
from metrics.selectors.plain import plain


def json_bytes(file: DataFile) -> bytes:
    """UTF-8; the names of an observation are those of the API."""
    document = {
        "metadata": {
            "title": file.title,
            "description": file.description,
            "language": file.language,
            "url": file.url,
            "citation": file.citation,
            "seq": file.seq,
            "as_of": file.at.isoformat() if file.at else None,
            "columns": {column.name: str(column.about) for column in DATA_COLUMNS},
            "notes": list(file.notes),
            "series": _listed(SERIES_COLUMNS, file.series),
            "sources": _listed(SOURCE_COLUMNS, file.sources),
        },
        "observations": _listed(DATA_COLUMNS, file.rows),
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _listed(columns: Sequence[Column], rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [{name: plain(value) for name, value in named(columns, row).items()} for row in rows]
