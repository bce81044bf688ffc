"""A file of values as a Frictionless data package: tables, their schema, and a README.

It follows Data Package 2.0 (https://datapackage.org), whose profile `datapackage.json` names; the
library `frictionless` validates it in a test. The same file gives the same bytes: entries have one
fixed time and order.
"""

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

from metrics.files.columns import DATA_COLUMNS, DATA_KEY, SERIES_COLUMNS, SOURCE_COLUMNS, Column
from metrics.files.comma import csv_text
from metrics.files.data_file import DataFile, Row, named
from metrics.files.readme import readme

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can say
_KEYS = [
    {"fields": ["series"], "reference": {"resource": "series", "fields": ["series"]}},
    {"fields": ["source"], "reference": {"resource": "sources", "fields": ["source"]}},
]


def zip_bytes(file: DataFile) -> bytes:
    entries = {
        "datapackage.json": json.dumps(_descriptor(file), ensure_ascii=False, indent=2) + "\n",
        "README.md": readme(file),
        "data.csv": _table(DATA_COLUMNS, file.rows),
        "series.csv": _table(SERIES_COLUMNS, file.series),
        "sources.csv": _table(SOURCE_COLUMNS, file.sources),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(archive_entry(name), text.encode())
    return out.getvalue()


def archive_entry(name: str) -> zipfile.ZipInfo:
    """An entry that says the same whenever and wherever it is made."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _table(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    return csv_text([column.name for column in columns], rows)


def _descriptor(file: DataFile) -> dict[str, Any]:
    sources = [named(SOURCE_COLUMNS, row) for row in file.sources]
    described: dict[str, Any] = {
        "$schema": PROFILE,
        "name": file.name.lower(),
        "title": file.title,
        "description": file.description,
        "homepage": file.url if file.url.startswith("http") else "",
        "version": str(file.seq),
        "created": f"{file.at:%Y-%m-%dT%H:%M:%SZ}" if file.at else "",
        "sources": [_source(one) for one in sources],
        "resources": [
            resource("data", DATA_COLUMNS, DATA_KEY, _KEYS),
            resource("series", SERIES_COLUMNS, ("series",)),
            resource("sources", SOURCE_COLUMNS, ("source",)),
        ],
        "citation": file.citation,
        "language": file.language,
    }
    return {name: value for name, value in described.items() if value not in ("", [])}


def _source(source: dict[str, Any]) -> dict[str, Any]:
    """With its licence, in the words of the source: most state none that has a name."""
    told = {"title": source["title"], "path": source["url"], "licence": source["licence"]}
    return {name: value for name, value in told.items() if value}


def resource(
    name: str, columns: Sequence[Column], key: Sequence[str], foreign: Sequence[Any] = ()
) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in columns],
        "missingValues": [""],
        "primaryKey": list(key),
    }
    if foreign:
        schema["foreignKeys"] = list(foreign)
    return {
        "name": name,
        "path": f"{name}.csv",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "description": str(column.about),
    }
    if column.constraints:
        field["constraints"] = column.constraints
    return field
