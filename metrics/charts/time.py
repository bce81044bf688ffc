"""Periods on an axis: their order and their distances."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from metrics.charts.spec import ChartPoint
from metrics.stats.periods import Period


def in_order(points: tuple[ChartPoint, ...]) -> list[ChartPoint]:
    """Points by time, in the order of their periods."""
    places = positions(point.period for point in points)
    return sorted(points, key=lambda point: places[point.period])


def positions(codes: Iterable[str]) -> dict[str, float]:
    """Where each period stands on an axis of time, in order, in arbitrary units.

    Periods of one regular kind are spaced by count, so that months, whose days differ, are
    even; mixed kinds by their last day. Where one has no date, all are spaced evenly.
    """
    return dict(_positions(tuple(dict.fromkeys(codes))))


# The charts of a site share their periods, and each is drawn in two widths.
@lru_cache(maxsize=512)
def _positions(codes: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    periods = sorted(map(Period.parse, codes), key=lambda period: period.sort_key)
    places = _counted(periods) or _dated(periods) or range(len(periods))
    return tuple((p.code, float(place)) for p, place in zip(periods, places, strict=True))


def _counted(periods: list[Period]) -> list[int]:
    if len({period.kind for period in periods}) > 1:
        return []
    return [period.ordinal for period in periods if period.ordinal is not None]


def _dated(periods: list[Period]) -> list[int]:
    days = [period.end or period.start for period in periods]
    found = [day.toordinal() for day in days if day is not None]
    # Two periods that end on the same day would be drawn on top of each other.
    return found if len(set(found)) == len(periods) else []


def spans(codes: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Where each period begins and ends on an axis of time, in order, in arbitrary units.

    Periods of one regular kind are equally long; mixed kinds go by their days. Where one has no
    days, or two begin on the same one, each gets as much as the others.
    """
    return dict(_spans(tuple(dict.fromkeys(codes))))


@lru_cache(maxsize=512)
def _spans(codes: tuple[str, ...]) -> tuple[tuple[str, tuple[float, float]], ...]:
    periods = sorted(map(Period.parse, codes), key=lambda period: period.sort_key)
    counted = [(place, place + 1) for place in _counted(periods)]
    days = counted or _days(periods) or [(place, place + 1) for place in range(len(periods))]
    return tuple(
        (period.code, (float(start), float(end)))
        for period, (start, end) in zip(periods, days, strict=True)
    )


def _days(periods: list[Period]) -> list[tuple[int, int]]:
    found = [
        (period.start.toordinal(), period.end.toordinal() + 1)
        for period in periods
        if period.start and period.end
    ]
    is_rising = all(before[0] < after[0] for before, after in pairwise(found))
    return found if len(found) == len(periods) and is_rising else []
