"""The picture that stands for a page where it is shared: 1200 by 630, no script, no style sheet."""

from dataclasses import dataclass, replace

from metrics.charts.document import Looks
from metrics.charts.palette import drawing_style
from metrics.charts.render import draw
from metrics.charts.spec import ChartSpec
from metrics.charts.svg import escape, label
from metrics.charts.text import text_width, wrap

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
ROOM = WIDTH - 2 * MARGIN
KICKER_SIZE, LABEL_SIZE = 26, 28
VALUE_SIZE, LEAST_VALUE_SIZE = 112, 56
# Sizes of the title, the largest in which it takes at most so many lines; beside a chart.
TITLES = ((64, 2), (52, 3), (42, 4))
SLIM_TITLES = ((54, 5), (44, 7))
# Beside a title stands the narrow drawing, whose text is large enough to be read when shrunk.
CHART_AT, CHART_TOP = 640, 72
FOOT = 48


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says: where it is from, what it is, its title, and a figure or a chart."""

    site: str
    kicker: str
    title: str
    language: str
    label: str = ""
    value: str = ""
    chart: ChartSpec | None = None


def card_document(card: Card, looks: Looks) -> str:
    """One SVG document of 1200 by 630; `looks.width` is not asked."""
    body = label(MARGIN, 92, card.kicker, classes="q", size=KICKER_SIZE)
    is_slim = card.chart is not None and not card.value
    size, lines = _title(card.title, is_slim)
    top = 92 + 28
    for line in lines:
        top += round(size * 1.25)
        body += label(MARGIN, top, line, classes="title", size=size)
    body += (_chart(card) if is_slim else _figure(card)) + _foot(card)
    style = drawing_style(looks.theme).replace("SERIF", looks.serif)
    language = "en" if card.language == "en" else "zh-Hans"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" lang="{language}" role="img" width="{WIDTH}" '
        f'height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{escape(looks.sans)}" '
        f'aria-labelledby="t"><title id="t">{escape(card.title)}</title><style>{style}</style>'
        f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>{body}</svg>\n'
    )


def _title(title: str, is_slim: bool) -> tuple[int, tuple[str, ...]]:
    room = CHART_AT - MARGIN - 40 if is_slim else ROOM
    for size, most in (sizes := SLIM_TITLES if is_slim else TITLES):
        lines = wrap(title, room, most + 1, size)
        if len(lines) <= most:
            return size, lines
    size, most = sizes[-1]
    return size, wrap(title, room, most, size)


def _figure(card: Card) -> str:
    """The figure as large as fits, over what it is."""
    if not card.value:
        return ""
    size = VALUE_SIZE
    while text_width(card.value, size) > ROOM and size > LEAST_VALUE_SIZE:
        size -= 8
    base = HEIGHT - FOOT - 118
    named = wrap(card.label, ROOM, 1, LABEL_SIZE)[0]
    value = label(MARGIN, base, wrap(card.value, ROOM, 1, size)[0], classes="title name", size=size)
    return (
        f'<g class="series-1">{value}</g>'
        f"{label(MARGIN, base + 52, named, classes='q', size=LABEL_SIZE)}"
    )


def _chart(card: Card) -> str:
    """The chart beside the title, in the room above the foot."""
    if card.chart is None:
        return ""
    body, (width, height) = draw(replace(card.chart, width="narrow"), chart_id="c")
    scale = min((WIDTH - MARGIN - CHART_AT) / width, (HEIGHT - FOOT - 64 - CHART_TOP) / height)
    return (
        f'<g transform="translate({CHART_AT} {CHART_TOP}) scale({scale:.4f})" '
        f'font-size="14">{body}</g>'
    )


def _foot(card: Card) -> str:
    y = HEIGHT - FOOT
    return f'<path class="axis" d="M{MARGIN} {y - 44}H{WIDTH - MARGIN}"/>' + label(
        MARGIN, y, card.site, size=KICKER_SIZE
    )
