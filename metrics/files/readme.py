"""The README of a data package, in the language of its file."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from metrics.files.columns import DATA_COLUMNS, SOURCE_COLUMNS
from metrics.files.data_file import DataFile, named

_READ = "```python\npandas.read_csv('data.csv', dtype={'period': 'string'})\n```"


def readme(file: DataFile) -> str:
    """Markdown."""
    return "\n\n".join(part for part in _parts(file) if part) + "\n"


def _parts(file: DataFile) -> Iterator[str]:
    yield f"# {file.title}"
    yield file.description
    yield _("Cite as: %s") % file.citation
    moment = f" ({file.at:%Y-%m-%dT%H:%M:%SZ})" if file.at else ""
    yield _("As of change %s") % f"{file.seq}{moment}"
    yield from file.notes
    yield "## " + _("Files")
    yield "\n".join(f"- `{name}`: {about}" for name, about in _files())
    yield _("Text in UTF-8. A missing value is an empty cell, and null_reason says why.")
    yield _READ
    yield "## " + _("Columns of data.csv")
    yield "\n".join(f"- `{column.name}`: {column.about}" for column in DATA_COLUMNS)
    yield "## " + _("Sources and licences")
    yield "\n".join(_sources(file))


def _files() -> list[tuple[str, str]]:
    return [
        ("data.csv", _("the values, one a row")),
        ("series.csv", _("the series they are of, with definitions and units")),
        ("sources.csv", _("the sources that state them, with their licences")),
        ("datapackage.json", _("the columns, their types and how the tables belong together")),
    ]


def _sources(file: DataFile) -> Iterator[str]:
    for row in file.sources:
        source = named(SOURCE_COLUMNS, row)
        parts = [source["title"], source["publisher"], source["licence"], source["url"]]
        yield f"- {'. '.join(part for part in parts if part)}"
