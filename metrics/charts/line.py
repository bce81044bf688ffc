"""Lines over time: gaps where a value is null, each line named at its end."""

from itertools import pairwise
from typing import NamedTuple

from metrics.charts.axes import vertical_axis, x_labels
from metrics.charts.layout import chart_width, extents, tick_target
from metrics.charts.line_names import line_ends, name_room, names
from metrics.charts.marks import break_line, dot, whisker
from metrics.charts.scale import Scale, domain, nice_ticks
from metrics.charts.spec import ChartPoint, ChartSeries, ChartSpec
from metrics.charts.svg import number, series_class, tenths
from metrics.charts.time import in_order, positions

PLOT_HEIGHT = {"wide": 280, "narrow": 230}
# Beyond this many values a line is read from its shape, and a dot on each would hide it.
MOST_DOTTED_POINTS = 24


class Place(NamedTuple):
    """A value and where it is drawn, in tenths of a user unit: whole numbers subtract exactly."""

    point: ChartPoint
    x: int
    y: int


def draw_lines(spec: ChartSpec) -> tuple[list[str], float, str]:
    """Body, height and the attributes that let a script read the chart by period."""
    top, bottom = 26.0, 26.0 + PLOT_HEIGHT[spec.width]
    low, high = domain(extents(spec), from_zero=False)
    ticks = nice_ticks(low, high, tick_target(spec))
    scale = Scale(ticks[0], ticks[-1], bottom, top)
    axis, left = vertical_axis(spec, ticks, scale)
    ends = line_ends(spec, scale)
    names_at = chart_width(spec) - name_room(spec, ends)
    places = _places(spec, left + 8, names_at - 12)
    body = [axis]
    for tone, series in enumerate(spec.series):
        body += [_line(series, tone, scale, places), *_breaks(series, tone, places, (top, bottom))]
    body += [names(spec, ends, names_at, bottom), x_labels(spec, places, bottom + 22)]
    return body, bottom + 30, _reading_attributes(places)


def _places(spec: ChartSpec, start: float, end: float) -> dict[str, float]:
    found = positions(point.period for point in spec.points)
    if len(found) == 1:
        return dict.fromkeys(found, (start + end) / 2)
    scale = Scale(min(found.values()), max(found.values()), start, end)
    return {period: scale.at(place) for period, place in found.items()}


def _line(series: ChartSeries, tone: int, scale: Scale, places: dict[str, float]) -> str:
    """One line with its marks."""
    runs = _runs(series, places, scale)
    solid, dashed = _segments(runs)
    stroke = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"'
    parts = [f'<path d="{solid}" {stroke}/>'] if solid else []
    if dashed:
        parts.append(f'<path d="{dashed}" {stroke} stroke-dasharray="3 4"/>')
    for point, x, y in _dots(runs):
        parts += [whisker(point, scale, x / 10, up=True), dot(point, x / 10, y / 10)]
    return f'<g class="line {series_class(tone)}">{"".join(parts)}</g>'


def _breaks(
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


def _runs(series: ChartSeries, places: dict[str, float], scale: Scale) -> list[list[Place]]:
    """Unbroken stretches of values. A null parts them, and a change of definition; a period the
    series does not have (figures stated years apart) is bridged, since the marks show which values
    there are."""
    runs: list[list[Place]] = [[]]
    for point in sorted(series.points, key=lambda point: places[point.period]):
        if point.is_break:
            runs.append([])
        if point.value is not None:
            x, y = places[point.period], scale.at(point.value)
            runs[-1].append(Place(point, round(x * 10), round(y * 10)))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _dots(runs: list[list[Place]]) -> list[Place]:
    """Values that get a mark: all of a short line; of a long one the last, those that no
    line reaches and those that are not plainly stated."""
    if sum(map(len, runs)) <= MOST_DOTTED_POINTS:
        return [place for run in runs for place in run]
    return [
        place
        for run in runs
        for place in run
        if len(run) == 1
        or place is runs[-1][-1]
        or place.point.qualifier != "exact"
        or place.point.is_tentative
    ]


def _segments(runs: list[list[Place]]) -> tuple[str, str]:
    """Path data of the stated stretches and of those that touch a tentative value.

    Coordinates are relative, which halves the text; each is the difference of two rounded
    places, so that rounding does not add up along the line.
    """
    data: tuple[list[str], list[str]] = ([], [])
    for run in runs:
        pen = None
        for (start, x, y), (end, next_x, next_y) in pairwise(run):
            tentative = start.is_tentative or end.is_tentative
            if pen is not tentative:
                data[tentative].append(f"M{tenths(x)} {tenths(y)}l")
                pen = tentative
            data[tentative].append(f"{tenths(next_x - x)} {tenths(next_y - y)} ")
    return _joined(data[False]), _joined(data[True])


def _joined(steps: list[str]) -> str:
    """Path data without the spaces that a letter or a minus sign makes needless."""
    return "".join(steps).replace(" -", "-").replace(" M", "M").rstrip()


def _reading_attributes(places: dict[str, float]) -> str:
    """Where the periods stand: the first and the step where they are even, else all.

    What a period says is not repeated here; a script reads it from the data table.
    """
    xs = list(places.values())
    step = (xs[-1] - xs[0]) / (len(xs) - 1) if len(xs) > 1 else 0.0
    if all(abs(xs[0] + step * index - x) < 0.2 for index, x in enumerate(xs)):
        return f' data-x="{number(xs[0])}" data-step="{step:.3f}" data-count="{len(xs)}"'
    return f' data-x="{" ".join(number(x) for x in xs)}" data-count="{len(xs)}"'
