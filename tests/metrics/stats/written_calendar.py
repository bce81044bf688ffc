"""Periods of every frequency, made of days alone: what the tests of formulas are measured against.

Nothing here comes from the code under test but the codes of periods, which are written out.
"""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

DAY = timedelta(days=1)
# Frequencies, "B" being the working days of a daily series, with FRED's observations per year
# (fred.stlouisfed.org, units formulas: daily 260, "no values on weekends").
PER_YEAR = {"A": 1, "S": 2, "Q": 4, "M": 12, "W": 52, "B": 260, "D": 365}
# So that every frequency has two years of values and more: 53 weeks in 2020, and a 29 February.
SPANS = {
    "A": (date(1990, 1, 1), date(2021, 12, 31)),
    "S": (date(2001, 1, 1), date(2012, 12, 31)),
    "Q": (date(2010, 1, 1), date(2016, 12, 31)),
    "M": (date(2017, 1, 1), date(2020, 12, 31)),
    "W": (date(2018, 12, 31), date(2021, 6, 6)),
    "B": (date(2022, 1, 3), date(2023, 6, 30)),
    "D": (date(2019, 1, 1), date(2020, 12, 31)),
}
_CODES: dict[str, Callable[[date], str]] = {
    "A": lambda day: f"{day.year:04}",
    "S": lambda day: f"{day.year:04}-S{1 if day.month < 7 else 2}",
    "Q": lambda day: f"{day.year:04}-Q{(day.month + 2) // 3}",
    "M": lambda day: f"{day.year:04}-{day.month:02}",
    "W": lambda day: "{:04}-W{:02}".format(*day.isocalendar()[:2]),
    "B": date.isoformat,
    "D": date.isoformat,
}


def code_of(day: date, frequency: str) -> str:
    """The period of the frequency that a day lies in."""
    return _CODES[frequency](day)


def codes_with_last_days(frequency: str, first: date, last: date) -> dict[str, date]:
    """Every period of the frequency in a range of days, in order, with its last day."""
    found: dict[str, date] = {}
    day = first
    while day <= last:
        if frequency != "B" or day.weekday() < 5:
            found[code_of(day, frequency)] = day
        day += DAY
    return found


def codes(frequency: str) -> list[str]:
    """The periods of the frequency's span in order."""
    return list(codes_with_last_days(frequency, *SPANS[frequency]))


def year_before(frequency: str, listed: list[str], place: int) -> int | None:
    """The place of the period a year before: the written rule of each frequency."""
    code = listed[place]
    if frequency == "W":
        earlier = f"{int(code[:4]) - 1:04}{code[4:]}"
        return listed.index(earlier) if earlier in listed else None
    if frequency == "D":
        earlier = f"{int(code[:4]) - 1:04}{code[4:]}"
        return listed.index(earlier) if earlier in listed else None
    back = place - PER_YEAR[frequency]
    return back if back >= 0 else None


def level(place: int) -> Fraction:
    """A level above zero for each place: uneven, with one decimal."""
    return Fraction(1000 + 37 * place % 230 + 10 * (place % 11), 10)
