"""From a chart's specification to SVG text."""

from dataclasses import replace

from metrics.charts.bar import draw_bars
from metrics.charts.column import draw_columns, labels_fit
from metrics.charts.dots import draw_dots
from metrics.charts.layout import chart_width, empty_body
from metrics.charts.line import draw_lines
from metrics.charts.multiples import draw_multiples
from metrics.charts.slope import draw_slopes, slopes_fit
from metrics.charts.spec import ChartSpec, Spec, TimelineSpec
from metrics.charts.stacked import draw_stacked
from metrics.charts.step import draw_steps
from metrics.charts.svg import frame
from metrics.charts.timeline import draw_timeline

# A narrow column chart of so few values reads better turned on its side than unlabelled.
MOST_TURNED_POINTS = 12
READ_BY_PERIOD = {
    "line": draw_lines,
    "step": draw_steps,
    "multiples": draw_multiples,
    "slope": draw_slopes,
}


def render_chart(spec: Spec, *, chart_id: str = "chart") -> str:
    """The chart as one `<svg>` element.

    `chart_id` must be unique on its page: the ids of the title, the description and the
    hatches begin with it. Lengths are user units of a view box 860 (wide) or 340 (narrow)
    across; text is 13 to 14 units, so it stays readable down to 300 px.
    """
    body, height, attributes = _drawn(spec, chart_id)
    return frame(
        chart_id=chart_id,
        size=(chart_width(spec), height),
        title=spec.title,
        description=spec.description,
        classes=f"chart__svg chart__svg--{spec.width}",
        body=body,
        attributes=attributes,
    )


def _drawn(spec: Spec, chart_id: str) -> tuple[list[str], float, str]:
    """Body, height and the attributes that a script reads it by."""
    if isinstance(spec, TimelineSpec):
        return *draw_timeline(spec), ""
    if all(point.value is None for point in spec.points):
        return *empty_body(spec), ""
    if spec.kind == "bar" or (spec.kind == "slope" and not slopes_fit(spec)):
        return *draw_bars(spec, chart_id), ""
    if spec.kind in READ_BY_PERIOD:
        return READ_BY_PERIOD[spec.kind](spec)
    if spec.kind == "dots":
        return *draw_dots(spec), ""
    if spec.kind == "stacked":
        return *draw_stacked(spec, chart_id), ""
    if _is_better_turned(spec):
        return *draw_bars(spec, chart_id), ""
    return *draw_columns(spec, chart_id), ""


def draw(spec: Spec, *, chart_id: str = "chart") -> tuple[str, tuple[float, float]]:
    """The drawing without its frame, and how wide and high it is, for a larger document."""
    body, height, _ = _drawn(spec, chart_id)
    return "".join(body), (chart_width(spec), height)


def render_both_widths(spec: Spec, *, chart_id: str = "chart") -> str:
    """The wide and the narrow drawing side by side; the style sheet shows the one that fits."""
    return "".join(
        render_chart(replace(spec, width=width), chart_id=f"{chart_id}-{width}")
        for width in ("wide", "narrow")
    )


def _is_better_turned(spec: ChartSpec) -> bool:
    """Columns compare moments; of one moment only, or without room for values, use bars."""
    if len(spec.series) > 1 and len({point.period for point in spec.points}) == 1:
        return True
    few = len(spec.points) <= MOST_TURNED_POINTS
    return spec.width == "narrow" and few and not labels_fit(spec)
