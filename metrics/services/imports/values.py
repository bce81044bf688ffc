"""The values of a block: by one look at the column where all are plain, else cell by cell."""

from collections.abc import Callable

from metrics.services.imports.blocks import Block, Texts
from metrics.services.imports.cells import NULL, CellError, amount_reader, are_plain
from metrics.services.imports.layout import FrozenLayout
from metrics.services.imports.stated_cells import read_stated_cell

# Tells what is wrong with a cell: of which block, at which position, in which role.
Tell = Callable[[Block, int, CellError, str], None]


class ValueReader:
    """Fills the copies "value" and "resolution", and where it is stated "stated", "qualifier".

    `unit_kind` gives the kind of unit of a series by id; what is wrong goes to `tell`.
    """

    def __init__(self, layout: FrozenLayout, unit_kind: Callable[[int], str], tell: Tell) -> None:
        self._layout = layout
        self._unit_kind = unit_kind
        self._tell = tell
        self._missing = {text.strip() for text in layout.missing_markers}
        self._amount = amount_reader(layout)
        self._may_be_plain = (
            not layout.scale and layout.decimal_mark == "." and layout.thousands_mark != "."
        )

    def leave_out_missing(self, block: Block) -> int:
        """Leave out the rows without a value, if the layout says so; how many."""
        values = block.texts.get("value")
        if values is None or self._layout.missing == "null" or "null_reason" in block.texts:
            return 0
        if self._missing.isdisjoint(map(str.strip, values)):
            return 0
        stated = block.texts.get("stated", [""] * len(values))
        wanted = [
            n
            for n, (text, other) in enumerate(zip(values, stated, strict=True))
            if text.strip() not in self._missing or other.strip()
        ]
        block.keep(wanted)
        return len(values) - len(wanted)

    def read(self, block: Block) -> None:
        """Read the values; a row whose value is wrong is told and left out."""
        values: Texts = block.texts.get("value", [""] * len(block.lines))
        is_simple = "stated" not in block.texts and "null_reason" not in block.texts
        if is_simple and self._may_be_plain and are_plain(values):
            block.copies["value"] = values
            known = "0" if self._layout.precision == "exact" else NULL
            block.copies["resolution"] = [known] * len(values)
        else:
            self._read_slowly(block)

    def _read_slowly(self, block: Block) -> None:
        made: list[dict[str, str]] = []
        wanted: list[int] = []
        for n in range(len(block.lines)):
            try:
                made.append(self._one(block, n))
            except CellError as error:
                self._tell(block, n, error, "value" if "value" in block.texts else "stated")
            else:
                wanted.append(n)
        block.keep(wanted)
        for name in ("value", "resolution", "stated", "qualifier"):
            block.copies[name] = [one.get(name, NULL) for one in made]

    def _one(self, block: Block, n: int) -> dict[str, str]:
        text, stated, reason, qualifier = (
            block.texts[role][n].strip() if role in block.texts else ""
            for role in ("value", "stated", "null_reason", "qualifier")
        )
        is_missing = text in self._missing
        if reason and (stated or not is_missing):
            raise CellError("value_and_reason")
        if reason or (is_missing and not stated and self._layout.missing == "null"):
            return {"value": NULL, "resolution": NULL}
        amount = None if is_missing else self._amount(text)
        if stated:
            kind = self._unit_kind(int(block.copies["series_id"][n]))
            return read_stated_cell(stated, amount, kind, qualifier)
        if amount is None:
            raise CellError("no_value")
        return {"value": amount.value, "resolution": amount.resolution}
