"""Timelines: events beside a ruler of years, each told in words where it stands."""

from dataclasses import replace
from functools import lru_cache

from metrics.charts.layout import DASH, chart_width
from metrics.charts.spec import TimelineSpec
from metrics.charts.svg import label
from metrics.charts.text import LINE_HEIGHT
from metrics.charts.timeline_lying import draw_lying
from metrics.charts.timeline_standing import draw_standing
from metrics.charts.years import dated

MOST_EVENTS, HIGHEST = 24, 640
UNDATED = {"zh": "另有{}件没有日期，见列表。", "en": "{} more without a date: see the list."}


@lru_cache(maxsize=256)
def can_be_drawn(spec: TimelineSpec) -> bool:
    """Whether a drawing says more than the list: of two times at least, and not too much."""
    events = dated(spec.events)
    if len(events) > MOST_EVENTS or len({event.period for event in events}) < 2:
        return False
    return draw_timeline(replace(spec, width="wide"))[1] <= HIGHEST


def draw_timeline(spec: TimelineSpec) -> tuple[list[str], float]:
    """Body and height of the drawing; of no dated event a dash."""
    events = dated(spec.events)
    if not events:
        return [label(chart_width(spec) / 2, 40, DASH, anchor="middle", classes="q")], 64
    body, height = (draw_lying if spec.width == "wide" else draw_standing)(spec, events)
    left_out = len(spec.events) - len(events)
    if left_out:
        words = UNDATED["en" if spec.language == "en" else "zh"].format(left_out)
        height += LINE_HEIGHT + 6
        body.append(label(0, height - 5, words, classes="q", size=13))
    return body, height
