"""Lines over time: gaps where a value is missing, each line named at its end."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from metrics.charts.axes import vertical_axis, x_labels
from metrics.charts.layout import chart_width, extents, tick_target
from metrics.charts.marks import dot, whisker
from metrics.charts.scale import Scale, domain, nice_ticks
from metrics.charts.spec import ChartPoint, ChartSeries, ChartSpec
from metrics.charts.svg import label, number, series_class
from metrics.charts.text import FONT_SIZE, text_width, truncate
from metrics.charts.time import in_order, positions

PLOT_HEIGHT = {"wide": 280, "narrow": 230}
NAME_ROOM = {"wide": 190, "narrow": 92}
NAME_PITCH = 36
# Beyond this many values a line is read from its shape, and a dot on each would hide it.
MOST_DOTTED_POINTS = 24


class Place(NamedTuple):
    """A value and where it is drawn."""

    point: ChartPoint
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class End:
    """The name at the end of a line."""

    tone: int
    series: ChartSeries
    y: float


def draw_lines(spec: ChartSpec, chart_id: str) -> tuple[list[str], float, str]:
    """Body, height and the attributes that let a script read the chart by period."""
    top, bottom = 26.0, 26.0 + PLOT_HEIGHT[spec.width]
    low, high = domain(extents(spec), from_zero=False)
    ticks = nice_ticks(low, high, tick_target(spec))
    scale = Scale(ticks[0], ticks[-1], bottom, top)
    axis, left = vertical_axis(spec, ticks, scale)
    names_at = chart_width(spec) - _name_room(spec)
    places = _places(spec, left + 8, names_at - 12)
    body = [axis]
    for tone, series in enumerate(spec.series):
        body.append(_line(series, tone, scale, places))
    body.append(_names(spec, _ends(spec, scale), names_at, bottom))
    body.append(x_labels(spec, places, bottom + 22))
    return body, bottom + 30, _reading_attributes(places)


def _name_room(spec: ChartSpec) -> float:
    texts = [text for series in spec.series for text in _name_lines(spec, series)]
    widest = max((text_width(text) for text in texts), default=0.0)
    return min(widest, NAME_ROOM[spec.width])


def _name_lines(spec: ChartSpec, series: ChartSeries) -> tuple[str, ...]:
    """Series name over its last value; a lone series is named by the chart's title."""
    last = _last(series)
    value = (last.text,) if last else ()
    return value if len(spec.series) == 1 else (series.label, *value)


def _last(series: ChartSeries) -> ChartPoint | None:
    return next((p for p in reversed(in_order(series.points)) if p.value is not None), None)


def _places(spec: ChartSpec, start: float, end: float) -> dict[str, float]:
    found = positions(point.period for point in spec.points)
    if len(found) == 1:
        return dict.fromkeys(found, (start + end) / 2)
    scale = Scale(min(found.values()), max(found.values()), start, end)
    return {period: round(scale.at(place), 1) for period, place in found.items()}


def _line(series: ChartSeries, tone: int, scale: Scale, places: dict[str, float]) -> str:
    """One line with its marks."""
    points = {point.period: point for point in series.points}
    runs = _runs([points.get(period) for period in places], places, scale)
    solid, dashed = _segments(runs)
    stroke = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"'
    parts = [f'<path d="{solid}" {stroke}/>'] if solid else []
    if dashed:
        parts.append(f'<path d="{dashed}" {stroke} stroke-dasharray="3 4"/>')
    parts.extend(
        whisker(place.point, scale, place.x, up=True) + dot(*place) for place in _dots(runs)
    )
    return f'<g class="line {series_class(tone)}">{"".join(parts)}</g>'


def _runs(
    ordered: list[ChartPoint | None], places: dict[str, float], scale: Scale
) -> list[list[Place]]:
    """Unbroken stretches of values; a missing one parts them."""
    runs: list[list[Place]] = [[]]
    for point, x in zip(ordered, places.values(), strict=True):
        if point is not None and point.value is not None:
            runs[-1].append(Place(point, x, round(scale.at(point.value), 1)))
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
    data: dict[bool, list[str]] = {False: [], True: []}
    for run in runs:
        pen = None
        for before, here in pairwise(run):
            tentative = before.point.is_tentative or here.point.is_tentative
            start = " " if pen is tentative else f"M{number(before.x)} {number(before.y)}l"
            step = f"{number(here.x - before.x)} {number(here.y - before.y)}"
            data[tentative].append(start + step)
            pen = tentative
    return _join(data[False]), _join(data[True])


def _join(steps: list[str]) -> str:
    """A minus sign separates numbers as well as a space does."""
    return "".join(steps).replace(" -", "-")


def _step(dx: float, dy: float) -> str:
    return f"{number(dx)} {number(dy)}"


def _ends(spec: ChartSpec, scale: Scale) -> list[End]:
    """Names in order of height, pushed apart where they would overlap."""
    found = []
    for tone, series in enumerate(spec.series):
        last = _last(series)
        if last is not None and last.value is not None:
            found.append(End(tone, series, scale.at(last.value)))
    found.sort(key=lambda end: end.y)
    return found


def _names(spec: ChartSpec, ends: list[End], x: float, bottom: float) -> str:
    pitch = NAME_PITCH if len(spec.series) > 1 else FONT_SIZE
    parts, floor_y = [], 0.0
    spread: list[float] = []
    for end in ends:
        floor_y = max(end.y, floor_y)
        spread.append(floor_y)
        floor_y += pitch
    limit = bottom + 10
    for index in range(len(ends) - 1, -1, -1):
        spread[index] = min(spread[index], limit)
        limit = spread[index] - pitch
    for end, y in zip(ends, spread, strict=True):
        parts.append(_name(spec, end, x, y))
    return "".join(parts)


def _name(spec: ChartSpec, end: End, x: float, y: float) -> str:
    lines = _name_lines(spec, end.series)
    room = NAME_ROOM[spec.width]
    first = y + 5 - (len(lines) - 1) * 8
    body = "".join(
        label(
            x,
            first + index * 17,
            truncate(line, room),
            classes="name" if index < len(lines) - 1 else "",
        )
        for index, line in enumerate(lines)
    )
    return f'<g class="{series_class(end.tone)}">{body}</g>'


def _reading_attributes(places: dict[str, float]) -> str:
    """Where the periods stand: the first and the step where they are even, else all.

    What a period says is not repeated here; a script reads it from the data table.
    """
    xs = list(places.values())
    step = (xs[-1] - xs[0]) / (len(xs) - 1) if len(xs) > 1 else 0.0
    if all(abs(xs[0] + step * index - x) < 0.2 for index, x in enumerate(xs)):
        return f' data-x="{number(xs[0])}" data-step="{step:.3f}" data-count="{len(xs)}"'
    return f' data-x="{" ".join(number(x) for x in xs)}" data-count="{len(xs)}"'
