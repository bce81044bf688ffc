"""How a value looks: its certainty is in the shape, so that it survives print and grey.

exact: closed bar, full dot · over: the bar runs on in two slices, triangle up · under and
nearly: the end is cut into slices, triangle down · about: torn end, open circle · implied
and forecast: hatched bar, open diamond, dashed line. Bounds are whiskers where they show. A
change of definition is a dotted line between the values it parts.
"""

from metrics.charts.scale import Scale
from metrics.charts.spec import ChartPoint
from metrics.charts.svg import number, series_class

SLICE = 3.0
TOOTH = 4.0
# Shorter than this a whisker is a blot: the half digit every rounded value has.
LEAST_WHISKER = 8.0
LEAST_SLICED_LENGTH = 6 * SLICE


def bar_path(
    start: float, end: float, side: float, thick: float, qualifier: str, *, up: bool
) -> str:
    """Path data of one bar from `start` to `end` along its axis (`up`: the vertical one).

    `side` is the lesser coordinate across the bar, `thick` its thickness.
    """
    if qualifier == "about" and abs(end - start) > 2 * TOOTH:
        return _torn(start, end, side, thick, up)
    return "".join(_box(a, b, side, thick, up) for a, b in slices(start, end, qualifier))


def slices(start: float, end: float, qualifier: str) -> list[tuple[float, float]]:
    """The stretches of the axis that are filled."""
    step = SLICE if end >= start else -SLICE
    if qualifier == "over":
        return [(start, end), (end + step, end + 2 * step), (end + 3 * step, end + 4 * step)]
    if qualifier in {"under", "nearly"} and abs(end - start) >= LEAST_SLICED_LENGTH:
        return [(start, end - 4 * step), (end - 3 * step, end - 2 * step), (end - step, end)]
    return [(start, end)]


def _box(a: float, b: float, side: float, thick: float, up: bool) -> str:
    if up:
        return f"M{number(side)} {number(a)}V{number(b)}h{number(thick)}V{number(a)}Z"
    return f"M{number(a)} {number(side)}H{number(b)}v{number(thick)}H{number(a)}Z"


def _torn(start: float, end: float, side: float, thick: float, up: bool) -> str:
    """A bar whose end is a zigzag of four teeth around the value."""
    inward = -TOOTH if end >= start else TOOTH
    corners = [(start, side), (end, side)]
    corners += [
        (end + (inward if tooth % 2 else 0.0), side + thick * tooth / 4) for tooth in range(1, 5)
    ]
    corners += [(start, side + thick)]
    places = [(across, along) if up else (along, across) for along, across in corners]
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in places) + "Z"


def whisker(point: ChartPoint, scale: Scale, middle: float, *, up: bool) -> str:
    """Lower to upper bound with end caps, or nothing where it would be too small to see."""
    if point.lower is None or point.upper is None:
        return ""
    low, high = scale.clamped(point.lower), scale.clamped(point.upper)
    if abs(high - low) < LEAST_WHISKER:
        return ""
    m, a, b = number(middle), number(low), number(high)
    cap = number(middle - 4)
    if up:
        data = f"M{m} {a}V{b}M{cap} {a}h8M{cap} {b}h8"
    else:
        data = f"M{a} {m}H{b}M{a} {cap}v8M{b} {cap}v8"
    return f'<path class="bound" d="{data}"/>'


def break_line(place: float, start: float, end: float, tone: int, *, up: bool = True) -> str:
    """Where the definition behind a series changes: a dotted line across the plot, at `place` of
    the axis of time, from `start` to `end` of the axis of values (`up`: the vertical one)."""
    data = f"M{number(place)} {number(start)}V{number(end)}"
    if not up:
        data = f"M{number(start)} {number(place)}H{number(end)}"
    return (
        f'<path class="break {series_class(tone)}" d="{data}" fill="none" '
        'stroke="currentColor" stroke-dasharray="1 4"/>'
    )


def dot(point: ChartPoint, x: float, y: float) -> str:
    """The marker of one value of a line."""
    kept = f'cx="{number(x)}" cy="{number(y)}"'
    if point.is_tentative:
        return _open_path(f"M{number(x)} {number(y - 4.5)}l4.5 4.5-4.5 4.5-4.5-4.5Z")
    if point.qualifier == "over":
        return _open_path(f"M{number(x)} {number(y - 5)}l5 8h-10Z")
    if point.qualifier in {"under", "nearly"}:
        return _open_path(f"M{number(x)} {number(y + 5)}l5-8h-10Z")
    if point.qualifier == "about":
        return f'<circle class="open" {kept} r="3.5" stroke="currentColor" stroke-width="1.5"/>'
    return f'<circle {kept} r="3" fill="currentColor"/>'


def _open_path(data: str) -> str:
    return f'<path class="open" d="{data}" stroke="currentColor" stroke-width="1.5"/>'
