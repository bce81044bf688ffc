"""Events on an axis of days: how far each reaches, and the years that are told beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date

from metrics.charts.scale import Scale
from metrics.charts.spec import Happening
from metrics.stats.periods import Period

YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
# Shorter than this a stretch of the axis is a dot.
LEAST_BAR = 9.0
TRACK = 10


@dataclass(frozen=True, slots=True)
class Placed:
    """An event on an axis: from `start` to `end`, told from `anchor`, on a track beside the axis.

    A day, a month, a year is told from its middle, a longer time from its beginning. An open one
    (`is_open`) reaches to the end of the axis. `index`: its place among the events.
    """

    event: Happening
    start: float
    end: float
    anchor: float
    is_open: bool
    index: int
    track: int = 0

    @property
    def is_dot(self) -> bool:
        return self.end - self.start < LEAST_BAR

    @property
    def mark(self) -> tuple[float, float]:
        """From where to where it is drawn."""
        spare = max(LEAST_BAR - (self.end - self.start), 0) / 2
        return self.start - spare, self.end + spare


def dated(events: Iterable[Happening]) -> list[Happening]:
    """Those that have a place on an axis."""
    return [event for event in events if Period.parse(event.period).start is not None]


def whole_years(events: Sequence[Happening]) -> tuple[int, int]:
    """The first year of some dated events, and the one after the last."""
    periods = [Period.parse(event.period) for event in events]
    first = min(one.start.year for one in periods if one.start)
    return first, max((one.end or one.start).year for one in periods if one.start) + 1


def new_year(year: int) -> int:
    """The day on which a year begins, as a number."""
    return date(year, 1, 1).toordinal() if year <= MAXYEAR else date.max.toordinal() + 1


def year_ticks(first: int, end: int, scale: Scale, room: float) -> list[int]:
    """Round years from `first` up to `end`, at least `room` apart."""
    a_year = abs(scale.end - scale.start) / (end - first)
    step = next((one for one in YEAR_STEPS if one * a_year >= room), YEAR_STEPS[-1])
    return [year for year in range(first, end) if year % step == 0] or [first]


def placed(events: Sequence[Happening], scale: Scale) -> list[Placed]:
    """Events on the axis in the order given, each on the first track that is free there."""
    found = [_stretch(event, index, scale) for index, event in enumerate(events)]
    tracks: list[list[Placed]] = []
    by_place: dict[tuple[str, int], int] = {}
    for one in sorted(found, key=lambda item: (item.start, -item.end, item.event.tone)):
        key = (one.event.period, one.event.tone)
        if key not in by_place:
            by_place[key] = _free_track(tracks, one)
    return [replace(one, track=by_place[one.event.period, one.event.tone]) for one in found]


def _free_track(tracks: list[list[Placed]], one: Placed) -> int:
    for index, track in enumerate(tracks):
        if all(one.mark[0] >= other.mark[1] - 0.01 for other in track):
            track.append(one)
            return index
    tracks.append([one])
    return len(tracks) - 1


def _stretch(event: Happening, index: int, scale: Scale) -> Placed:
    period = Period.parse(event.period)
    begins = (period.start or date.min).toordinal()
    ends = scale.high if period.end is None else period.end.toordinal() + 1
    start, end = scale.at(begins), scale.at(ends)
    anchor = (start + end) / 2 if period.is_regular else start
    return Placed(event, start, end, anchor, period.end is None, index)


def track_count(events: Iterable[Placed]) -> int:
    return max((one.track + 1 for one in events), default=0)
