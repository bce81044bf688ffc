"""Names at the ends of lines, instead of a legend."""

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.charts.scale import Scale
from metrics.charts.spec import ChartSpec
from metrics.charts.svg import label, series_class
from metrics.charts.text import FONT_SIZE, text_width, truncate
from metrics.charts.time import positions

NAME_ROOM = {"wide": 190, "narrow": 92}
# A name may be cut, a value not: half of one reads as another.
VALUE_ROOM = {"wide": 190, "narrow": 130}
NAME_PITCH = 36
LINE_PITCH = 17
HIGHEST = 8


@dataclass(frozen=True, slots=True)
class End:
    """What stands at the end of one line; `y` is the height of its last value."""

    tone: int
    lines: tuple[str, ...]
    y: float


def line_ends(spec: ChartSpec, scale: Scale) -> list[End]:
    """Ends from top to bottom: the series' name over its last value.

    A lone series is named by the chart's title, so only its value is printed.
    """
    found = []
    for tone, series in enumerate(spec.series):
        stated = [point for point in series.points if point.value is not None]
        if not stated:
            continue
        places = positions(point.period for point in series.points)
        last = max(stated, key=lambda point: places[point.period])
        lines = (last.text,) if len(spec.series) == 1 else (series.label, last.text)
        found.append(End(tone, lines, scale.at(last.value or 0)))
    return sorted(found, key=lambda end: end.y)


def name_room(spec: ChartSpec, ends: Sequence[End]) -> float:
    """Width to keep free at the right."""
    named = max((text_width(line) for end in ends for line in end.lines[:-1]), default=0.0)
    values = max((text_width(end.lines[-1]) for end in ends), default=0.0)
    return max(min(named, NAME_ROOM[spec.width]), min(values, VALUE_ROOM[spec.width]))


def names(spec: ChartSpec, ends: Sequence[End], x: float, bottom: float) -> str:
    heights = spread([end.y for end in ends], *_pitch_and_limit(spec, ends, bottom))
    room = name_room(spec, ends)
    return "".join(_name(end, x, y, room) for end, y in zip(ends, heights, strict=True))


def _pitch_and_limit(spec: ChartSpec, ends: Sequence[End], bottom: float) -> tuple[float, float]:
    """How far apart, and how low at most: the last value ends above the labels of the periods."""
    if len(spec.series) == 1:
        return FONT_SIZE, bottom
    limit = bottom - LINE_PITCH / 2
    return min(NAME_PITCH, (limit - HIGHEST) / max(len(ends) - 1, 1)), limit


def spread(heights: list[float], pitch: float, limit: float) -> list[float]:
    """Rising `heights` pushed apart to `pitch`: down first, then up from `limit`."""
    spread: list[float] = []
    for height in heights:
        spread.append(max(height, spread[-1] + pitch) if spread else height)
    for index in range(len(spread) - 1, -1, -1):
        spread[index] = min(spread[index], limit)
        limit = spread[index] - pitch
    return spread


def _name(end: End, x: float, y: float, room: float) -> str:
    first = y + 5 - (len(end.lines) - 1) * LINE_PITCH / 2
    *name, value = (truncate(line, room) for line in end.lines)
    body = "".join(label(x, first, line, classes="name") for line in name)
    body += label(x, first + len(name) * LINE_PITCH, value)
    return f'<g class="{series_class(end.tone)}">{body}</g>'
