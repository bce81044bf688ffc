"""Daily series for tests of calendars."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from metrics.stats.bounds import Figure
from metrics.stats.periods import Period

MONDAY = date(2024, 7, 1)
Figures = dict[Period, Figure]


def day(one: date | str) -> Period:
    return Period.parse(str(one))


def days(first: date, count: int, *, without: str = "", weekends: bool = False) -> Figures:
    """Values 1, 2, … on so many days, but for those `without`; on weekends only if told so."""
    left_out = without.split()
    listed = [first + timedelta(n) for n in range(count)]
    kept = [one for one in listed if weekends or one.weekday() < 5]
    valued = enumerate(kept, start=1)
    return {day(one): Figure.stated(Decimal(n)) for n, one in valued if str(one) not in left_out}


def told(result: Mapping[Period, Figure]) -> str:
    return " ".join(f"{p}={f.null_reason or f.value}" for p, f in result.items())
