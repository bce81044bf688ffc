"""Making staged rows: a stated value with its bounds, checked before it waits in a release."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from metrics.models import Release, Series, Source, StagedObservation
from metrics.stats.bounds import stated_bounds
from metrics.stats.figures import StatedFigureError, parse_stated
from metrics.stats.periods import Frequency, Period, PeriodError
from metrics.stats.phrases import Phrase
from metrics.stats.wording import Qualifier

# What arithmetic and printing carry exactly (metrics.stats.bounds.CONTEXT has 34 digits).
MOST_DIGITS = 34
LARGEST_EXPONENT = 30


class StagingError(ValueError):
    """A value that cannot be staged: which field, and what is expected there, often a Phrase."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Reading:
    """A stated value as the row will hold it, in the unit of the series."""

    value: Decimal
    resolution: Decimal | None
    qualifier: Qualifier


def read_stated(
    stated: str,
    *,
    unit_kind: str,
    value: Decimal | None = None,
    resolution: Decimal | None = None,
    qualifier: str | None = None,
) -> Reading:
    """Read a stated text; what is given beside it must agree with it.

    `value`, `resolution` and `qualifier` may be given where the text does not say them (零线下网点,
    7×24×365); a text that can be read and contradicts the value or the qualifier is refused. A
    resolution given outranks the one the text implies (260家 counted to the last one).
    Raises StagingError("stated" | "value" | "qualifier").
    """
    try:
        parsed = parse_stated(stated, unit_kind=unit_kind) if stated else None
    except StatedFigureError as error:
        if value is None:
            raise StagingError("stated", error.message) from None
        parsed = None
    if parsed is None:
        if value is None:
            raise StagingError("value", Phrase("no value; expected a number or a stated text"))
        return Reading(value, resolution, Qualifier(qualifier or Qualifier.EXACT))
    if value is not None and value != parsed.value:
        raise StagingError("value", _contradiction(str(value), stated, format(parsed.value, "f")))
    if qualifier and qualifier != parsed.qualifier:
        given, expected = f"“{qualifier}”", f"“{parsed.qualifier}”"
        raise StagingError("qualifier", _contradiction(given, stated, expected))
    return Reading(
        parsed.value if value is None else value,
        parsed.resolution if resolution is None else resolution,
        parsed.qualifier,
    )


def stage_observation(
    release: Release,
    *,
    series: Series,
    period: str,
    source: Source,
    stated: str = "",
    value: Decimal | None = None,
    qualifier: str | None = None,
    resolution: Decimal | None = None,
    status: str = "A",
    null_reason: str = "",
    locator: str = "",
    note: str = "",
    vintage_on: date | None = None,
    preferred: bool = True,
    action: str = StagedObservation.Action.RECORD,
) -> StagedObservation:
    """An unsaved staged row with its bounds and dates. Raises StagingError naming the field."""
    when = parse_period(period, series)
    row = StagedObservation(
        release=release,
        series=series,
        source=source,
        action=action,
        period=when.code,
        period_start=when.start,
        period_end=when.end,
        stated=stated,
        status=status,
        null_reason=null_reason,
        locator=locator,
        note=note,
        vintage_on=vintage_on,
        preferred=preferred,
    )
    if null_reason:
        _refuse_value_beside_reason(value, stated)
    elif action == StagedObservation.Action.RECORD:
        kind = series.indicator.unit.kind
        reading = read_stated(
            stated, unit_kind=kind, value=value, resolution=resolution, qualifier=qualifier
        )
        _fill(row, reading)
    return row


def _contradiction(given: str, stated: str, expected: str) -> Phrase:
    return Phrase(
        "%(given)s contradicts “%(stated)s”; expected %(expected)s",
        given=given,
        stated=stated,
        expected=expected,
    )


def parse_period(code: str, series: Series) -> Period:
    """The period a code names, if the series can have it. Raises StagingError("period")."""
    try:
        period = Period.parse(code)
    except PeriodError as error:
        raise StagingError("period", error.message) from None
    if not period.fits(Frequency(series.frequency)):
        raise StagingError(
            "period",
            Phrase(
                "%(period)s does not fit %(series)s, whose frequency is %(frequency)s",
                period=code,
                series=series.key,
                frequency=series.frequency,
            ),
        )
    return period


def _fill(row: StagedObservation, reading: Reading) -> None:
    _refuse_immense("value", reading.value)
    if reading.resolution is not None:
        _refuse_immense("resolution", reading.resolution)
        if reading.resolution < 0:
            raise StagingError("resolution", Phrase("a resolution is zero or more"))
    row.value = reading.value
    row.resolution = reading.resolution
    row.qualifier = reading.qualifier.value
    row.lower, row.upper = stated_bounds(reading.value, reading.resolution, reading.qualifier)


def _refuse_value_beside_reason(value: Any, stated: str) -> None:
    if value is not None or stated:
        message = Phrase("a row with a reason for no value has no value")
        raise StagingError("null_reason", message)


def _refuse_immense(field: str, number: Decimal) -> None:
    """A number that could not be computed with or printed exactly is a slip of the hand."""
    digits = len(number.as_tuple().digits)
    if number and (digits > MOST_DIGITS or abs(number.adjusted()) > LARGEST_EXPONENT):
        raise StagingError(
            field,
            Phrase(
                "%(number)s has %(digits)s digits; expected at most %(most)s, "
                "between 1e-%(exponent)s and 1e%(exponent)s",
                number=f"{number:.6e}",
                digits=digits,
                most=MOST_DIGITS,
                exponent=LARGEST_EXPONENT,
            ),
        )
