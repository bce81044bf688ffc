"""Lines in steps: a value holds from the start of its period, and where it changes is seen."""

from collections.abc import Iterator
from itertools import pairwise

from metrics.charts.axes import vertical_axis, x_labels
from metrics.charts.layout import chart_width, extents, tick_target
from metrics.charts.line import PLOT_HEIGHT
from metrics.charts.line_names import line_ends, name_room, names
from metrics.charts.marks import break_line, dot, whisker
from metrics.charts.runs import STROKE, Place, dotted, reading_attributes, runs
from metrics.charts.scale import Scale, domain, nice_ticks
from metrics.charts.spec import ChartSeries, ChartSpec
from metrics.charts.svg import number, series_class
from metrics.charts.time import spans

Sides = dict[str, tuple[float, float]]


def draw_steps(spec: ChartSpec) -> tuple[list[str], float, str]:
    """Body, height and the attributes that let a script read the chart by period."""
    top, bottom = 26.0, 26.0 + PLOT_HEIGHT[spec.width]
    low, high = domain(extents(spec), from_zero=False)
    ticks = nice_ticks(low, high, tick_target(spec))
    scale = Scale(ticks[0], ticks[-1], bottom, top)
    axis, left = vertical_axis(spec, ticks, scale)
    ends = line_ends(spec, scale)
    names_at = chart_width(spec) - name_room(spec, ends)
    sides = _sides(spec, left, names_at - 12)
    middles = {period: (start + end) / 2 for period, (start, end) in sides.items()}
    body = [axis]
    for tone, series in enumerate(spec.series):
        body.append(_steps(series, tone, scale, sides, middles))
        body += [
            break_line(sides[point.period][0], top, bottom, tone)
            for point in series.points
            if point.is_break
        ]
    body += [names(spec, ends, names_at, bottom), x_labels(spec, middles, bottom + 22)]
    return body, bottom + 30, reading_attributes(middles, [(0, top, bottom)])


def _sides(spec: ChartSpec, start: float, end: float) -> Sides:
    """Where each period begins and ends on the drawing."""
    found = spans(point.period for point in spec.points)
    low = min(first for first, _ in found.values())
    scale = Scale(low, max(last for _, last in found.values()), start, end)
    return {period: (scale.at(first), scale.at(last)) for period, (first, last) in found.items()}


def _steps(
    series: ChartSeries, tone: int, scale: Scale, sides: Sides, middles: dict[str, float]
) -> str:
    found = runs(series, middles, scale)
    solid, dashed = "", ""
    for run in found:
        for is_tentative, data in _segments(run, sides):
            solid, dashed = (solid, dashed + data) if is_tentative else (solid + data, dashed)
    parts = [f'<path d="{solid}" {STROKE}/>'] if solid else []
    if dashed:
        parts.append(f'<path d="{dashed}" {STROKE} stroke-dasharray="3 4"/>')
    for point, x, y in dotted(found):
        parts += [whisker(point, scale, x / 10, up=True), dot(point, x / 10, y / 10)]
    return f'<g class="line {series_class(tone)}">{"".join(parts)}</g>'


def _segments(run: list[Place], sides: Sides) -> Iterator[tuple[bool, str]]:
    """The levels of one run, each up to the start of the next, with the rise or fall there.

    A level is dashed where its value is tentative, a rise where either of its ends is.
    """
    for here, after in pairwise(run):
        start, y = number(sides[here.point.period][0]), number(here.y / 10)
        turn, rise = number(sides[after.point.period][0]), number(after.y / 10)
        yield here.point.is_tentative, f"M{start} {y}H{turn}"
        yield here.point.is_tentative or after.point.is_tentative, f"M{turn} {y}V{rise}"
    last = run[-1]
    begin, end = sides[last.point.period]
    yield last.point.is_tentative, f"M{number(begin)} {number(last.y / 10)}H{number(end)}"
