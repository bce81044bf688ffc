"""Slopes: what became of each series between two periods."""

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.charts.axes import TICK_SIZE
from metrics.charts.layout import chart_width, extents
from metrics.charts.line_names import HIGHEST, LINE_PITCH, NAME_PITCH, NAME_ROOM, spread
from metrics.charts.marks import break_line, dot, whisker
from metrics.charts.runs import STROKE, reading_attributes
from metrics.charts.scale import Scale, domain
from metrics.charts.spec import ChartPoint, ChartSeries, ChartSpec
from metrics.charts.svg import label, number, series_class
from metrics.charts.text import text_width, truncate
from metrics.charts.time import positions

PLOT_HEIGHT = {"wide": 280, "narrow": 250}
TOP = 44
LEAST_PLOT = 80
GAP = 14
# Displaced further than this, a label is led to its value by a line.
LEAST_LEADER = 7.0


@dataclass(frozen=True, slots=True)
class Side:
    """What stands beside one value of one line."""

    tone: int
    lines: tuple[str, ...]
    y: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The two periods with their places, and the axis, which is not drawn: values are printed."""

    periods: tuple[str, str]
    left: float
    right: float
    bottom: float
    scale: Scale


def slopes_fit(spec: ChartSpec) -> bool:
    """Whether the values at both sides leave the lines room."""
    plan = _plan(spec, _two_periods(spec))
    return plan.right - plan.left >= LEAST_PLOT


def _two_periods(spec: ChartSpec) -> tuple[str, str]:
    codes = list(positions(point.period for point in spec.points))
    return codes[0], codes[-1]


def draw_slopes(spec: ChartSpec) -> tuple[list[str], float, str]:
    """Body, height and the attributes that let a script read the chart by period."""
    plan = _plan(spec, _two_periods(spec))
    body = [_frame(spec, plan)]
    for tone, series in enumerate(spec.series):
        body.append(_line(series, tone, plan))
    body += _labels(spec, plan, is_left=True)
    body += _labels(spec, plan, is_left=False)
    places = {plan.periods[0]: plan.left, plan.periods[1]: plan.right}
    return body, plan.bottom + 12, reading_attributes(places, [(0, TOP, plan.bottom)])


def _plan(spec: ChartSpec, periods: tuple[str, str]) -> Plan:
    height = max(PLOT_HEIGHT[spec.width], len(spec.series) * NAME_PITCH)
    bottom = TOP + height
    low, high = domain(extents(spec), from_zero=False)
    if low == high:
        low, high = low - 1, high + 1
    scale = Scale(low, high, bottom - 24, TOP + 16)
    plan = Plan(periods, 0, 0, bottom, scale)
    left, right = _room(spec, _starts(spec, plan)), _room(spec, _ends(spec, plan))
    return Plan(periods, left + GAP, chart_width(spec) - right - GAP, bottom, scale)


def _room(spec: ChartSpec, sides: Sequence[Side]) -> float:
    """A name may be cut, a value not."""
    named = max((text_width(line) for side in sides for line in side.lines[:-1]), default=0.0)
    values = max((text_width(side.lines[-1]) for side in sides), default=0.0)
    return max(min(named, NAME_ROOM[spec.width]), values, 12.0)


def at(series: ChartSeries, period: str) -> ChartPoint | None:
    """The value of a period; None where there is none."""
    found = [p for p in series.points if p.period == period and p.value is not None]
    return found[0] if found else None


def _starts(spec: ChartSpec, plan: Plan) -> list[Side]:
    """Values at the left; with the name of the series where it has none at the right."""
    found = []
    for tone, series in enumerate(spec.series):
        point = at(series, plan.periods[0])
        if point is not None:
            is_alone = at(series, plan.periods[1]) is None
            lines = (series.label, point.text) if is_alone else (point.text,)
            found.append(Side(tone, lines, plan.scale.at(point.value or 0)))
    return sorted(found, key=lambda side: side.y)


def _ends(spec: ChartSpec, plan: Plan) -> list[Side]:
    found = []
    for tone, series in enumerate(spec.series):
        point = at(series, plan.periods[1])
        if point is not None:
            found.append(Side(tone, (series.label, point.text), plan.scale.at(point.value or 0)))
    return sorted(found, key=lambda side: side.y)


def _frame(spec: ChartSpec, plan: Plan) -> str:
    """The two uprights with their periods."""
    names = {point.period: point.label for point in spec.points}
    ends = f"V{number(plan.bottom)}"
    uprights = f"M{number(plan.left)} {TOP}{ends}M{number(plan.right)} {TOP}{ends}"
    return f'<path class="grid" d="{uprights}"/>{_periods(spec, plan, names)}'


def _periods(spec: ChartSpec, plan: Plan, names: dict[str, str]) -> str:
    """Each centred over its upright, or as near to that as the other and the edge allow."""
    texts = [names[period] for period in plan.periods]
    halves = [text_width(text, TICK_SIZE) / 2 for text in texts]
    middle = (plan.left + plan.right) / 2
    first = max(min(plan.left, middle - halves[0] - 4), halves[0])
    last = min(max(plan.right, middle + halves[1] + 4), chart_width(spec) - halves[1])
    return "".join(
        label(x, TOP - 12, text, anchor="middle", classes="q", size=TICK_SIZE)
        for x, text in zip((first, last), texts, strict=True)
    )


def _line(series: ChartSeries, tone: int, plan: Plan) -> str:
    """One line with its two marks; of a single value the mark alone."""
    first, last = (at(series, period) for period in plan.periods)
    parts = []
    if first is not None and last is not None and not last.is_break:
        dash = ' stroke-dasharray="3 4"' if first.is_tentative or last.is_tentative else ""
        ends = [number(plan.scale.at(p.value or 0)) for p in (first, last)]
        data = f"M{number(plan.left)} {ends[0]}L{number(plan.right)} {ends[1]}"
        parts.append(f'<path d="{data}" {STROKE}{dash}/>')
    if last is not None and last.is_break:
        parts.append(break_line((plan.left + plan.right) / 2, TOP, plan.bottom, tone))
    for point, x in ((first, plan.left), (last, plan.right)):
        if point is not None:
            y = plan.scale.at(point.value or 0)
            parts += [whisker(point, plan.scale, x, up=True), dot(point, x, y)]
    return f'<g class="line {series_class(tone)}">{"".join(parts)}</g>'


def _labels(spec: ChartSpec, plan: Plan, *, is_left: bool) -> list[str]:
    """Labels spread so that none covers another, led to their values where they moved."""
    sides = _starts(spec, plan) if is_left else _ends(spec, plan)
    lines = max((len(side.lines) for side in sides), default=1)
    pitch = NAME_PITCH if lines > 1 else LINE_PITCH
    limit = plan.bottom - (LINE_PITCH / 2 if lines > 1 else 0)
    heights = spread([max(side.y, TOP + HIGHEST) for side in sides], pitch, limit)
    room = plan.left - GAP if is_left else chart_width(spec) - plan.right - GAP
    return [
        _left_label(side, room, y) if is_left else _right_label(side, plan.right + GAP, room, y)
        for side, y in zip(sides, heights, strict=True)
    ]


def _left_label(side: Side, room: float, y: float) -> str:
    return _label(side, room, y, room, "end") + _leader(side, room + 2, room + 8, y)


def _right_label(side: Side, x: float, room: float, y: float) -> str:
    return _label(side, x, y, room, "") + _leader(side, x - 2, x - 8, y)


def _label(side: Side, x: float, y: float, room: float, anchor: str) -> str:
    """The name, cut to the room, over the value."""
    *named, value = side.lines
    first = y + 5 - len(named) * LINE_PITCH / 2
    body = "".join(
        label(x, first, truncate(line, room), anchor=anchor, classes="name") for line in named
    )
    body += label(x, first + len(named) * LINE_PITCH, value, anchor=anchor)
    return f'<g class="{series_class(side.tone)}">{body}</g>'


def _leader(side: Side, start: float, end: float, y: float) -> str:
    if abs(y - side.y) <= LEAST_LEADER:
        return ""
    data = f"M{number(start)} {number(y)}L{number(end)} {number(side.y)}"
    return (
        f'<path class="leader {series_class(side.tone)}" d="{data}" fill="none" '
        'stroke="currentColor"/>'
    )
