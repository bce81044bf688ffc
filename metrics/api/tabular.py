"""Tables as formats of the API: CSV, lines of JSON, XLSX, SDMX-CSV.

Further pages are in the header `Link`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.renderers import BaseRenderer

from metrics.files.comma import csv_lines, csv_text, plain_cell
from metrics.files.sdmx import sdmx_rows
from metrics.files.workbook import table_xlsx
from metrics.selectors.plain import plain
from metrics.selectors.question import Question

CSV: Final = "text/csv"
JSON_LINES: Final = "application/jsonl"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SDMX_CSV: Final = "application/vnd.sdmx.data+csv;version=2.0.0"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in the order of the question's columns, as of a seq.

    `frequencies` are by series key; `links` are the addresses of the next and the previous page.
    """

    rows: Sequence[tuple[Any, ...]]
    question: Question
    frequencies: Mapping[str, str]
    links: tuple[str | None, str | None]
    address: str
    seq: int


class TableRenderer(BaseRenderer):
    """Names a format for content negotiation, and makes an answer of a table."""

    def answer(self, table: Table) -> HttpResponse:
        response = HttpResponse(self.content(table), content_type=self.content_type)
        relations = zip(table.links, ("next", "prev"), strict=True)
        link = ", ".join(f'<{address}>; rel="{name}"' for address, name in relations if address)
        if link:
            response["Link"] = link
        return response

    content_type: str

    def content(self, table: Table) -> bytes | str:
        raise NotImplementedError

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return data if isinstance(data, bytes) else str(data).encode()


class CsvRenderer(TableRenderer):
    media_type = CSV
    format = "csv"
    charset = "utf-8"
    content_type = f"{CSV}; charset=utf-8"

    def content(self, table: Table) -> str:
        return csv_text(table.question.columns, table.rows)


class JsonLinesRenderer(TableRenderer):
    media_type = JSON_LINES
    format = "jsonl"
    charset = None
    content_type = JSON_LINES

    def content(self, table: Table) -> str:
        return "".join(f"{line}\n" for line in json_rows(table.question.columns, table.rows))


class SdmxCsvRenderer(TableRenderer):
    media_type = SDMX_CSV
    format = "sdmx-csv"
    charset = "utf-8"
    content_type = f"{SDMX_CSV}; charset=utf-8"

    def content(self, table: Table) -> str:
        lines = sdmx_rows(table.rows, table.frequencies, table.question)
        return csv_lines(*lines, as_cell=plain_cell)


class XlsxRenderer(TableRenderer):
    media_type = XLSX
    format = "xlsx"
    charset = None
    content_type = XLSX

    def content(self, table: Table) -> bytes:
        return table_xlsx(table.question.columns, table.rows, _about(table), None)

    def answer(self, table: Table) -> HttpResponse:
        response = super().answer(table)
        name = f"observations-{table.seq}.xlsx"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def json_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """`rule` is there only for what no source states."""
    for row in rows:
        shown = zip(columns, row, strict=True)
        fields = {
            name: plain(value) for name, value in shown if name != "rule" or value is not None
        }
        yield json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


TABLES: Final = (CsvRenderer, JsonLinesRenderer, XlsxRenderer, SdmxCsvRenderer)


def _about(table: Table) -> Iterable[tuple[str, str]]:
    following, previous = table.links
    told = [
        (_("Address"), table.address),
        (_("As of change"), str(table.seq)),
        (_("Next page"), following),
        (_("Previous page"), previous),
    ]
    return [(name, text) for name, text in told if text]
