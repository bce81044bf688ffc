"""Figures measured by different definitions are not compared, unless someone says why they may."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from metrics.stats.bounds import Figure
from metrics.stats.periods import Period

BREAK = Figure.missing("break")


@dataclass(frozen=True, slots=True)
class Breaks:
    """The days from which on a series is measured by another definition, in order.

    A period is measured by the definition of its last day, so a year in whose middle the definition
    changed counts as measured by the new one. Source: SDMX code list for the observation status,
    B: time series break.
    """

    starts: tuple[date, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.starts)

    def part(self, period: Period) -> int:
        """How many of the changes lie on or before the period's last day."""
        return bisect_right(self.starts, period.end) if self.starts and period.end else 0

    def between(self, first: Period, second: Period) -> bool:
        """Whether the two were measured by different definitions."""
        return bool(self.starts) and self.part(first) != self.part(second)

    def within(self, periods: Iterable[Period]) -> bool:
        """Whether not all of them were measured by one definition."""
        return bool(self.starts) and len({self.part(period) for period in periods}) > 1


NO_BREAKS = Breaks()


def together(several: Iterable[Breaks]) -> Breaks:
    """The breaks of what is computed from several series."""
    return Breaks(tuple(sorted({start for breaks in several for start in breaks.starts})))
