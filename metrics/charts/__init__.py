"""Charts as SVG text, drawn on the server from plain values.

No Django, settings, clock or I/O: a caller builds a `ChartSpec` and gets a string.
"""

from metrics.charts.render import render_both_widths, render_chart
from metrics.charts.spec import (
    ChartPoint,
    ChartSeries,
    ChartSpec,
    Happening,
    Spec,
    TimelineSpec,
)

__all__ = [
    "ChartPoint",
    "ChartSeries",
    "ChartSpec",
    "Happening",
    "Spec",
    "TimelineSpec",
    "render_both_widths",
    "render_chart",
]
