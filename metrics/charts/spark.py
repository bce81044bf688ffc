"""A course at a glance, without axes or words: the table beside it holds the values."""

from collections.abc import Sequence
from decimal import Decimal

from metrics.charts.scale import Scale
from metrics.charts.svg import number
from metrics.charts.thinning import shape_of
from metrics.charts.time import positions

WIDTH, HEIGHT, PAD = 96, 24, 3
LEAST_POINTS = 3
MOST_POINTS = 160


def sparkline(points: Sequence[tuple[str, Decimal | None]]) -> str:
    """An `<svg>` of (period code, value) in the order of time, its last value marked.

    Empty where fewer than three values make no course. A missing value parts the line. It is
    hidden from those who hear the page.
    """
    if sum(value is not None for _, value in points) < LEAST_POINTS:
        return ""
    shown = [points[place] for place in shape_of([v for _, v in points], most=MOST_POINTS)]
    numbers = [value for _, value in shown if value is not None]
    places = positions(code for code, _ in shown)
    across = Scale(min(places.values()), max(places.values()), PAD, WIDTH - PAD)
    up = Scale(float(min(numbers)), float(max(numbers)), HEIGHT - PAD, PAD)
    spots = [(across.at(places[code]), None if v is None else up.at(v)) for code, v in shown]
    x, y = next((x, y) for x, y in reversed(spots) if y is not None)
    return (
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' aria-hidden="true"><path d="{_path(spots)}" fill="none" stroke="currentColor"'
        f' stroke-width="1.5" stroke-linejoin="round"/>'
        f'<circle cx="{number(x)}" cy="{number(y)}" r="2" fill="currentColor"/></svg>'
    )


def _path(spots: Sequence[tuple[float, float | None]]) -> str:
    parts, is_drawing = [], False
    for x, y in spots:
        if y is not None:
            parts.append(f"{'L' if is_drawing else 'M'}{number(x)} {number(y)}")
        is_drawing = y is not None
    return "".join(parts)
