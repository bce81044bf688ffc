"""A timeline whose ruler of years lies, with labels above it and below.

On each side those up to some event flow to the left of their lines, the others to the right; a
label that the line of another would meet stands farther out than that one. So no text covers
another and no line runs through one, whatever the events are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from metrics.charts.layout import chart_width
from metrics.charts.scale import Scale
from metrics.charts.spec import Happening, TimelineSpec
from metrics.charts.svg import label, number
from metrics.charts.text import text_width
from metrics.charts.timeline_words import (
    DOT,
    Words,
    drawn_words,
    point_of,
    round_mark,
    words_of,
)
from metrics.charts.years import (
    TRACK,
    Placed,
    new_year,
    placed,
    track_count,
    whole_years,
    year_ticks,
)

LABEL_ROOM = 230
FLAG_GAP, BLOCK_GAP, BESIDE = 7, 10, 14
RULER, YEAR_ROOM = 24, 48
BAR, SEAM = 6, 2
# A longer axis is worth this share of its length in height.
LENGTH_WORTH = 0.2


@dataclass(frozen=True, slots=True)
class Flag:
    """The words of an event at its line, from `near` to `far` off the ruler's edge.

    They flow to the right of the line (1) or to the left (-1).
    """

    place: Placed
    words: Words
    near: float = 0.0
    flows: int = 1

    @property
    def across(self) -> float:
        return self.words.wide + FLAG_GAP

    @property
    def far(self) -> float:
        return self.near + self.words.high


def draw_lying(spec: TimelineSpec, events: Sequence[Happening]) -> tuple[list[str], float]:
    """Body and height of the drawing of dated events."""
    plan = _plan(spec, events)
    top = plan.height_above + 4
    drawn = [(flag, _drawn(spec, flag, plan.scale, top, up=True)) for flag in plan.above]
    drawn += [(flag, _drawn(spec, flag, plan.scale, top + RULER, up=False)) for flag in plan.below]
    drawn.sort(key=lambda one: one[0].place.index)
    body = [_ruler(plan, *whole_years(events), top), *(markup for _, markup in drawn)]
    return body, top + RULER + plan.height_below + 6


@dataclass(frozen=True, slots=True)
class Plan:
    """Labels where they stand, on an axis."""

    scale: Scale
    above: list[Flag]
    below: list[Flag]

    @property
    def height_above(self) -> float:
        return max((flag.far for flag in self.above), default=0.0)

    @property
    def height_below(self) -> float:
        return max((flag.far for flag in self.below), default=0.0)

    @property
    def cost(self) -> float:
        length = self.scale.end - self.scale.start
        return self.height_above + self.height_below - length * LENGTH_WORTH


def _plan(spec: TimelineSpec, events: Sequence[Happening]) -> Plan:
    """The way that costs least, of those in which every label has room: height, lost length.

    The axis is as wide as the drawing or leaves the first or last labels room beside it.
    """
    first, end = whole_years(events)
    width = chart_width(spec)
    words = {event: words_of(spec, event, LABEL_ROOM) for event in events}
    room = max(one.wide for one in words.values()) + 2 * FLAG_GAP
    plans = []
    for left, right in product((DOT, room), (width - room, width - DOT)):
        scale = Scale(new_year(first), new_year(end), left, right)
        places = sorted(placed(events, scale), key=lambda place: place.anchor)
        flags = [Flag(place, words[place.event]) for place in places]
        for sides in _shared(flags, width):
            above, below = (_lowest(side, width) for side in sides)
            if above is not None and below is not None:
                plans.append(Plan(scale, above, below))
    return min(plans, key=lambda plan: plan.cost)


def _shared(flags: Sequence[Flag], width: float) -> list[tuple[Sequence[Flag], Sequence[Flag]]]:
    """Ways to share labels out: all above, in turn, below what has no room to its right."""
    has_room = [flag.place.anchor + flag.across <= width for flag in flags]
    return [
        (flags, ()),
        (flags[::2], flags[1::2]),
        (
            [flag for flag, fits in zip(flags, has_room, strict=True) if fits],
            [flag for flag, fits in zip(flags, has_room, strict=True) if not fits],
        ),
    ]


def _lowest(flags: Sequence[Flag], width: float) -> list[Flag] | None:
    """One side: up to some label all flow to the left, from there on to the right.

    The first, which have no room on their left, may flow to the right where they end before the
    others begin.
    """
    is_tight = [flag.place.anchor < flag.across for flag in flags]
    first = next((n for n, tight in enumerate(is_tight) if not tight), len(flags))
    off = track_count(flag.place for flag in flags) * TRACK + BLOCK_GAP
    ways = []
    for cut in range(first, len(flags) + 1):
        rest = flags[cut:] if cut > first else flags
        left = flags[first:cut]
        before = flags[:first] if left else ()
        if _have_room(before, left, rest, width):
            runs = ((before[::-1], 1), (left, -1), (rest[::-1], 1))
            ways.append([flag for run, flows in runs for flag in _stacked(run, flows, off)])
    return min(ways, key=lambda way: max((flag.far for flag in way), default=0), default=None)


def _have_room(
    before: Sequence[Flag], left: Sequence[Flag], right: Sequence[Flag], width: float
) -> bool:
    """Whether labels that flow to the right, the left, the right stand inside and apart."""
    ends = max((flag.place.anchor + flag.across for flag in before), default=0.0)
    begins = min((flag.place.anchor - flag.across for flag in left), default=width)
    inside = all(flag.place.anchor + flag.across <= width for flag in right)
    return inside and begins >= 0 and (not before or ends + BESIDE <= begins)


def _stacked(flags: Sequence[Flag], flows: int, off: float) -> list[Flag]:
    """Labels that flow to the right (1) or to the left (-1), the farthest that way first.

    Each begins `off` the ruler's edge, or beyond all those before it whose line it would meet.
    """
    found: list[Flag] = []
    for flag in flags:
        met = [
            other.far + BLOCK_GAP
            for other in found
            if (other.place.anchor - flag.place.anchor) * flows < flag.across + BESIDE
        ]
        found.append(replace(flag, near=max(met, default=off), flows=flows))
    return found


def _ruler(plan: Plan, first: int, end: int, top: float) -> str:
    """The years between two lines."""
    scale = plan.scale
    low = number(top + RULER)
    ticks = year_ticks(first, end, scale, YEAR_ROOM)
    places = [scale.at(new_year(year)) for year in ticks]
    lines = "".join(f"M{number(x)} {number(top)}V{low}" for x in places)
    start_at, end_at = scale.start - DOT, scale.end + DOT
    across = f"{number(start_at)} {{}}H{number(end_at)}"
    edges = f"M{across.format(number(top))}M{across.format(low)}"
    texts = "".join(
        label(x + 5, top + 16.5, str(year), classes="q", size=13)
        for x, year in zip(places, ticks, strict=True)
        if x + 5 + text_width(str(year), 13) <= end_at
    )
    return f'<path class="grid" d="{lines}"/><path class="axis" d="{edges}"/>{texts}'


def _drawn(spec: TimelineSpec, flag: Flag, scale: Scale, edge: float, *, up: bool) -> str:
    """One event off the edge of the ruler: its mark, its line and its words."""
    place, away = flag.place, -1 if up else 1
    middle = edge + away * (place.track * TRACK + 7)
    end = edge + away * flag.far
    data = f"M{number(place.anchor)} {number(middle)}V{number(end)}"
    line = f'<path class="span" d="{data}" stroke="currentColor"/>'
    x, anchor = place.anchor + flag.flows * FLAG_GAP, "" if flag.flows > 0 else "end"
    words = drawn_words(flag.words, x, end if up else edge + flag.near, anchor=anchor)
    return point_of(spec, place.event, line + _mark(place, scale, middle) + words)


def _mark(place: Placed, scale: Scale, middle: float) -> str:
    """A dot for what is short on the axis, a bar for what lasts, an arrow for what goes on."""
    if place.is_dot:
        return round_mark((place.start + place.end) / 2, middle)
    if place.is_open:
        left, right = number(place.start + SEAM / 2), number(scale.end - BAR)
        data = (
            f"M{left} {number(middle - BAR / 2)}H{right}L{number(scale.end)} {number(middle)}"
            f"L{right} {number(middle + BAR / 2)}H{left}Z"
        )
        return f'<path class="mark" d="{data}" fill="currentColor"/>'
    return (
        f'<rect class="mark" x="{number(place.start + SEAM / 2)}" y="{number(middle - BAR / 2)}" '
        f'width="{number(place.end - place.start - SEAM)}" height="{BAR}" fill="currentColor"/>'
    )
