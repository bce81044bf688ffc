"""What a file may be at most: looked at before anything of it is parsed."""

import zlib
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from metrics.models.import_row import COLUMN_BITS
from metrics.services.imports.problems import FileRefusedError
from metrics.services.imports.sheet_area import SheetArea

MOST_BYTES = 256 * 1024 * 1024
MOST_WORKBOOK_BYTES = 64 * 1024 * 1024
# What a workbook may unpack to, in all; a spreadsheet of two million cells has about a third.
MOST_UNPACKED_BYTES = 256 * 1024 * 1024
MOST_PACKING = 200
MOST_PARTS = 2000
MOST_ROWS = 2_000_000
MOST_COLUMNS = (1 << COLUMN_BITS) - 1
MOST_CELL = 10_000
MOST_PROBLEMS = 1000
# Past vintages are checked one by one against what is known.
MOST_BACKFILLED = 100_000

_BLOCK = 1 << 16
_LOCAL_HEADER = 30
# Open documents and binary workbooks, which the reader of workbooks would take as well.
_OTHER_FORMATS = ("content.xml", "xl/workbook.bin")


def refuse_large(size: int, *, is_workbook: bool) -> None:
    limit = MOST_WORKBOOK_BYTES if is_workbook else MOST_BYTES
    if size > limit:
        raise FileRefusedError("too_many_bytes", size=size, limit=limit)


def refuse_bomb(file: BinaryIO) -> None:
    """Refuse a workbook that unpacks to more than it may, whatever its directory says.

    Nothing is kept: each part is unpacked block by block and counted against what is declared,
    and its cells may not reach too far. Formats that repeat cells by a number are no XLSX.
    """
    try:
        with ZipFile(file) as archive:
            _check_directory(archive.infolist())
            for part in archive.infolist():
                _check_part(file, part)
    except (BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError):
        raise FileRefusedError("not_xlsx") from None
    finally:
        file.seek(0)


def _check_directory(parts: list[ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefusedError("encrypted")
    is_other = any(part.filename in _OTHER_FORMATS for part in parts)
    if is_other or any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise FileRefusedError("not_xlsx")
    unpacked = sum(part.file_size for part in parts)
    packed = max(sum(part.compress_size for part in parts), 1)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED_BYTES:
        raise FileRefusedError("zip_bomb", limit=MOST_UNPACKED_BYTES)
    if unpacked > _BLOCK * 16 and unpacked / packed > MOST_PACKING:
        raise FileRefusedError("zip_bomb", limit=MOST_UNPACKED_BYTES)


def _check_part(file: BinaryIO, part: ZipInfo) -> None:
    """Refuse a part that is longer than it declares, which its directory would hide."""
    file.seek(part.header_offset)
    header = file.read(_LOCAL_HEADER)
    if header[:4] != b"PK\x03\x04":
        raise FileRefusedError("not_xlsx")
    names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    file.seek(names, 1)
    is_stored = part.compress_type == ZIP_STORED
    if is_stored and part.compress_size != part.file_size:
        raise FileRefusedError("zip_bomb", limit=MOST_UNPACKED_BYTES)
    unpacker = None if is_stored else zlib.decompressobj(-15)
    area, seen, left = SheetArea(), 0, part.compress_size
    while left and not (unpacker and unpacker.eof):
        block = file.read(min(_BLOCK, left))
        left -= len(block)
        if not block:
            raise FileRefusedError("not_xlsx")
        while block:
            unpacked = unpacker.decompress(block, _BLOCK * 16) if unpacker else block
            block = unpacker.unconsumed_tail if unpacker else b""
            area.see(unpacked)
            seen += len(unpacked)
            if seen > part.file_size:
                raise FileRefusedError("zip_bomb", limit=MOST_UNPACKED_BYTES)
