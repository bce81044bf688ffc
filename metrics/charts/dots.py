"""Dot plots: series at one moment, each a mark with the bar of its bounds.

A bound on one side only is a bar that runs to the edge of the plot and ends in an arrow. Values
stand in a column of their own, so that no bar runs into them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from metrics.charts.bar import LABEL_GAP, WIDEST_LABEL_SHARE, WIDEST_NARROW_LABEL, tones
from metrics.charts.layout import DASH, chart_width, extents, reading, tick_target
from metrics.charts.marks import dot
from metrics.charts.scale import Scale, domain, nice_ticks, tick_texts
from metrics.charts.spec import ChartPoint, ChartSeries, ChartSpec
from metrics.charts.svg import label, label_block, number, series_class
from metrics.charts.text import LINE_HEIGHT, text_width, wrap
from metrics.charts.time import in_order

PITCH, TOP = 36, 8
BOUND_WIDTH = 7
# Narrower than its mark, a bar of bounds would be a blot behind it.
LEAST_BOUND = 9.0
ARROW = 6.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Names above the rows (`is_stacked`) or beside them, the plot, the column of values."""

    scale: Scale
    ticks: list[float]
    is_stacked: bool
    label_room: float
    values_at: float

    @property
    def pitch(self) -> float:
        return PITCH + (LINE_HEIGHT if self.is_stacked else 0)


def draw_dots(spec: ChartSpec) -> tuple[list[str], float]:
    """Body and height of the chart."""
    plan = _plan(spec)
    bottom = TOP + plan.pitch * len(spec.series)
    body = [_grid(spec, plan, bottom)]
    for index, (series, tone) in enumerate(zip(spec.series, tones(spec), strict=True)):
        body += _row(spec, plan, series, tone, TOP + index * plan.pitch)
    return body, bottom + 26


def shown_point(series: ChartSeries) -> ChartPoint | None:
    """The value of a row; None where the series has no point at all."""
    return in_order(series.points)[0] if series.points else None


def _plan(spec: ChartSpec) -> Plan:
    width = chart_width(spec)
    longest = max(text_width(series.label) for series in spec.series)
    stacked = spec.width == "narrow" and longest > WIDEST_NARROW_LABEL
    room = 0.0 if stacked else min(longest, width * WIDEST_LABEL_SHARE)
    points = [shown_point(series) for series in spec.series]
    values = max(text_width(point.text or DASH) for point in points if point)
    low, high = domain(extents(spec), from_zero=False)
    left = room + LABEL_GAP if room else 6
    scale = Scale(low, high, left + 10, width - values - LABEL_GAP - 10)
    for target in range(tick_target(spec), 0, -1):
        ticks = nice_ticks(low, high, target)
        scale = Scale(ticks[0], ticks[-1], scale.start, scale.end)
        texts = tick_texts(ticks, spec.language, spec.unit_text)
        if scale.at(ticks[1]) - scale.at(ticks[0]) > max(map(text_width, texts)) + 8:
            break
    return Plan(scale, ticks, stacked, room, width - values)


def _grid(spec: ChartSpec, plan: Plan, bottom: float) -> str:
    places = [plan.scale.at(tick) for tick in plan.ticks]
    data = "".join(f"M{number(x)} 0V{number(bottom)}" for x in places)
    parts = [f'<path class="grid" d="{data}"/>']
    width = chart_width(spec)
    last: float = width
    texts = tick_texts(plan.ticks, spec.language, spec.unit_text)
    # From the right, so that the last, which has the word of the scale, always stands.
    for x, text in reversed([*zip(places, texts, strict=True)]):
        half = text_width(text, 13) / 2
        place = min(max(x, half), width - half)
        if place + half <= last:
            parts.append(label(place, bottom + 18, text, anchor="middle", classes="q", size=13))
            last = place - half - 8
    return "".join(parts)


def _row(spec: ChartSpec, plan: Plan, series: ChartSeries, tone: int, top: float) -> Iterator[str]:
    if plan.is_stacked:
        yield label(0, top + LINE_HEIGHT - 4, wrap(series.label, chart_width(spec), 1)[0])
        top += LINE_HEIGHT
    else:
        name = wrap(series.label, plan.label_room)
        yield label_block(plan.label_room, top + PITCH / 2, name, anchor="end")
    point = shown_point(series)
    if point is None:
        return
    y = top + PITCH / 2
    yield f'<g class="point {series_class(tone)}" data-label="{reading(spec, series, point)}">'
    if point.value is not None:
        yield _bound(plan.scale, point, y)
        yield f'<g class="mark">{dot(point, plan.scale.at(point.value), y)}</g>'
    classes = "" if point.value is not None else "q"
    yield label(plan.values_at, y + 5, point.text or DASH, classes=classes)
    yield "</g>"


def _bound(scale: Scale, point: ChartPoint, y: float) -> str:
    """The bar from the lower to the upper bound; an open side ends in an arrow."""
    if point.lower is None and point.upper is None:
        return ""
    start = scale.start - 8 if point.lower is None else scale.clamped(point.lower)
    end = scale.end + 8 if point.upper is None else scale.clamped(point.upper)
    if end - start < LEAST_BOUND:
        return ""
    data = f"M{number(start)} {number(y)}H{number(end)}"
    arrows = ""
    if point.upper is None:
        arrows += _arrow(end, y, -ARROW)
    if point.lower is None:
        arrows += _arrow(start, y, ARROW)
    bar = f'<path class="span" d="{data}" stroke="currentColor" stroke-width="{BOUND_WIDTH}"/>'
    return bar + (f'<path d="{arrows}" fill="none" stroke="currentColor"/>' if arrows else "")


def _arrow(x: float, y: float, back: float) -> str:
    return (
        f"M{number(x + back)} {number(y - ARROW)}L{number(x)} {number(y)}l{number(back)} {ARROW:g}"
    )
