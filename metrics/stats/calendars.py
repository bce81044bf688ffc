"""Which days a daily series keeps, and so which of its periods come one after the other.

A series of prices or rates has no values on weekends: Friday is then the day before Monday. Whether
it is so is read off the values, so no series has to be told: a daily series keeps working days
when it has a value on all five days of some week, Monday to Friday, and none on any Saturday or
Sunday. Series of other frequencies, and of single days far apart, keep every period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from metrics.stats.bounds import Figure
from metrics.stats.periods import Frequency, Period

_DAYS_OF_WEEK, _WORKING_DAYS_OF_WEEK, _WEEKS_OF_YEAR = 7, 5, 52


@dataclass(frozen=True, slots=True)
class Calendar:
    """The periods that a series has, in their order: each of its frequency, or working days only.

    A year has 260 working days, the 52 weeks of five days that FRED counts ("no values on
    weekends"), so a year before a working day is the same day of the week 52 weeks before. Public
    holidays are working days without a value.
    """

    is_working: bool = False

    def per_year(self, frequency: Frequency) -> int:
        """Periods in a year."""
        is_daily = self.is_working and frequency is Frequency.DAY
        return _WORKING_DAYS_OF_WEEK * _WEEKS_OF_YEAR if is_daily else frequency.per_year

    def keeps(self, period: Period) -> bool:
        """Whether the series can have a value of the period."""
        return not (self.is_working and _is_weekend(period))

    def number(self, period: Period) -> int | None:
        """Number of a regular period; consecutive ones of the series differ by one."""
        if not self._counts(period) or period.ordinal is None:
            return period.ordinal
        week, day = divmod(period.ordinal - 1, _DAYS_OF_WEEK)  # day 1 was a Monday
        return week * _WORKING_DAYS_OF_WEEK + min(day, _WORKING_DAYS_OF_WEEK - 1)

    def previous(self, period: Period, n: int = 1) -> Period | None:
        """Return the period n before; as Period.previous, on working days."""
        number = self.number(period)
        if number is None or not n or not self._counts(period):
            return period.previous(n)
        if _is_weekend(period) and n > 0:  # the first before a Sunday is the Friday itself
            n -= 1
        week, day = divmod(number - n, _WORKING_DAYS_OF_WEEK)
        shift = (period.ordinal or 0) - 1 - week * _DAYS_OF_WEEK - day
        return period.previous(shift)

    def year_ago(self, period: Period, n: int = 1) -> Period | None:
        """Return the period n years before: the same one, of working days that 260 times n back."""
        if not self._counts(period):
            return period.year_ago(n)
        return period.previous(n * _WEEKS_OF_YEAR * _DAYS_OF_WEEK)

    def _counts(self, period: Period) -> bool:
        return self.is_working and period.kind == Frequency.DAY


EVERY_PERIOD, WORKING_DAYS = Calendar(), Calendar(is_working=True)


def calendar_of(values: Mapping[Period, Figure]) -> Calendar:
    """Return the calendar that the values of a series show."""
    if not any(period.kind == Frequency.DAY for period in values):
        return EVERY_PERIOD
    days = [p for p, figure in values.items() if p.kind == Frequency.DAY and not figure.is_missing]
    has_weekends = any(map(_is_weekend, days))
    return WORKING_DAYS if not has_weekends and _has_whole_week(days) else EVERY_PERIOD


def _has_whole_week(days: Iterable[Period]) -> bool:
    ordinals = {day.ordinal for day in days if day.ordinal is not None}
    return any(
        ordinal % _DAYS_OF_WEEK == 1 and ordinals.issuperset(range(ordinal, ordinal + 5))
        for ordinal in ordinals
    )


def _is_weekend(period: Period) -> bool:
    if period.kind != Frequency.DAY or period.ordinal is None:
        return False
    return (period.ordinal - 1) % _DAYS_OF_WEEK >= _WORKING_DAYS_OF_WEEK
