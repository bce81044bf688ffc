"""Vertical bars over periods, one per series in each period's group."""

from collections.abc import Iterator
from dataclasses import dataclass

from metrics.charts.axes import TICK_SIZE, top_text, vertical_axis, x_labels
from metrics.charts.layout import (
    DASH,
    chart_width,
    extents,
    hatches,
    legend,
    reading,
    tick_target,
)
from metrics.charts.marks import SLICE, bar_path, break_line, whisker
from metrics.charts.scale import Scale, domain, nice_ticks
from metrics.charts.spec import ChartPoint, ChartSeries, ChartSpec
from metrics.charts.svg import hatch_id, label, number, series_class
from metrics.charts.text import FONT_SIZE, text_width
from metrics.charts.time import positions

PLOT_HEIGHT = {"wide": 260, "narrow": 220}
WIDEST_COLUMN = 96
GROUP_FILL = 0.72
LEAST_COLUMN_GAP = 2


@dataclass(frozen=True, slots=True)
class Columns:
    """The horizontal plan: groups of columns, one group per period."""

    periods: list[str]
    left: float
    pitch: float
    column: float
    per_group: int

    def centre(self, period: int) -> float:
        return self.left + self.pitch * (period + 0.5)

    def side(self, period: int, series: int) -> float:
        return self.centre(period) + self.column * (series - self.per_group / 2)


def columns_of(spec: ChartSpec, left: float, right: float | None = None) -> Columns:
    """The plan between two places; without `right` up to the right edge."""
    periods = list(positions(point.period for point in spec.points))
    pitch = ((chart_width(spec) if right is None else right) - left) / len(periods)
    column = min(pitch * GROUP_FILL / len(spec.series), WIDEST_COLUMN)
    return Columns(periods, left, pitch, column, len(spec.series))


def labels_fit(spec: ChartSpec) -> bool:
    """Whether every value can be printed above its own column."""
    scale, ticks = column_scale(spec, 0, PLOT_HEIGHT[spec.width])
    return _have_room(spec, columns_of(spec, vertical_axis(spec, ticks, scale)[1]))


def _have_room(spec: ChartSpec, plan: Columns) -> bool:
    room = plan.pitch - 4 if len(spec.series) == 1 else plan.column
    return all(text_width(point.text or DASH) <= room for point in spec.points)


def column_scale(spec: ChartSpec, top: float, bottom: float) -> tuple[Scale, list[float]]:
    """The value axis of columns, which stand on zero."""
    low, high = domain(extents(spec), from_zero=True)
    ticks = nice_ticks(low, high, tick_target(spec))
    return Scale(ticks[0], ticks[-1], bottom, top), ticks


def draw_columns(spec: ChartSpec, chart_id: str) -> tuple[list[str], float]:
    """Body and height of the chart."""
    names, free = legend(spec, chart_width(spec)) if len(spec.series) > 1 else ("", 0.0)
    top = free + 22
    bottom = top + PLOT_HEIGHT[spec.width]
    scale, ticks = column_scale(spec, top, bottom)
    axis, left = vertical_axis(spec, ticks, scale)
    plan = columns_of(spec, left)
    if _have_room(spec, plan) and _meets_unit(spec, plan, scale, ticks):
        ticks.append(2 * ticks[-1] - ticks[-2])
        scale = Scale(ticks[0], ticks[-1], bottom, top)
        axis, left = vertical_axis(spec, ticks, scale)
        plan = columns_of(spec, left)
    with_labels = _have_room(spec, plan)
    lacking = _rising(spec, scale, free) if with_labels else 0
    if lacking:
        top, bottom = top + lacking, bottom + lacking
        scale = Scale(ticks[0], ticks[-1], bottom, top)
        axis, left = vertical_axis(spec, ticks, scale)
    body = [names, hatches(spec, chart_id, list(range(len(spec.series)))), axis]
    for tone, series in enumerate(spec.series):
        for point in series.points:
            body.extend(_column(spec, plan, scale, chart_id, tone, series, point, with_labels))
        body += [
            break_line(left + plan.pitch * plan.periods.index(point.period), top, bottom, tone)
            for point in series.points
            if point.is_break
        ]
    zero = number(scale.at(0))
    body.append(f'<path class="axis" d="M{number(left)} {zero}H{chart_width(spec)}"/>')
    places = {period: plan.centre(index) for index, period in enumerate(plan.periods)}
    foot = bottom + (_hanging(spec, scale, bottom) if with_labels else 0)
    body.append(x_labels(spec, places, foot + 20))
    return body, foot + 28


def _meets_unit(spec: ChartSpec, plan: Columns, scale: Scale, ticks: list[float]) -> bool:
    """Whether the value of a high column would run into the unit over the axis."""
    end = text_width(top_text(spec, ticks), TICK_SIZE)
    for tone, series in enumerate(spec.series):
        for point in series.points:
            if point.value is not None and point.value >= 0:
                side = plan.side(plan.periods.index(point.period), tone)
                left = side + (plan.column - text_width(point.text)) / 2
                height = _label_at(point, scale, scale.at(point.value))
                if left < end and height < scale.end + FONT_SIZE / 2:
                    return True
    return False


def _rising(spec: ChartSpec, scale: Scale, free: float) -> float:
    """How far the values of the highest columns would rise above what is free."""
    labels = [
        free + FONT_SIZE - _label_at(point, scale, scale.at(point.value))
        for point in spec.points
        if point.value is not None and point.value >= 0
    ]
    return max([0.0, *labels])


def _hanging(spec: ChartSpec, scale: Scale, bottom: float) -> float:
    """How far the values of negative columns hang below the plot."""
    labels = [
        _label_at(point, scale, scale.at(point.value)) + 2 - bottom
        for point in spec.points
        if point.value is not None and point.value < 0
    ]
    return max([0.0, *labels])


def _column(
    spec: ChartSpec,
    plan: Columns,
    scale: Scale,
    chart_id: str,
    tone: int,
    series: ChartSeries,
    point: ChartPoint,
    with_labels: bool,
) -> Iterator[str]:
    side = plan.side(plan.periods.index(point.period), tone) + LEAST_COLUMN_GAP / 2
    thick = max(plan.column - LEAST_COLUMN_GAP, 1)
    middle = side + thick / 2
    zero = scale.at(0)
    yield f'<g class="point {series_class(tone)}" data-label="{reading(spec, series, point)}">'
    if point.value is None:
        yield _missing(point, middle, thick, zero - 6, with_labels)
    else:
        end = scale.at(point.value)
        fill = f"url(#{hatch_id(chart_id, tone)})" if point.is_tentative else "currentColor"
        edge = ' stroke="currentColor"' if point.is_tentative else ""
        data = bar_path(zero, end, side, thick, point.qualifier, up=True)
        yield f'<path class="mark" d="{data}" fill="{fill}"{edge}/>'
        yield whisker(point, scale, middle, up=True)
        if with_labels:
            yield label(middle, _label_at(point, scale, end), point.text, anchor="middle")
    yield "</g>"


def _missing(point: ChartPoint, middle: float, thick: float, y: float, with_labels: bool) -> str:
    """Why there is no value, or a dash, drawn where the letter would not fit between others."""
    if with_labels or thick > text_width(DASH):
        text = point.text if with_labels and point.text else DASH
        return label(middle, y, text, anchor="middle", classes="q")
    return f'<path class="axis" d="M{number(middle - thick / 2)} {number(y)}h{number(thick)}"/>'


def _label_at(point: ChartPoint, scale: Scale, end: float) -> float:
    """Baseline of a value: beyond the column, its open end and its whisker."""
    beyond = 4 * SLICE if point.qualifier == "over" else 0
    if point.value is not None and point.value < 0:
        return end + beyond + 17
    if point.lower is not None and point.upper is not None:
        end = min(end, scale.clamped(point.upper))
    return end - beyond - 6
