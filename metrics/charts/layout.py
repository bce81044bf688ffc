"""Sizes and pieces that every kind of chart shares."""

from decimal import Decimal

from metrics.charts.spec import ChartPoint, ChartSeries, ChartSpec, Spec
from metrics.charts.svg import escape, hatch, label, number, series_class
from metrics.charts.text import LINE_HEIGHT, text_width, truncate

WIDTHS = {"wide": 860, "narrow": 340}
# What a shape tells the eye and a reading has to say.
TENTATIVE = {"zh": {"implied": "推算", "forecast": "预测"},
             "en": {"implied": "implied", "forecast": "forecast"}}  # fmt: skip
NO_DATA = {"zh": "无数据", "en": "No data"}
DASH = "—"
SWATCH = 12
GAP = 18


def chart_width(spec: Spec) -> int:
    return WIDTHS[spec.width]


def tick_target(spec: ChartSpec) -> int:
    return 4 if spec.width == "wide" else 3


def no_data(spec: ChartSpec) -> str:
    return NO_DATA["zh" if spec.language.startswith("zh") else "en"]


def reading(spec: ChartSpec, series: ChartSeries, point: ChartPoint) -> str:
    """What pointing at one value says, escaped for an attribute."""
    is_chinese = spec.language.startswith("zh")
    mark, gap = ("：", " · ") if is_chinese else (": ", ", ")
    name = gap.join(part for part in (series.label, point.label) if part)
    kind = TENTATIVE["zh" if is_chinese else "en"].get(point.kind, "")
    kind = kind and (f"（{kind}）" if is_chinese else f" ({kind})")
    return escape(f"{name}{mark}{point.text or DASH}{kind if point.value is not None else ''}")


def hatches(spec: ChartSpec, chart_id: str, tones: list[int]) -> str:
    """Patterns for the tones (series colours) that show an implied or forecast value."""
    needed = {
        tone
        for series, tone in zip(spec.series, tones, strict=True)
        for point in series.points
        if point.is_tentative and point.value is not None
    }
    if not needed:
        return ""
    return f"<defs>{''.join(hatch(chart_id, tone) for tone in sorted(needed))}</defs>"


def legend(spec: ChartSpec, width: float) -> tuple[str, float]:
    """Names of the series with their colours, in rows; returns markup and height used."""
    parts, x, row = [], 0.0, 0
    for index, series in enumerate(spec.series):
        name = truncate(series.label, width - SWATCH - 6)
        needed = SWATCH + 6 + text_width(name)
        if x and x + needed > width:
            x, row = 0.0, row + 1
        top = row * (LINE_HEIGHT + 4) + 3
        parts.append(
            f'<rect class="{series_class(index)}" x="{number(x)}" y="{number(top)}" '
            f'width="{SWATCH}" height="{SWATCH}" fill="currentColor"/>'
            + label(x + SWATCH + 6, top + SWATCH - 1, name)
        )
        x += needed + GAP
    return "".join(parts), (row + 1) * (LINE_HEIGHT + 4) + 8


def empty_body(spec: ChartSpec) -> tuple[list[str], float]:
    """A chart without a single value says so; the reasons are in the table beside it."""
    middle = chart_width(spec) / 2
    return [label(middle, 40, no_data(spec), anchor="middle", classes="q")], 64


def extents(spec: ChartSpec) -> list[Decimal]:
    """Every value, with its bounds where both are known: what the axis has to hold."""
    found: list[Decimal] = []
    for point in spec.points:
        if point.value is not None:
            found.append(point.value)
            if point.lower is not None and point.upper is not None:
                found += (point.lower, point.upper)
    return found
