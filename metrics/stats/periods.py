"""Periods: what a value is about.

Codes: ``2018``, ``2018-S1``, ``2018-Q4``, ``2018-12``, ``2018-W05`` (ISO 8601 weeks),
``2018-12-31``, spans ``2007/2018``, open spans ``2016/`` and ``undated``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import StrEnum
from functools import lru_cache, total_ordering

from metrics.stats.natures import Nature
from metrics.stats.period_labels import period_label
from metrics.stats.phrases import Phrase


class Frequency(StrEnum):
    ANNUAL = "A"
    SEMESTER = "S"
    QUARTER = "Q"
    MONTH = "M"
    WEEK = "W"
    DAY = "D"

    @property
    def per_year(self) -> int:
        """Periods in a year: weeks 52 as FRED counts them, days 365 (see calendars)."""
        return {"A": 1, "S": 2, "Q": 4, "M": 12, "W": 52, "D": 365}[self.value]


class PeriodError(ValueError):
    """A text that is no period; the message says what is expected."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


SPAN, OPEN, UNDATED = "span", "open", "undated"
_MONTHS = {"A": 12, "S": 6, "Q": 3, "M": 1}
_CODES = {
    "A": re.compile(r"([0-9]{4})"),
    "S": re.compile(r"([0-9]{4})-S([12])"),
    "Q": re.compile(r"([0-9]{4})-Q([1-4])"),
    "M": re.compile(r"([0-9]{4})-([0-9]{2})"),
    "W": re.compile(r"([0-9]{4})-W([0-9]{2})"),
    "D": re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"),
}


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """One period. Equal and hashed by ``code``; ``end`` is inclusive.

    An open span has no end, ``undated`` has neither end nor start. Make one with ``parse``.
    """

    code: str
    kind: str = field(compare=False)
    start: date | None = field(compare=False)
    end: date | None = field(compare=False)
    # Computed once: panels sort and compare each period many times.
    sort_key: tuple[date, date, str] = field(init=False, repr=False, compare=False)
    """Order by end (an open span: its start), longer first, undated last."""
    ordinal: int | None = field(init=False, repr=False, compare=False)
    """Number of a regular period in its own frequency; consecutive ones differ by one."""

    def __post_init__(self) -> None:
        start = self.start or date.max
        ordinal = _ordinal(self.kind, self.start) if self.is_regular and self.start else None
        object.__setattr__(self, "sort_key", (self.end or start, start, self.code))
        object.__setattr__(self, "ordinal", ordinal)

    def __hash__(self) -> int:
        return hash(self.code)

    @staticmethod
    def parse(text: str) -> Period:
        """Read a period code; raise PeriodError on anything else."""
        return _parse(text)

    @staticmethod
    def containing(day: date, frequency: Frequency) -> Period:
        """Return the period of the frequency that contains the day."""
        return _regular(frequency.value, _ordinal(frequency.value, day))

    def __str__(self) -> str:
        return self.code

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Period):
            return NotImplemented
        return self.sort_key < other.sort_key

    @property
    def is_regular(self) -> bool:
        """Whether the period is one of a frequency, not a span and not undated."""
        return self.kind in _CODES

    def previous(self, n: int = 1) -> Period | None:
        """Return the period n before: the previous period, never the previous row.

        None for spans, undated and before year 1.
        """
        return _shifted(self, n)

    def year_ago(self, n: int = 1) -> Period | None:
        """Return the same period n years before.

        None for spans and undated, for 29 February when that year has none and for week 53
        when that year has none.
        """
        return _years_before(self, n)

    def fits(self, frequency: Frequency) -> bool:
        """Whether a series of the frequency may hold the period; spans and undated fit all."""
        return not self.is_regular or self.kind == frequency.value

    def label(
        self, language: str, nature: Nature | str | None = None, reported_year: int | None = None
    ) -> str:
        """Return the period in words: ``2017年末``, ``end of 2017``; undated needs the year."""
        return period_label(self, language, nature, reported_year)


@lru_cache(maxsize=16384)
def _parse(text: str) -> Period:
    if text == UNDATED:
        return Period(UNDATED, UNDATED, None, None)
    first, slash, last = text.partition("/")
    start = _parse_regular(first, text)
    if not slash:
        return start
    if not last:
        return Period(text, OPEN, start.start, None)
    end = _parse_regular(last, text)
    if start.kind != end.kind:
        raise PeriodError(
            Phrase("period %(text)s: both ends of a span must be of one kind", text=repr(text))
        )
    if not start < end:
        raise PeriodError(
            Phrase("period %(text)s: the start of a span must come before its end", text=repr(text))
        )
    return Period(text, SPAN, start.start, end.end)


def _parse_regular(code: str, text: str) -> Period:
    for kind, pattern in _CODES.items():
        if match := pattern.fullmatch(code):
            parts = [int(part) for part in match.groups()]
            try:
                return _regular(kind, _ordinal(kind, _first_day(kind, parts)))
            except (ValueError, OverflowError) as error:
                raise PeriodError(_not_in_calendar(text, error)) from error
    raise PeriodError(_no_code(text))


def _not_in_calendar(text: str, error: Exception) -> Phrase:
    reason = str(error)
    return Phrase(
        "period %(text)s is not in the calendar: %(reason)s", text=repr(text), reason=reason
    )


def _no_code(text: str) -> Phrase:
    return Phrase(
        "period %(text)s: expected 2018, 2018-S1, 2018-Q4, 2018-12, 2018-W05, 2018-12-31, "
        "2007/2018, 2016/ or undated",
        text=repr(text),
    )


def _first_day(kind: str, parts: list[int]) -> date:
    if kind == "D":
        return date(*parts)
    if kind == "W":
        return date.fromisocalendar(parts[0], parts[1], 1)
    number = parts[1] if len(parts) > 1 else 1
    return date(parts[0], (number - 1) * _MONTHS[kind] + 1, 1)


def _ordinal(kind: str, day: date) -> int:
    if kind == "D":
        return day.toordinal()
    if kind == "W":  # day 1 of the calendar is a Monday, so weeks are whole sevens of it
        return (day.toordinal() - 1) // 7
    return (day.year * 12 + day.month - 1) // _MONTHS[kind]


@lru_cache(maxsize=16384)
def _regular(kind: str, ordinal: int) -> Period:
    start = _start(kind, ordinal)
    end = start + timedelta(days={"D": 0, "W": 6}[kind]) if kind in "DW" else _eve(kind, ordinal)
    return Period(_code(kind, start), kind, start, end)


def _start(kind: str, ordinal: int) -> date:
    if kind == "D":
        return date.fromordinal(ordinal)
    if kind == "W":
        return date.fromordinal(ordinal * 7 + 1)
    year, month = divmod(ordinal * _MONTHS[kind], 12)
    return date(year, month + 1, 1)


def _eve(kind: str, ordinal: int) -> date:
    year, month = divmod((ordinal + 1) * _MONTHS[kind], 12)
    return date.max if year > MAXYEAR else date(year, month + 1, 1) - timedelta(days=1)


def _code(kind: str, start: date) -> str:
    if kind == "D":
        return start.isoformat()
    if kind == "W":
        year, week, _ = start.isocalendar()
        return f"{year:04d}-W{week:02d}"
    part = (start.month - 1) // _MONTHS[kind] + 1
    tail = {"A": "", "S": f"-S{part}", "Q": f"-Q{part}", "M": f"-{part:02d}"}[kind]
    return f"{start.year:04d}{tail}"


@lru_cache(maxsize=65536)
def _shifted(period: Period, n: int) -> Period | None:
    ordinal = period.ordinal
    if ordinal is None:
        return None
    try:
        return _regular(period.kind, ordinal - n)
    except (ValueError, OverflowError):  # outside the calendar
        return None


@lru_cache(maxsize=65536)
def _years_before(period: Period, n: int) -> Period | None:
    if period.kind in _MONTHS:
        return _shifted(period, n * 12 // _MONTHS[period.kind])
    if not period.is_regular or period.start is None:
        return None
    year, week, _ = period.start.isocalendar()
    try:
        if period.kind == "W":
            day = date.fromisocalendar(year - n, week, 1)
        else:
            day = period.start.replace(year=period.start.year - n)
    except ValueError:
        return None
    return _regular(period.kind, _ordinal(period.kind, day)) if day.year >= MINYEAR else None
