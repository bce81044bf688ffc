"""Stacked columns: the parts of a whole, period by period.

What is below zero hangs below the axis. A period that lacks a part says so above its column, which
would otherwise be read as a smaller whole. Above the others stands their total, where the caller
gives it and all have room.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from metrics.charts.axes import vertical_axis, x_labels
from metrics.charts.column import GROUP_FILL, PLOT_HEIGHT, Columns, columns_of
from metrics.charts.layout import chart_width, hatches, legend, reading, tick_target
from metrics.charts.line_names import End, name_room, names
from metrics.charts.marks import break_line, dot, whisker
from metrics.charts.scale import Scale, domain, nice_ticks
from metrics.charts.spec import ChartPoint, ChartSeries, ChartSpec
from metrics.charts.svg import hatch_id, label, number, series_class
from metrics.charts.text import FONT_SIZE, text_width

PARTIAL = {"zh": "不全", "en": "partial"}
TOTAL = {"zh": "合计", "en": "Total"}
WIDEST_STACK = 160
LEAST_LABELLED = FONT_SIZE + 6
# What a note above the highest column takes of the axis.
NOTE_SHARE = 0.08
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """One value with what it stands on; both in the unit of the axis."""

    tone: int
    series: ChartSeries
    point: ChartPoint
    start: Decimal

    @property
    def end(self) -> Decimal:
        return self.start + (self.point.value or ZERO)


def parts_of(spec: ChartSpec) -> list[Part]:
    """Every value on those before it of the same sign; what is missing stands on nothing."""
    tops: dict[tuple[str, bool], Decimal] = {}
    found = []
    for tone, series in enumerate(spec.series):
        for point in series.points:
            place = (point.period, (point.value or ZERO) < 0)
            part = Part(tone, series, point, tops.get(place, ZERO))
            tops[place] = part.end
            found.append(part)
    return found


def partial_periods(spec: ChartSpec) -> set[str]:
    """Periods for which a series has no value."""
    periods = {point.period for point in spec.points}
    whole = [{p.period for p in series.points if p.value is not None} for series in spec.series]
    return {period for period in periods if not all(period in have for have in whole)}


def draw_stacked(spec: ChartSpec, chart_id: str) -> tuple[list[str], float]:
    """Body and height of the chart."""
    parts = parts_of(spec)
    is_named = spec.width == "wide" and _last_period(spec) not in partial_periods(spec)
    listed, top = ("", 0.0) if is_named else legend(spec, chart_width(spec))
    top += 24
    bottom = top + PLOT_HEIGHT[spec.width]
    low, high = domain([part.end for part in parts], from_zero=True)
    if partial_periods(spec) or spec.totals:
        high = max([high, *map(float, _bounds_above(parts))])
        high += (high - low) * NOTE_SHARE
    ticks = nice_ticks(low, high, tick_target(spec))
    scale = Scale(ticks[0], ticks[-1], bottom, top)
    ends = _ends(spec, parts, scale) if is_named else []
    right = chart_width(spec) - (name_room(spec, ends) + 12 if is_named else 0)
    axis, left = vertical_axis(spec, ticks, scale, until=right)
    plan = columns_of(spec, left, right)
    body = [listed, hatches(spec, chart_id, list(range(len(spec.series)))), axis]
    beside = _last_period(spec) if is_named else ""
    for part in parts:
        with_label = part.point.period != beside
        body += _part(spec, plan, scale, chart_id, part, with_label)
    body += [_marks(plan, scale, part) for part in parts]
    body += _notes(spec, plan, scale, parts)
    body += _totals(spec, plan, scale, parts)
    body += _breaks(spec, plan, top, bottom)
    zero = number(scale.at(0))
    body.append(f'<path class="axis" d="M{number(left)} {zero}H{number(right)}"/>')
    if is_named:
        body.append(names(spec, ends, right + 12, bottom))
    places = {period: plan.centre(index) for index, period in enumerate(plan.periods)}
    body.append(x_labels(spec, places, bottom + 20))
    return body, bottom + 28


def _last_period(spec: ChartSpec) -> str:
    return columns_of(spec, 0).periods[-1]


def _ends(spec: ChartSpec, parts: list[Part], scale: Scale) -> list[End]:
    """Names beside the parts of the last column, from top to bottom."""
    last = _last_period(spec)
    found = [
        End(part.tone, (part.series.label, part.point.text), scale.at((part.start + part.end) / 2))
        for part in parts
        if part.point.period == last
    ]
    return sorted(found, key=lambda end: end.y)


def _part(
    spec: ChartSpec, plan: Columns, scale: Scale, chart_id: str, part: Part, with_label: bool
) -> Iterator[str]:
    point = part.point
    said = reading(spec, part.series, point)
    yield f'<g class="point {series_class(part.tone)}" data-label="{said}">'
    if point.value is not None:
        yield from _column(plan, scale, chart_id, part, with_label)
    yield "</g>"


def _column(
    plan: Columns, scale: Scale, chart_id: str, part: Part, with_label: bool
) -> Iterator[str]:
    point, middle = part.point, plan.centre(plan.periods.index(part.point.period))
    thick = stack_width(plan)
    start, end = scale.at(part.start), scale.at(part.end)
    fill = f"url(#{hatch_id(chart_id, part.tone)})" if point.is_tentative else "currentColor"
    looks = 'class="mark" stroke="currentColor"' if point.is_tentative else 'class="mark seam"'
    side = number(middle - thick / 2)
    data = f"M{side} {number(start)}V{number(end)}h{number(thick)}V{number(start)}Z"
    yield f'<path {looks} d="{data}" fill="{fill}"/>'
    if with_label and _has_room(point, thick, abs(end - start)):
        yield _inside(point, middle, (start + end) / 2)


def _marks(plan: Columns, scale: Scale, part: Part) -> str:
    """Bounds and qualifier at the end of a part, over what stands on it."""
    middle, thick = plan.centre(plan.periods.index(part.point.period)), stack_width(plan)
    bounds = whisker(_lifted(part), scale, middle - thick / 2 + 8, up=True)
    sign = ""
    if part.point.value is not None and part.point.qualifier != "exact":
        sign = dot(replace(part.point, kind="stated"), middle + thick / 2 - 10, scale.at(part.end))
    # Drawn twice, so that the line shows on the colour of a part as on paper.
    halo = bounds.replace('class="bound"', 'class="halo"')
    return f'<g class="sign">{halo}{bounds}{sign}</g>' if bounds or sign else ""


def stack_width(plan: Columns) -> float:
    """The parts of one period stand on each other, so they get the room of its whole group."""
    return min(plan.pitch * GROUP_FILL, WIDEST_STACK)


def _lifted(part: Part) -> ChartPoint:
    """The bounds of a part from where it stands; none where it has no value."""
    lower, upper = part.point.lower, part.point.upper
    return replace(
        part.point,
        lower=None if lower is None else part.start + lower,
        upper=None if upper is None else part.start + upper,
    )


def _has_room(point: ChartPoint, thick: float, height: float) -> bool:
    # The marks of bounds and qualifiers keep to the sides.
    marks = 40 if point.qualifier != "exact" or point.lower is not None else 12
    return height >= LEAST_LABELLED and text_width(point.text) + marks <= thick


def _inside(point: ChartPoint, middle: float, height: float) -> str:
    """A value on its part: on paper where the part is hatched."""
    text = label(
        middle, height + 5, point.text, anchor="middle", classes="" if point.is_tentative else "on"
    )
    if not point.is_tentative:
        return text
    width = text_width(point.text) + 8
    return (
        f'<rect class="paper" x="{number(middle - width / 2)}" y="{number(height - 10)}" '
        f'width="{number(width)}" height="20"/>{text}'
    )


def _bounds_above(parts: list[Part]) -> list[Decimal]:
    """The ends of the whiskers of parts above zero."""
    return [
        part.start + part.point.upper
        for part in parts
        if part.point.upper is not None
        and part.point.lower is not None
        and (part.point.value or ZERO) > 0
    ]


def _totals(spec: ChartSpec, plan: Columns, scale: Scale, parts: list[Part]) -> Iterator[str]:
    """Above each column what it comes to: of all that are whole and not part below zero, or none.

    A column of parts above and below zero ends at neither, so its total is left to the table.
    """
    below = {part.point.period for part in parts if (part.point.value or ZERO) < 0}
    partial = partial_periods(spec)
    shown = [
        total
        for total in spec.totals
        if total.value is not None and total.period not in below | partial
    ]
    if any(text_width(total.text) > plan.pitch - 4 for total in shown):
        return
    word = ChartSeries("", TOTAL["zh" if spec.language.startswith("zh") else "en"], ())
    for total in shown:
        own = [part for part in parts if part.point.period == total.period]
        top = min(scale.at(part.end) for part in own)
        top = min([top, *(scale.clamped(end) for end in _bounds_above(own))])
        marks = 6 if any(part.point.qualifier != "exact" for part in own) else 0
        text = label(
            plan.centre(plan.periods.index(total.period)), top - 8 - marks, total.text,
            anchor="middle", classes="total",
        )  # fmt: skip
        yield f'<g class="point" data-label="{reading(spec, word, total)}">{text}</g>'


def _notes(spec: ChartSpec, plan: Columns, scale: Scale, parts: list[Part]) -> Iterator[str]:
    """Above each column that lacks a part: that it does."""
    word = PARTIAL["zh" if spec.language.startswith("zh") else "en"]
    shown = word if text_width(word) <= plan.pitch - 4 else "?"
    for period in sorted(partial_periods(spec)):
        ends = [scale.at(part.end) for part in parts if part.point.period == period]
        middle = plan.centre(plan.periods.index(period))
        top = min([scale.at(0), *ends])
        yield label(middle, top - 8, shown, anchor="middle", classes="q")


def _breaks(spec: ChartSpec, plan: Columns, top: float, bottom: float) -> Iterator[str]:
    for tone, series in enumerate(spec.series):
        for point in series.points:
            if point.is_break:
                x = plan.left + plan.pitch * plan.periods.index(point.period)
                yield break_line(x, top, bottom, tone)
