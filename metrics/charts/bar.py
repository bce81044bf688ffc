"""Horizontal bars: series at one moment, or one series over its periods."""

from collections.abc import Iterator
from dataclasses import dataclass

from metrics.charts.layout import DASH, chart_width, extents, hatches, reading, tick_target
from metrics.charts.marks import SLICE, bar_path, break_line, whisker
from metrics.charts.scale import Scale, domain, nice_ticks, tick_texts
from metrics.charts.spec import ChartPoint, ChartSeries, ChartSpec
from metrics.charts.svg import hatch_id, label, label_block, number, series_class
from metrics.charts.text import LINE_HEIGHT, text_width, truncate, wrap
from metrics.charts.time import in_order

BAR, ROW_GAP, LABEL_GAP = 28, 18, 12
WIDEST_LABEL_SHARE = 0.3
WIDEST_NARROW_LABEL = 84
LEAST_PLOT = 90
# Up to here each series has its own colour; a longer ranking is easier to read in one.
MOST_COLOURED_ROWS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: its name, its value, its colour."""

    name: str
    series: ChartSeries
    point: ChartPoint
    tone: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Where things go: names above the bars (`is_stacked`) or beside them.

    `is_listed`: values stand at the right of the names, where they leave the bars no room.
    """

    scale: Scale
    ticks: list[float]
    is_stacked: bool
    label_room: float
    is_listed: bool = False


def tones(spec: ChartSpec) -> list[int]:
    """Colour index of each series."""
    rows_are_series = all(len(series.points) <= 1 for series in spec.series)
    if rows_are_series and len(spec.series) > MOST_COLOURED_ROWS:
        return [0] * len(spec.series)
    return list(range(len(spec.series)))


def rows(spec: ChartSpec) -> list[Row]:
    """Bars from top to bottom: by series, or by period and then series."""
    colours = tones(spec)
    if len(spec.series) == 1:
        series = spec.series[0]
        return [Row(point.label, series, point, 0) for point in in_order(series.points)]
    found = [
        (point, series, colour)
        for series, colour in zip(spec.series, colours, strict=True)
        for point in series.points
    ]
    periods = [point.period for point in in_order(tuple(point for point, _, _ in found))]
    several = len(set(periods)) > 1 and any(len(series.points) > 1 for series in spec.series)
    if several:
        found.sort(key=lambda item: periods.index(item[0].period))
    return [
        Row(f"{series.label} {point.label}" if several else series.label, series, point, colour)
        for point, series, colour in found
    ]


def draw_bars(spec: ChartSpec, chart_id: str) -> tuple[list[str], float]:
    """Body and height of the chart."""
    bars = rows(spec)
    plan = _plan(spec, bars)
    pitch = BAR + ROW_GAP + (LINE_HEIGHT + 4 if plan.is_stacked else 0)
    bottom = pitch * len(bars) - ROW_GAP + 10
    body = [hatches(spec, chart_id, tones(spec))]
    if not plan.is_stacked:
        body.append(_grid(spec, plan, bottom))
    for index, bar in enumerate(bars):
        body.extend(_row(spec, plan, chart_id, bar, index * pitch + 4))
        if bar.point.is_break and index:
            body.append(break_line(index * pitch + 4 - ROW_GAP / 2, plan.scale.start,
                                   plan.scale.end, bar.tone, up=False))  # fmt: skip
    body.append(_axis(plan, len(bars), pitch, bottom))
    return body, bottom if plan.is_stacked else bottom + 24


def _plan(spec: ChartSpec, bars: list[Row]) -> Plan:
    width = chart_width(spec)
    longest = max(text_width(bar.name) for bar in bars)
    stacked = spec.width == "narrow" and longest > WIDEST_NARROW_LABEL
    room = 0.0 if stacked else min(longest, width * WIDEST_LABEL_SHARE)
    low, high = domain(extents(spec), from_zero=True)
    right = _value_room(bars, negative=False)
    left = (room + LABEL_GAP if room else 1) + (_value_room(bars, negative=True) if low < 0 else 0)
    # The axis ends at the extreme value, not at the next round number: bars get the room.
    scale = Scale(low, high, left, width - right)
    if width - right - left < LEAST_PLOT:
        scale = Scale(low, high, 4 * SLICE + 1, width - 4 * SLICE - 1)
        return Plan(scale, [], is_stacked=True, label_room=0, is_listed=True)
    return Plan(scale, _fitting_ticks(spec, scale), stacked, room)


def _value_room(bars: list[Row], *, negative: bool) -> float:
    shown = [
        text_width(bar.point.text) + 8 + (4 * SLICE if bar.point.qualifier == "over" else 0)
        for bar in bars
        if bar.point.value is not None and (bar.point.value < 0) == negative
    ]
    return max(shown, default=10.0) + 4


def _axis(plan: Plan, count: int, pitch: float, bottom: float) -> str:
    """The zero line; it leaves out the names where they stand above their bars."""
    zero = number(plan.scale.at(0))
    data = f"M{zero} 0V{number(bottom)}"
    if plan.is_stacked:
        tops = [index * pitch + LINE_HEIGHT + 4 for index in range(count)]
        data = "".join(f"M{zero} {number(top)}v{BAR + 8}" for top in tops)
    return f'<path class="axis" d="{data}"/>'


def _fitting_ticks(spec: ChartSpec, scale: Scale) -> list[float]:
    """As many round values as have room for their labels side by side."""
    for target in range(tick_target(spec), 0, -1):
        ticks = nice_ticks(scale.low, scale.high, target)
        widest = max(map(text_width, tick_texts(ticks, spec.language, spec.unit_text)))
        if len(ticks) < 2 or abs(scale.at(ticks[1]) - scale.at(ticks[0])) > widest + 8:
            return ticks
    return ticks


def _grid(spec: ChartSpec, plan: Plan, bottom: float) -> str:
    inside = [tick for tick in plan.ticks if plan.scale.low <= tick <= plan.scale.high * 1.0001]
    texts = tick_texts(inside, spec.language, spec.unit_text)
    shown = [(plan.scale.at(tick), text) for tick, text in zip(inside, texts, strict=True)]
    data = "".join(f"M{number(x)} 0V{number(bottom)}" for x, _ in shown)
    parts = [f'<path class="grid" d="{data}"/>']
    width = chart_width(spec)
    for x, text in shown:
        half = text_width(text, 13) / 2
        place = min(max(x, half), width - half)
        parts.append(label(place, bottom + 18, text, anchor="middle", classes="q", size=13))
    return "".join(parts)


def _row(spec: ChartSpec, plan: Plan, chart_id: str, bar: Row, top: float) -> Iterator[str]:
    start = plan.scale.at(0)
    if plan.is_stacked:
        yield _heading(spec, plan, bar, top + LINE_HEIGHT - 5)
        top += LINE_HEIGHT + 4
    else:
        yield label_block(
            plan.label_room, top + BAR / 2, wrap(bar.name, plan.label_room), anchor="end"
        )
    point = bar.point
    said = reading(spec, bar.series, point)
    yield f'<g class="point {series_class(bar.tone)}" data-label="{said}">'
    if point.value is None and not plan.is_listed:
        yield _missing(spec, point.text or DASH, start, top + BAR / 2 + 5)
    elif point.value is not None:
        yield from _bar(plan, chart_id, bar, plan.scale.at(point.value), top)
    yield "</g>"


def _heading(spec: ChartSpec, plan: Plan, bar: Row, y: float) -> str:
    """The name above a bar; where values are listed, cut to what its value leaves."""
    room: float = chart_width(spec)
    if not plan.is_listed:
        return label(0, y, truncate(bar.name, room))
    text = bar.point.text or DASH
    value = label(room, y, text, anchor="end", classes="" if bar.point.value is not None else "q")
    return label(0, y, truncate(bar.name, room - text_width(text) - 8)) + value


def _missing(spec: ChartSpec, text: str, zero: float, y: float) -> str:
    """Why there is no value, on the side of zero that has room."""
    if zero + 8 + text_width(text) <= chart_width(spec):
        return label(zero + 8, y, text, classes="q")
    return label(zero - 8, y, text, anchor="end", classes="q")


def _bar(plan: Plan, chart_id: str, bar: Row, end: float, top: float) -> Iterator[str]:
    point, start = bar.point, plan.scale.at(0)
    fill = f"url(#{hatch_id(chart_id, bar.tone)})" if point.is_tentative else "currentColor"
    edge = ' stroke="currentColor"' if point.is_tentative else ""
    data = bar_path(start, end, top, BAR, point.qualifier, up=False)
    yield f'<path class="mark" d="{data}" fill="{fill}"{edge}/>'
    yield whisker(point, plan.scale, top + BAR / 2, up=False)
    if plan.is_listed:
        return
    beyond = 8 + (4 * SLICE if point.qualifier == "over" else 0)
    negative = end < start
    if point.lower is not None and point.upper is not None:
        end = plan.scale.clamped(point.lower if negative else point.upper)
    place = end - beyond if negative else end + beyond
    yield label(place, top + BAR / 2 + 5, point.text, anchor="end" if negative else "")
