"""A timeline that stands, for narrow places: events one below the other on a line.

It keeps the order of time and not its distances, which would leave the words no room; what lasts
is a bar beside the line, down to the first event after its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.charts.layout import chart_width
from metrics.charts.spec import Happening, TimelineSpec
from metrics.charts.svg import number
from metrics.charts.text import LINE_HEIGHT
from metrics.charts.timeline_words import (
    DOT,
    Words,
    drawn_words,
    point_of,
    round_mark,
    words_of,
)
from metrics.stats.periods import Period

LINE_AT, TOP, BLOCK_GAP, BESIDE = 6, 2, 12, 14
BAR, TRACK = 6, 10


@dataclass(frozen=True, slots=True)
class Row:
    """An event whose words begin at `top`; what lasts has a bar on a track, down to `until`."""

    event: Happening
    words: Words
    top: float
    until: float
    track: int

    @property
    def is_open(self) -> bool:
        return Period.parse(self.event.period).end is None


def draw_standing(spec: TimelineSpec, events: Sequence[Happening]) -> tuple[list[str], float]:
    """Body and height of the drawing of dated events."""
    tracks = _tracks(events)
    words_at = LINE_AT + TRACK * max(tracks) + BESIDE
    words = [words_of(spec, event, chart_width(spec) - words_at) for event in events]
    tops = [float(TOP)]
    for one in words:
        tops.append(tops[-1] + one.high + BLOCK_GAP)
    rows = [
        Row(event, words[n], tops[n], tops[_after(events, n)] - BLOCK_GAP, tracks[n])
        for n, event in enumerate(events)
    ]
    bottom = tops[-1] - BLOCK_GAP
    line = f'<path class="grid" d="M{LINE_AT} {TOP}V{number(bottom)}"/>'
    return [line, *(_drawn(spec, row, words_at) for row in rows)], bottom + 6


def _tracks(events: Sequence[Happening]) -> list[int]:
    """0 for what is told by a dot, else the first track beside the line that is free."""
    busy: list[int] = []
    found = []
    for index, event in enumerate(events):
        if Period.parse(event.period).is_regular:
            found.append(0)
            continue
        free = next((n for n, until in enumerate(busy) if until <= index), len(busy))
        busy[free : free + 1] = [_after(events, index)]
        found.append(free + 1)
    return found


def _after(events: Sequence[Happening], index: int) -> int:
    """The place of the first event that begins after one has ended."""
    end = Period.parse(events[index].period).end
    for later in range(index + 1, len(events)):
        start = Period.parse(events[later].period).start
        if end is not None and start is not None and start > end:
            return later
    return len(events)


def _drawn(spec: TimelineSpec, row: Row, words_at: float) -> str:
    middle = row.top + LINE_HEIGHT / 2
    words = drawn_words(row.words, words_at, row.top)
    if not row.track:
        return point_of(spec, row.event, round_mark(LINE_AT, middle) + words)
    left, right = (number(LINE_AT + TRACK * row.track + side) for side in (-BAR / 2, BAR / 2))
    end = f"V{number(row.until)}H{right}"
    if row.is_open:
        tip = f"{LINE_AT + TRACK * row.track} {number(row.until)}"
        end = f"V{number(row.until - BAR)}L{tip}L{right} {number(row.until - BAR)}"
    data = f"M{left} {number(middle - DOT)}{end}V{number(middle - DOT)}Z"
    mark = f'<path class="mark" d="{data}" fill="currentColor"/>'
    return point_of(spec, row.event, mark + words)
