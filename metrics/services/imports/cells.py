"""Cells: texts into values, periods and days, exactly and column by column.

The good path looks at a whole column with one regular expression; only a column in which
something is unusual is read cell by cell.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from metrics.services.imports.layout import FrozenLayout
from metrics.services.staging import LARGEST_EXPONENT, MOST_DIGITS
from metrics.stats.digits import scaled
from metrics.stats.periods import Frequency, Period, PeriodError

# At most 17 digits on either side: within what staging takes, and exact in the database.
_PLAIN = re.compile(r"(?:-?[0-9]{1,17}(?:\.[0-9]{1,17})?\n)+", re.ASCII)
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]{1,3})?|[-+]?\.[0-9]+", re.ASCII)
# The wide forms too: spreadsheets in Chinese and Japanese take them for the others.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
NULL = r"\N"


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


class CellError(ValueError):
    """A cell that cannot be read: the code of the problem and its details."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Amount:
    """A value as COPY takes it, and its resolution where the digits alone do not tell it."""

    value: str
    resolution: str = NULL


def are_plain(texts: Sequence[str]) -> bool:
    """Whether every text is a plain decimal number as it stands."""
    return _PLAIN.fullmatch("\n".join(texts) + "\n") is not None


def amount_reader(layout: FrozenLayout) -> Callable[[str], Amount]:
    """How the numbers of a layout are read one by one. The reader raises CellError."""
    thousands, point, scale = layout.thousands_mark, layout.decimal_mark, layout.scale
    is_exact = layout.precision == "exact"

    def read(text: str) -> Amount:
        plain = _half_width(text)
        if thousands:
            plain = _ungrouped(plain, thousands, point)
        if point != ".":
            if "." in plain:
                raise CellError("not_number")
            plain = plain.replace(point, ".")
        if plain.startswith("−"):
            plain = f"-{plain[1:]}"
        if not _NUMBER.fullmatch(plain):
            raise CellError("not_number")
        return _amount(plain, scale, is_exact)

    return read


def _ungrouped(text: str, mark: str, point: str) -> str:
    """The text without its thousands marks, which must stand where they belong."""
    marks = f"{mark}\u00a0\u202f" if mark == " " else mark
    whole, dot, rest = text.partition(point)
    groups = re.split(f"[{re.escape(marks)}]", whole)
    if len(groups) > 1 and (
        not 1 <= len(groups[0].lstrip("+-−")) <= 3 or any(len(one) != 3 for one in groups[1:])
    ):
        raise CellError("not_number")
    return "".join(groups) + dot + rest


def _amount(text: str, scale: int, is_exact: bool) -> Amount:
    try:
        number = scaled(Decimal(text), -scale)
    except InvalidOperation:
        raise CellError("not_number") from None
    digits = len(number.as_tuple().digits)
    if number and (digits > MOST_DIGITS or abs(number.adjusted()) > LARGEST_EXPONENT):
        raise CellError("immense", digits=MOST_DIGITS, exponent=LARGEST_EXPONENT)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > LARGEST_EXPONENT + MOST_DIGITS:
        raise CellError("immense", digits=MOST_DIGITS, exponent=LARGEST_EXPONENT)
    known = "0" if is_exact else format(Decimal(1).scaleb(exponent), "f")
    return Amount(format(number, "f"), known)


@dataclass(frozen=True, slots=True)
class ReadPeriod:
    """A period as COPY takes it: code, first day and last day, parted by tabs."""

    code: str
    copied: str


def period_reader(layout: FrozenLayout) -> Callable[[str], ReadPeriod]:
    """How the periods of a layout are read. The reader raises CellError."""
    frequency = Frequency(layout.frequency)
    form = layout.period_format

    def read(text: str) -> ReadPeriod:
        period = _period(_half_width(text), form, frequency)
        if not period.fits(frequency):
            raise CellError("period_misfit", frequency=frequency.value)
        days = (day.isoformat() if day else NULL for day in (period.start, period.end))
        return ReadPeriod(period.code, "\t".join((period.code, *days)))

    return read


def _period(text: str, form: str, frequency: Frequency) -> Period:
    if form == "code":
        try:
            return Period.parse(text)
        except PeriodError:
            raise CellError("not_period") from None
    period = Period.containing(read_day(text), frequency)
    if form == "first-day" and period.start != read_day(text):
        raise CellError("not_first_day", expected=str(period.start))
    return period


def read_day(text: str) -> date:
    """A day as 2018-12-31, 2018/12/31 or 20181231. Raises CellError."""
    plain = _half_width(text)
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"):
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise CellError("not_day")


def refuse_formula(text: str) -> None:
    """A text that a spreadsheet would run as a formula is refused where texts are kept."""
    if text.startswith(FORMULA):
        raise CellError("formula")


def copied(text: str) -> str:
    """A text as COPY takes it."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def choice_reader(choices: Iterable[str], code: str) -> Callable[[str], str]:
    """How one of some codes is read, or nothing. The reader raises CellError(code)."""
    allowed = [str(choice) for choice in choices]

    def read(text: str) -> str:
        plain = text.strip()
        if plain and plain not in allowed:
            raise CellError(code, allowed=", ".join(allowed))
        return plain or NULL

    return read


def text_reader(most: int) -> Callable[[str], str]:
    """How a text that is kept is read, of so many characters. The reader raises CellError."""

    def read(text: str) -> str:
        plain = text.strip()
        if len(plain) > most:
            raise CellError("text_too_long", limit=most)
        refuse_formula(plain)
        return copied(plain)

    return read
