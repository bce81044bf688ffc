"""The words of an event in a drawing."""

from dataclasses import dataclass

from metrics.charts.spec import Happening, TimelineSpec
from metrics.charts.svg import escape, label, number, series_class
from metrics.charts.text import LINE_HEIGHT, text_width, truncate, wrap

MOST_LINES = 6
DOT = 4
BETWEEN = {"zh": ("·", "："), "en": (" · ", ": ")}


def _between(spec: TimelineSpec) -> tuple[str, str]:
    return BETWEEN["zh" if spec.language.startswith("zh") else "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """What is written of an event: when and whose, and under it what."""

    heads: tuple[str, ...]
    body: tuple[str, ...]

    @property
    def high(self) -> float:
        return LINE_HEIGHT * (len(self.heads) + len(self.body))

    @property
    def wide(self) -> float:
        return max(map(text_width, self.heads + self.body))


def words_of(spec: TimelineSpec, event: Happening, room: float) -> Words:
    """The words in lines of `room`; a name that has none beside the date stands under it."""
    head = _head(spec, event)
    is_long = text_width(head) > room and bool(event.name)
    heads = (event.label, event.name) if is_long else (head,)
    cut = tuple(truncate(one, room) for one in heads)
    return Words(cut, wrap(event.text, room, MOST_LINES))


def _head(spec: TimelineSpec, event: Happening) -> str:
    return _between(spec)[0].join(part for part in (event.label, event.name) if part)


def spoken(spec: TimelineSpec, event: Happening) -> str:
    """An event in one line, as pointing at it says."""
    return f"{_head(spec, event)}{_between(spec)[1]}{event.text}"


def drawn_words(words: Words, x: float, top: float, *, anchor: str = "") -> str:
    """Lines of text from `top` down, those of the head in the colour of their event."""
    return "".join(
        label(
            x,
            top + LINE_HEIGHT * (n + 0.78),
            line,
            anchor=anchor,
            classes="name" if n < len(words.heads) else "",
        )
        for n, line in enumerate(words.heads + words.body)
    )


def point_of(spec: TimelineSpec, event: Happening, body: str) -> str:
    """All that is drawn of one event, as one thing that can be read."""
    said = escape(spoken(spec, event))
    return f'<g class="point {series_class(event.tone)}" data-label="{said}">{body}</g>'


def round_mark(x: float, y: float) -> str:
    """The mark of what is told by a moment."""
    return f'<circle class="mark" cx="{number(x)}" cy="{number(y)}" r="{DOT}" fill="currentColor"/>'
