"""Text files: in which encoding, divided by what, row by row."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from typing import BinaryIO

from metrics.services.imports.layout import FrozenLayout
from metrics.services.imports.limits import MOST_CELL, MOST_ROWS
from metrics.services.imports.problems import FileRefusedError

DELIMITERS = ",;\t|"
_BLOCK = 1 << 20
_SAMPLE = 1 << 16
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class TextSurvey:
    """What one pass over the bytes tells: the encoding that reads them all, and the lines."""

    encoding: str
    lines: int


def survey_text(file: BinaryIO, layout: FrozenLayout) -> TextSurvey:
    """Find the encoding, count the lines. Raises FileRefusedError with the row of a wrong byte."""
    head = file.read(4)
    file.seek(0)
    if not head:
        raise FileRefusedError("empty_file")
    if head[:2] in _UTF_16:
        raise FileRefusedError("utf_16")
    wanted = [layout.encoding] if layout.encoding != "auto" else ["utf-8", "gb18030"]
    failure = None
    for encoding in wanted:
        try:
            lines = _count(file, encoding)
        except FileRefusedError as error:
            failure = failure or error
        else:
            is_marked = head.startswith(codecs.BOM_UTF8) and encoding == "utf-8"
            return TextSurvey("utf-8-sig" if is_marked else encoding, lines)
        finally:
            file.seek(0)
    raise failure or FileRefusedError("empty_file")


def _count(file: BinaryIO, encoding: str) -> int:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, block = 0, b""
    while True:
        last, block = block, file.read(_BLOCK)
        if b"\0" in block:
            raise FileRefusedError("nul", row=lines + block[: block.index(b"\0")].count(b"\n") + 1)
        try:
            decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            where = lines + error.object[: error.start].count(b"\n")
            byte = f"0x{error.object[error.start]:02X}"
            raise FileRefusedError(
                "not_text", row=where + 1, encoding=encoding, byte=byte
            ) from None
        if not block:
            return lines + (not last.endswith(b"\n"))
        lines += block.count(b"\n")


@contextmanager
def text_rows(
    file: BinaryIO, layout: FrozenLayout, survey: TextSurvey
) -> Iterator[Iterator[list[str]]]:
    """The rows of the file, from the first, while the context lasts.

    Raises FileRefusedError where a row cannot be told. The rows come straight from csv: a function
    for each would take longer than reading them.
    """
    text = TextIOWrapper(file, survey.encoding, newline="")
    sample = text.read(_SAMPLE)
    text.seek(0)
    limit = csv.field_size_limit(MOST_CELL)
    reader = csv.reader(text, delimiter=_delimiter(sample, layout), strict=True)
    try:
        yield reader
    except csv.Error as error:
        code = "cell_too_long" if "field larger" in str(error) else "bad_quotes"
        raise FileRefusedError(code, row=reader.line_num, limit=MOST_CELL) from None
    finally:
        csv.field_size_limit(limit)
        text.detach()


def _delimiter(sample: str, layout: FrozenLayout) -> str:
    """The one declared, or that which the row of the headers has most of outside quotes."""
    if layout.delimiter != "auto":
        return layout.delimiter
    lines = sample.splitlines()[: layout.header_row]
    header = "".join(lines[-1].split('"')[::2]) if lines else ""
    return max(DELIMITERS, key=header.count)


def refuse_many_rows(rows: int) -> None:
    if rows > MOST_ROWS + 1:
        raise FileRefusedError("too_many_rows", rows=rows, limit=MOST_ROWS)
