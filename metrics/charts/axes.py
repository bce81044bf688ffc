"""The vertical value axis and the period labels of columns and lines."""

from metrics.charts.layout import chart_width
from metrics.charts.scale import Scale, tick_texts
from metrics.charts.spec import ChartSpec
from metrics.charts.svg import label, number
from metrics.charts.text import text_width

TICK_SIZE = 13
AXIS_GAP = 10
LABEL_SPACE = 14
# Halves, quarters and whole years of months; twos, fives and tens of years.
USUAL_STEPS = (1, 2, 3, 4, 5, 6, 10, 12, 24, 36, 60, 120)


def vertical_axis(
    spec: ChartSpec, ticks: list[float], scale: Scale, until: float | None = None
) -> tuple[str, float]:
    """Hairlines with their values at the left; returns markup and where the plot begins.

    They reach to the right edge, or to `until`.
    """
    texts = tick_texts(ticks, spec.language, spec.unit_text)
    # The scale word stands on the top tick only (English) and may run over the plot's edge.
    room = max(text_width(text, TICK_SIZE) for text in texts[:-1] or texts)
    left = max(room, text_width(texts[-1].split(" ")[0], TICK_SIZE)) + AXIS_GAP
    end = number(chart_width(spec) if until is None else until)
    lines = "".join(f"M{number(left)} {number(scale.at(tick))}H{end}" for tick in ticks)
    parts = [f'<path class="grid" d="{lines}"/>']
    for tick, text in zip(ticks[:-1], texts[:-1], strict=True):
        parts.append(_tick(left - AXIS_GAP, scale.at(tick) + 4.5, text))
    top = top_text(spec, ticks)
    parts.append(label(0, scale.at(ticks[-1]) - 6, top, classes="q", size=TICK_SIZE))
    return "".join(parts), left


def top_text(spec: ChartSpec, ticks: list[float]) -> str:
    """What stands over the highest hairline: its value with the word of the scale, and the unit."""
    unit = "" if spec.unit_text in {"", "%"} else f" {spec.unit_text}"
    return tick_texts(ticks, spec.language, spec.unit_text)[-1] + unit


def _tick(x: float, y: float, text: str) -> str:
    return label(x, y, text, anchor="end", classes="q", size=TICK_SIZE)


def x_labels(spec: ChartSpec, places: dict[str, float], y: float) -> str:
    """As many period labels as fit: the last, the first, then every n-th between."""
    names = {point.period: point.label for point in spec.points}
    periods = sorted(places, key=lambda period: places[period])
    shown: list[tuple[float, float, str]] = []
    narrowest = min(text_width(name, TICK_SIZE) for name in names.values()) + LABEL_SPACE
    for period in _by_importance(
        periods, (max(places.values()) - min(places.values())) / narrowest + 1
    ):
        half = text_width(names[period], TICK_SIZE) / 2
        x = min(max(places[period], half), chart_width(spec) - half)
        if all(abs(x - other) >= half + wide + LABEL_SPACE for other, wide, _ in shown):
            shown.append((x, half, names[period]))
    return "".join(
        label(x, y, text, anchor="middle", classes="q", size=TICK_SIZE) for x, _, text in shown
    )


def _by_importance(periods: list[str], most: float) -> list[str]:
    """Last, first, then backwards in the least usual step that gives at most `most` labels."""
    step = next((step for step in USUAL_STEPS if len(periods) / step <= most), len(periods))
    return list(dict.fromkeys([periods[-1], periods[0], *periods[::-step]]))
