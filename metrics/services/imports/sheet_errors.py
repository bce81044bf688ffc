"""Cells of a sheet that hold an error: the reader of workbooks gives them as empty."""

import re
from collections import defaultdict
from typing import BinaryIO
from zipfile import ZipFile

from metrics.services.imports.sheet_area import column_of

# Row and column from 0: what the cell shows.
Errors = dict[int, dict[int, str]]
_BLOCK = 1 << 20
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*?\w+:id=[\"']([^\"']+)[\"']")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_FIELD = re.compile(rb"\s(\w+)=[\"']([^\"']*)[\"']")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s(?=[^<>]*\bt=[\"']e[\"'])[^<>]*?\br=[\"']([A-Za-z]+)([0-9]+)[\"'][^<>]*>"
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)


def error_cells(file: BinaryIO, index: int) -> Errors:
    """Those of the sheet of that place in the workbook, as #DIV/0! and the like."""
    found: Errors = defaultdict(dict)
    with ZipFile(file) as archive:
        names = set(archive.namelist())
        part = _part(archive, index) if "xl/_rels/workbook.xml.rels" in names else ""
        if part in names:
            with archive.open(part) as sheet:
                rest = b""
                while block := sheet.read(_BLOCK):
                    text = rest + block
                    cut = text.rfind(b"</c>") + 1 or text.rfind(b":c>") + 1
                    for letters, digits, shown in _ERROR.findall(text[:cut]):
                        place = int(digits) - 1, column_of(letters) - 1
                        found[place[0]][place[1]] = shown.decode(errors="replace")
                    rest = text[cut:][-_BLOCK:]  # no cell is longer
    file.seek(0)
    return found


def _part(archive: ZipFile, index: int) -> str:
    ids = _SHEET.findall(archive.read("xl/workbook.xml"))
    relations = _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one[b"Id"]: one[b"Target"] for one in map(dict, map(_FIELD.findall, relations))}
    target = targets.get(ids[index], b"").decode() if index < len(ids) else ""
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
