"""Lines over time: gaps where a value is null, each line named at its end."""

from itertools import pairwise

from metrics.charts.axes import vertical_axis, x_labels
from metrics.charts.layout import chart_width, extents, tick_target
from metrics.charts.line_names import line_ends, name_room, names
from metrics.charts.marks import dot, whisker
from metrics.charts.runs import STROKE, Place, breaks, dotted, joined, reading_attributes, runs
from metrics.charts.scale import Scale, domain, nice_ticks
from metrics.charts.spec import ChartSeries, ChartSpec
from metrics.charts.svg import series_class, tenths
from metrics.charts.time import positions

PLOT_HEIGHT = {"wide": 280, "narrow": 230}


def draw_lines(spec: ChartSpec) -> tuple[list[str], float, str]:
    """Body, height and the attributes that let a script read the chart by period."""
    top, bottom = 26.0, 26.0 + PLOT_HEIGHT[spec.width]
    low, high = domain(extents(spec), from_zero=False)
    ticks = nice_ticks(low, high, tick_target(spec))
    scale = Scale(ticks[0], ticks[-1], bottom, top)
    axis, left = vertical_axis(spec, ticks, scale)
    ends = line_ends(spec, scale)
    names_at = chart_width(spec) - name_room(spec, ends)
    places = places_of(spec, left + 8, names_at - 12)
    body = [axis]
    for tone, series in enumerate(spec.series):
        body += [
            draw_line(series, tone, scale, places),
            *breaks(series, tone, places, (top, bottom)),
        ]
    body += [names(spec, ends, names_at, bottom), x_labels(spec, places, bottom + 22)]
    return body, bottom + 30, reading_attributes(places, [(0, top, bottom)])


def places_of(spec: ChartSpec, start: float, end: float) -> dict[str, float]:
    """Where the periods stand between two places, by time."""
    found = positions(point.period for point in spec.points)
    if len(found) == 1:
        return dict.fromkeys(found, (start + end) / 2)
    scale = Scale(min(found.values()), max(found.values()), start, end)
    return {period: scale.at(place) for period, place in found.items()}


def draw_line(series: ChartSeries, tone: int, scale: Scale, places: dict[str, float]) -> str:
    """One line with its marks."""
    found = runs(series, places, scale)
    solid, dashed = _segments(found)
    parts = [f'<path d="{solid}" {STROKE}/>'] if solid else []
    if dashed:
        parts.append(f'<path d="{dashed}" {STROKE} stroke-dasharray="3 4"/>')
    for point, x, y in dotted(found):
        parts += [whisker(point, scale, x / 10, up=True), dot(point, x / 10, y / 10)]
    return f'<g class="line {series_class(tone)}">{"".join(parts)}</g>'


def _segments(stretches: list[list[Place]]) -> tuple[str, str]:
    """Path data of the stated stretches and of those that touch a tentative value.

    Coordinates are relative, which halves the text; each is the difference of two rounded
    places, so that rounding does not add up along the line.
    """
    data: tuple[list[str], list[str]] = ([], [])
    for run in stretches:
        pen = None
        for (start, x, y), (end, next_x, next_y) in pairwise(run):
            tentative = start.is_tentative or end.is_tentative
            if pen is not tentative:
                data[tentative].append(f"M{tenths(x)} {tenths(y)}l")
                pen = tentative
            data[tentative].append(f"{tenths(next_x - x)} {tenths(next_y - y)} ")
    return joined(data[False]), joined(data[True])
