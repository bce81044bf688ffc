"""Small multiples: a panel for each series, all on the same axes, so that they are read across."""

from dataclasses import dataclass

from metrics.charts.axes import TICK_SIZE, vertical_axis
from metrics.charts.layout import chart_width, extents, no_data
from metrics.charts.line import draw_line, places_of
from metrics.charts.runs import breaks, reading_attributes
from metrics.charts.scale import Scale, domain, nice_ticks
from metrics.charts.spec import ChartSeries, ChartSpec
from metrics.charts.svg import label, number, series_class
from metrics.charts.text import text_width, truncate
from metrics.charts.time import in_order

PLOT_HEIGHT = {"wide": 150, "narrow": 100}
HEAD, FOOT = 60, 34
PANEL_GAP = 28
TICKS = 3
# How many panels stand side by side, by the number of series.
ACROSS = {1: 1, 2: 2, 4: 2, 7: 4, 8: 4}


@dataclass(frozen=True, slots=True)
class Panels:
    """The plan of the panels: `left` is the room for the ticks, which stand before each row."""

    across: int
    left: float
    width: float
    pitch: float
    places: dict[str, float]

    def shift(self, index: int) -> float:
        """How far a panel stands right of the first."""
        return (index % self.across) * (self.width + PANEL_GAP)

    def top(self, index: int) -> float:
        return (index // self.across) * self.pitch + HEAD


def draw_multiples(spec: ChartSpec) -> tuple[list[str], float, str]:
    """Body, height and the attributes that let a script read the chart by period."""
    low, high = domain(extents(spec), from_zero=False)
    ticks = nice_ticks(low, high, TICKS)
    height = PLOT_HEIGHT[spec.width]
    _, left = vertical_axis(spec, ticks, Scale(ticks[0], ticks[-1], HEAD + height, HEAD))
    plan = _plan(spec, left)
    body, plots = [], []
    for index, series in enumerate(spec.series):
        shift, top = plan.shift(index), plan.top(index)
        plots.append((shift, top, top + height))
        body.append(_axis(spec, plan, ticks, index))
        body.append(f'<g transform="translate({number(shift)})">')
        body += [*_panel(spec, plan, ticks, index, series), "</g>"]
    rows = -(-len(spec.series) // plan.across)
    return body, rows * plan.pitch - 8, reading_attributes(plan.places, plots)


def _plan(spec: ChartSpec, left: float) -> Panels:
    """As many panels side by side as is usual for their number and leaves room for their values."""
    count = len(spec.series)
    across = ACROSS.get(count, 3) if spec.width == "wide" else min(count, 2)
    widest = max(text_width(_last(spec, one, with_period=False), TICK_SIZE) for one in spec.series)
    width = _panel_width(spec, left, across)
    while across > 1 and widest > width:
        across -= 1
        width = _panel_width(spec, left, across)
    places = places_of(spec, left + 8, left + width - 8)
    return Panels(across, left, width, HEAD + PLOT_HEIGHT[spec.width] + FOOT, places)


def _panel_width(spec: ChartSpec, left: float, across: int) -> float:
    return (chart_width(spec) - left - PANEL_GAP * (across - 1)) / across


def _axis(spec: ChartSpec, plan: Panels, ticks: list[float], index: int) -> str:
    """The hairlines of a panel; the first of a row has the ticks."""
    top = plan.top(index)
    scale = Scale(ticks[0], ticks[-1], top + PLOT_HEIGHT[spec.width], top)
    start, end = plan.left + plan.shift(index), plan.left + plan.shift(index) + plan.width
    lines = "".join(f"M{number(start)} {number(scale.at(tick))}H{number(end)}" for tick in ticks)
    if index % plan.across:
        return f'<path class="grid" d="{lines}"/>'
    axis, _ = vertical_axis(spec, ticks, scale, until=end)
    return axis


def _panel(
    spec: ChartSpec, plan: Panels, ticks: list[float], index: int, series: ChartSeries
) -> list[str]:
    top = plan.top(index)
    bottom = top + PLOT_HEIGHT[spec.width]
    scale = Scale(ticks[0], ticks[-1], bottom, top)
    return [
        _heading(spec, plan, index, series),
        draw_line(series, index, scale, plan.places),
        *breaks(series, index, plan.places, (top, bottom)),
        _periods(spec, plan, bottom + 20),
    ]


def _heading(spec: ChartSpec, plan: Panels, index: int, series: ChartSeries) -> str:
    """The name and under it the last value: nothing can run into the line."""
    top = plan.top(index)
    name = label(
        plan.left, top - 43, truncate(series.label, plan.width), classes="name", size=TICK_SIZE
    )
    texts = [_last(spec, one, with_period=True) for one in spec.series]
    fit = all(text_width(text, TICK_SIZE) <= plan.width for text in texts)
    last = _last(spec, series, with_period=fit)
    value = label(plan.left, top - 26, last, classes="q", size=TICK_SIZE)
    return f'<g class="{series_class(index)}">{name}{value}</g>'


def _last(spec: ChartSpec, series: ChartSeries, *, with_period: bool) -> str:
    """The last value, with its period where all panels have room: a value is never cut."""
    stated = [point for point in in_order(series.points) if point.value is not None]
    if not stated:
        return no_data(spec)
    return f"{stated[-1].label} · {stated[-1].text}" if with_period else stated[-1].text


def _periods(spec: ChartSpec, plan: Panels, y: float) -> str:
    """The first period and the last, or the last alone where both have no room."""
    names = {point.period: point.label for point in spec.points}
    periods = list(plan.places)
    first, last = names[periods[0]], names[periods[-1]]
    right = plan.left + plan.width
    text = label(right, y, last, anchor="end", classes="q", size=TICK_SIZE)
    room = plan.width - text_width(last, TICK_SIZE) - 12
    if len(periods) > 1 and text_width(first, TICK_SIZE) <= room:
        text += label(plan.left, y, first, classes="q", size=TICK_SIZE)
    return text
