"""How far the cells of a sheet reach: each place up to the last takes memory, also an empty one."""

import re

from metrics.services.imports.problems import FileRefusedError

# Of rows times columns; what a workbook of the largest allowed size could fill has fewer.
MOST_AREA = 10_000_000
LONGEST_TAG = 1 << 21
_PLACE = re.compile(
    rb"<(?:[\w.-]+:)?(row|c)(?=[\s/>])(?:[^<]*?\sr\s*=\s*[\"']([A-Za-z]*)([0-9]*)[\"'])?", re.ASCII
)
_OPEN = re.compile(rb"<(?:[\w.-]+:)?(?:row|c)\s", re.ASCII)


class SheetArea:
    """Sees a part of a workbook block by block; whatever it is named, it may be a sheet."""

    def __init__(self) -> None:
        self._rows = self._columns = self._row = self._column = 0
        self._rest = b""

    def see(self, block: bytes) -> None:
        """Raises FileRefusedError where the cells reach further than they may."""
        text = self._rest + block
        whole, self._rest = text[: (cut := max(text.rfind(b"<"), 0))], text[cut:]
        if found := _PLACE.findall(whole):
            self._walk(found)
        if self._rows * self._columns > MOST_AREA:
            raise FileRefusedError("sparse", limit=MOST_AREA)
        if len(self._rest) > LONGEST_TAG:
            if _OPEN.match(self._rest):
                raise FileRefusedError("not_xlsx")
            self._rest = b""

    def _walk(self, found: list[tuple[bytes, bytes, bytes]]) -> None:
        """Past tags; nearly always all name their places, and these are looked at together."""
        tags, letters, digits = zip(*found, strict=True)
        if b"" not in digits and letters.count(b"") == tags.count(b"row"):
            self._rows = max(self._rows, *map(_row, set(digits)))
            self._columns = max(self._columns, *map(column_of, set(letters)))
            self._row, self._column = _row(digits[-1]), column_of(letters[-1])
            return
        for tag, letter, digit in found:
            is_row = tag == b"row"
            self._row = _row(digit) if digit else self._row + is_row
            self._column = column_of(letter) if letter or is_row else self._column + 1
            self._rows = max(self._rows, self._row)
            self._columns = max(self._columns, self._column)


def _row(digits: bytes) -> int:
    return int(digits[:10])


def column_of(letters: bytes) -> int:
    """A is 1, XFD 16384; none is 0."""
    column = 0
    for letter in letters[:5].upper():
        column = column * 26 + letter - 64
    return column
