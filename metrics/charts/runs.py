"""Lines as runs of values: where they are parted, which values get a mark, where they are read."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from metrics.charts.marks import break_line
from metrics.charts.scale import Scale
from metrics.charts.spec import ChartPoint, ChartSeries
from metrics.charts.svg import number
from metrics.charts.time import in_order

# Beyond this many values a line is read from its shape, and a dot on each would hide it.
MOST_DOTTED_POINTS = 24
STROKE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"'


class Place(NamedTuple):
    """A value and where it is drawn, in tenths of a user unit: whole numbers subtract exactly."""

    point: ChartPoint
    x: int
    y: int


def runs(series: ChartSeries, places: dict[str, float], scale: Scale) -> list[list[Place]]:
    """Unbroken stretches of values. A null parts them, and a change of definition; a period the
    series does not have (figures stated years apart) is bridged, since the marks show which values
    there are."""
    found: list[list[Place]] = [[]]
    for point in sorted(series.points, key=lambda point: places[point.period]):
        if point.is_break:
            found.append([])
        if point.value is not None:
            x, y = places[point.period], scale.at(point.value)
            found[-1].append(Place(point, round(x * 10), round(y * 10)))
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def dotted(stretches: list[list[Place]]) -> list[Place]:
    """Values that get a mark: all of a short line; of a long one the last, those that no
    line reaches and those that are not plainly stated."""
    if sum(map(len, stretches)) <= MOST_DOTTED_POINTS:
        return [place for run in stretches for place in run]
    return [
        place
        for run in stretches
        for place in run
        if len(run) == 1
        or place is stretches[-1][-1]
        or place.point.qualifier != "exact"
        or place.point.is_tentative
    ]


def joined(steps: list[str]) -> str:
    """Path data without the spaces that a letter or a minus sign makes needless."""
    return "".join(steps).replace(" -", "-").replace(" M", "M").rstrip()


def breaks(
    series: ChartSeries, tone: int, places: dict[str, float], ends: tuple[float, float]
) -> list[str]:
    """Marks half way between the values that a change of definition parts."""
    if not any(point.is_break for point in series.points):
        return []
    return [
        break_line((places[before.period] + places[after.period]) / 2, *ends, tone)
        for before, after in pairwise(in_order(series.points))
        if after.is_break
    ]


def reading_attributes(
    places: dict[str, float], plots: Sequence[tuple[float, float, float]]
) -> str:
    """Where the periods stand: the first and the step where they are even, else all.

    `plots`: how far right of these places, how high and how low each plot stands. What a period
    says is not repeated here; a script reads it from the data table.
    """
    xs = list(places.values())
    step = (xs[-1] - xs[0]) / (len(xs) - 1) if len(xs) > 1 else 0.0
    given = f' data-x="{" ".join(number(x) for x in xs)}" data-count="{len(xs)}"'
    if all(abs(xs[0] + step * index - x) < 0.2 for index, x in enumerate(xs)):
        given = f' data-x="{number(xs[0])}" data-step="{step:.3f}" data-count="{len(xs)}"'
    stand = " ".join(",".join(map(number, plot)) for plot in plots)
    return f'{given} data-plots="{stand}"'
