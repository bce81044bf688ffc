"""Short ways to write charts, and to read what was drawn."""

from decimal import Decimal
from xml.etree import ElementTree as ET

from metrics.charts import ChartPoint, ChartSeries, ChartSpec, render_chart
from metrics.charts.spec import ChartKind, PointKind, Width

SVG = "{http://www.w3.org/2000/svg}"


def point(
    period: str,
    value: str | None,
    *,
    text: str = "",
    qualifier: str = "exact",
    kind: PointKind = "stated",
    bounds: tuple[str | None, str | None] = (None, None),
    label: str = "",
    is_break: bool = False,
) -> ChartPoint:
    lower, upper = (None if bound is None else Decimal(bound) for bound in bounds)
    return ChartPoint(
        period=period,
        label=label or period,
        value=None if value is None else Decimal(value),
        lower=lower,
        upper=upper,
        qualifier=qualifier,
        kind=kind,
        text=text or (value or ""),
        null_reason="" if value is not None else "not_reported",
        is_break=is_break,
    )


def series(label: str, *points: ChartPoint) -> ChartSeries:
    return ChartSeries(key=f"entity.{label}", label=label, points=points)


def chart(
    kind: ChartKind,
    *members: ChartSeries,
    width: Width = "wide",
    language: str = "zh-hans",
    unit_text: str = "人",
) -> ChartSpec:
    return ChartSpec(
        kind=kind,
        title="标题",
        description="说明",
        language=language,
        series=members,
        unit_text=unit_text,
        width=width,
    )


def drawn(spec: ChartSpec, chart_id: str = "c") -> ET.Element:
    """The drawing as a tree; raises where it is not well-formed XML."""
    return ET.fromstring(render_chart(spec, chart_id=chart_id))  # noqa: S314 - our own output


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def classed(root: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


def monthly(label: str, start: float, count: int = 60) -> ChartSeries:
    """A series of `count` months from January 2014 whose value creeps up and down."""
    return series(
        label,
        *(
            point(
                f"{2014 + index // 12}-{index % 12 + 1:02}",
                f"{start + index * 0.013 + (index * 7 % 5) * 0.08:.2f}",
                label=f"{2014 + index // 12}年{index % 12 + 1}月",
            )
            for index in range(count)
        ),
    )
