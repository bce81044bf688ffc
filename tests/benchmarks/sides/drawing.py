"""A chart of three series of sixty months as SVG text."""

from collections.abc import Iterator

from metrics.charts import render_chart
from tests.benchmarks.sides.panel import Counted
from tests.metrics.charts.builders import chart, monthly

CHARTS = 60
STARTS = {"甲": 3.0, "乙": 5.0, "丙": 8.0}


def ours() -> Iterator[Counted]:
    spec = chart("line", *(monthly(name, start) for name, start in STARTS.items()))
    render_chart(spec)
    yield None
    for _ in range(CHARTS):
        drawn = render_chart(spec)
    yield {"items": CHARTS, "written": len(drawn.encode())}


def pygal() -> Iterator[Counted]:
    import pygal as library

    series = [(name, monthly(name, start)) for name, start in STARTS.items()]

    def draw() -> bytes:
        line = library.Line(title="标题", js=[])
        line.x_labels = [point.label for point in series[0][1].points]
        for name, one in series:
            line.add(name, [float(point.value or 0) for point in one.points])
        return bytes(line.render())

    draw()
    yield None
    for _ in range(CHARTS):
        drawn = draw()
    yield {"items": CHARTS, "written": len(drawn)}
