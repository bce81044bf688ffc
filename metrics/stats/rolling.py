"""Means over a window that moves along a series: one pass, whatever the window."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, Inexact, InvalidOperation
from itertools import pairwise

from metrics.stats.bounds import CONTEXT, INPUT_MISSING, INSUFFICIENT, NOT_DETERMINABLE, Figure
from metrics.stats.breaks import BREAK
from metrics.stats.periods import Period
from metrics.stats.transform_job import Cell, Job, TransformError

# Sums that run along a series lose no digit: what is taken out again is what was put in.
EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[Inexact, InvalidOperation])
_ZERO = Decimal(0)
# A period of the series by its number in the calendar, and its figure.
Member = tuple[int, Period, Figure]


def rolling_mean(job: Job) -> Cell:
    """Mean of the last ``window`` periods, all of them needed.

    Where one is wanting, the reason is that of the nearest: absent, missing, one-sided. The sum is
    exact and divided once (bounds.CONTEXT).
    """
    window = job.window
    if window is None or window < 1:
        raise TransformError("transform 'rm': expected window, a number of periods from 1")
    means = {
        period: mean
        for members in _in_order(job)
        for period, mean in _means(members, window, job.breaks.between)
    }
    return lambda period, figure: means.get(period) or _beside(job, period, figure)


def _beside(job: Job, period: Period, figure: Figure) -> Figure:
    """A period that has no place in the calendar: a span, or a weekend of a working series."""
    is_weekend = period.is_regular and not job.calendar.keeps(period)
    return INPUT_MISSING if is_weekend and figure.is_missing else INSUFFICIENT


def _in_order(job: Job) -> Iterator[list[Member]]:
    """The members of a series by kind of period, each kind in order."""
    kinds: dict[str, list[Member]] = defaultdict(list)
    for period, figure in job.values.items():
        number = job.calendar.number(period)
        if number is not None and job.calendar.keeps(period):
            kinds[period.kind].append((number, period, figure))
    for members in kinds.values():
        yield sorted(members, key=lambda member: member[0])


def _means(
    members: list[Member], window: int, are_apart: Callable[[Period, Period], bool]
) -> Iterator[tuple[Period, Figure]]:
    count = Decimal(window)
    for place, (reason, total) in enumerate(_windows(members, window)):
        period = members[place][1]
        if reason is not None:
            yield period, reason
        # The days of a change are in order: the ends of a window tell of all of it.
        elif are_apart(period, members[place - window + 1][1]):
            yield period, BREAK
        else:
            yield period, Figure(CONTEXT.divide(total, count))


def _windows(members: list[Member], window: int) -> Iterator[tuple[Figure | None, Decimal]]:
    """For each member why its window has no sum, else None, and the sum."""
    values = [_counted(figure) for _, _, figure in members]
    numbers = [members[0][0] - 2] + [number for number, _, _ in members] if members else []
    wanting: tuple[int, Figure] = (0, INSUFFICIENT)
    total, exponents = _ZERO, _LeastExponent(window)
    for place, (before, number) in enumerate(pairwise(numbers)):
        total = EXACT.add(total, values[place])
        if place >= window:
            total = EXACT.subtract(total, values[place - window])
        exponents.add(place, values[place])
        if number - before > 1:
            wanting = number - 1, INSUFFICIENT
        own = _reason(members[place][2])
        if own is not None:
            wanting = number, own
        is_whole = wanting[0] <= number - window
        yield None if is_whole else wanting[1], exponents.scaled(total) if is_whole else _ZERO


def _counted(figure: Figure) -> Decimal:
    """What a figure adds to a sum; nothing where the sum will not be told."""
    return _ZERO if figure.value is None else figure.value


def _reason(figure: Figure) -> Figure | None:
    """Why a figure cannot be part of a mean."""
    if figure.value is None:
        return INPUT_MISSING
    return NOT_DETERMINABLE if figure.is_one_sided else None


class _LeastExponent:
    """The decimals of the finest value in a window, which a sum of it has."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._rising: deque[tuple[int, int]] = deque()

    def add(self, place: int, value: Decimal) -> None:
        exponent = min(int(value.as_tuple().exponent), 0)
        while self._rising and self._rising[-1][1] >= exponent:
            self._rising.pop()
        self._rising.append((place, exponent))
        if self._rising[0][0] <= place - self._window:
            self._rising.popleft()

    def scaled(self, total: Decimal) -> Decimal:
        """A sum with as many decimals: one that ran along the series may have more, all zeros."""
        return total.quantize(Decimal(1).scaleb(self._rising[0][1]), context=EXACT)
