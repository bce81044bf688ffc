"""SVG as strings: escaping, coordinates and the frame every chart shares.

Only classes and presentation attributes are written, never a style attribute: the site's
Content-Security-Policy forbids inline style. A mark takes its colour from `currentColor`,
so one class (`series-1` … `series-8`) colours bars, lines, hatches and labels alike.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from metrics.charts.text import FONT_SIZE, LINE_HEIGHT

SERIES_CLASSES = 8
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
# Characters XML 1.0 cannot hold even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str) -> str:
    """`text` without the characters that no XML document can hold."""
    return _FORBIDDEN.sub("", text)


def escape(text: str) -> str:
    """`text` for content and for double-quoted attributes."""
    return writable(text).translate(_ESCAPES)


def number(value: float) -> str:
    """A coordinate to one decimal, as short as it can be written."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


@lru_cache(maxsize=8192)
def tenths(value: int) -> str:
    """A coordinate given in tenths, as `number` writes it."""
    return number(value / 10)


def series_class(index: int) -> str:
    return f"series-{index % SERIES_CLASSES + 1}"


def label(
    x: float, y: float, text: str, *, anchor: str = "", classes: str = "", size: int = 0
) -> str:
    """One line of text with its baseline at `y`."""
    attributes = f' class="{classes}"' if classes else ""
    attributes += f' text-anchor="{anchor}"' if anchor else ""
    attributes += f' font-size="{size}"' if size else ""
    return f'<text x="{number(x)}" y="{number(y)}"{attributes}>{escape(text)}</text>'


def label_block(x: float, middle: float, lines: tuple[str, ...], *, anchor: str = "") -> str:
    """Lines of text centred on `middle`."""
    first = middle + FONT_SIZE * 0.36 - (len(lines) - 1) * LINE_HEIGHT / 2
    return "".join(
        label(x, first + index * LINE_HEIGHT, line, anchor=anchor)
        for index, line in enumerate(lines)
    )


def hatch_id(chart_id: str, index: int) -> str:
    return f"{chart_id}-hatch-{index % SERIES_CLASSES + 1}"


def hatch(chart_id: str, index: int) -> str:
    """The pattern that fills implied and forecast values of one series."""
    return (
        f'<pattern id="{escape(hatch_id(chart_id, index))}" class="{series_class(index)}" '
        'width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path d="M1.5 0V6" stroke="currentColor" stroke-width="2.5"/></pattern>'
    )


def frame(
    *,
    chart_id: str,
    size: tuple[float, float],
    title: str,
    description: str,
    classes: str,
    body: Iterable[str],
    attributes: str = "",
) -> str:
    """The whole `<svg>`; `chart_id` must be unique on the page, titles are announced."""
    key = escape(chart_id)
    width, height = number(size[0]), number(size[1])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{classes}" id="{key}" role="img" '
        f'viewBox="0 0 {width} {height}" font-size="{FONT_SIZE}" '
        f'aria-labelledby="{key}-t {key}-d"{attributes}>'
        f'<title id="{key}-t">{escape(title)}</title>'
        f'<desc id="{key}-d">{escape(description)}</desc>{"".join(body)}</svg>'
    )
