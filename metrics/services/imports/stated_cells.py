"""Cells that hold a figure as its source prints it: 8.29亿, more than 34 million."""

from decimal import Decimal

from metrics.services.imports.cells import NULL, Amount, CellError, copied, refuse_formula
from metrics.services.staging import StagingError, read_stated
from metrics.stats.figures import StatedFigureError, parse_stated

LONGEST = 200


def read_stated_cell(
    text: str, amount: Amount | None, unit_kind: str, qualifier: str
) -> dict[str, str]:
    """The columns for COPY. A number given beside the text must agree. Raises CellError."""
    if len(text) > LONGEST:
        raise CellError("text_too_long", limit=LONGEST)
    value = None if amount is None else Decimal(amount.value)
    try:
        reading = read_stated(text, unit_kind=unit_kind, value=value, qualifier=qualifier or None)
    except StagingError as error:
        code = {"stated": "not_stated", "value": "contradicts"}.get(error.field, "not_qualifier")
        raise CellError(code, message=error.message) from None
    _refuse_formula(text, unit_kind)
    known = NULL if reading.resolution is None else format(reading.resolution, "f")
    return {
        "value": format(reading.value, "f"),
        # without one the digits of the value would be taken for it
        "resolution": "0" if known == NULL else known,
        "stated": copied(text),
        "qualifier": reading.qualifier.value,
    }


def _refuse_formula(text: str, unit_kind: str) -> None:
    """A figure may begin with a sign; what is none is kept beside its value as any text is."""
    try:
        parse_stated(text, unit_kind=unit_kind)
    except StatedFigureError:
        refuse_formula(text)
