"""A chart as a document of its own: title, drawing, source, address; no script, no style sheet."""

from dataclasses import dataclass, replace

from metrics.charts.palette import Theme, drawing_style
from metrics.charts.render import draw
from metrics.charts.spec import Spec
from metrics.charts.svg import escape, label, number
from metrics.charts.text import wrap

MARGIN = 24
TITLE_SIZE, TITLE_LINE = 20, 27
NOTE_SIZE, NOTE_LINE = 13, 19
MOST_TITLE_LINES, MOST_NOTE_LINES = 4, 4
GAP = 14
# Below this width the narrow drawing is taken, whose text then is not shrunk.
LEAST_WIDE = 560
SERIF = "'Source Serif 4','Songti SC','Noto Serif CJK SC','Source Han Serif SC',SimSun,serif"
SANS = "Inter,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC',sans-serif"


@dataclass(frozen=True, slots=True)
class Part:
    """One drawing with the words over it: what it shows; measure, period and unit."""

    spec: Spec
    title: str
    subtitle: str = ""


@dataclass(frozen=True, slots=True)
class Looks:
    """How a document looks: pixels across, colours, and the faces in the order of wish."""

    width: int
    theme: Theme = "light"
    sans: str = SANS
    serif: str = SERIF


def chart_document(parts: tuple[Part, ...], notes: tuple[str, ...], looks: Looks) -> str:
    """One SVG document: the parts from top to bottom, and the notes under them.

    `looks.width` is what it says of its own width in pixels; as SVG it scales to any. The
    document is named by the title of its first part and described by all.
    """
    width = "wide" if looks.width >= LEAST_WIDE else "narrow"
    body, top, across = "", float(MARGIN), 0.0
    for index, part in enumerate(parts):
        spec = replace(part.spec, width=width)  # type: ignore[arg-type]
        drawing, size = draw(spec, chart_id=f"c{index}")
        across = size[0]
        words, top = _words(part, top, across)
        body += f'{words}<g transform="translate({MARGIN} {number(top)})">{drawing}</g>'
        top += size[1] + GAP
    written, top = _notes(notes, top, across)
    total = (across + 2 * MARGIN, top + MARGIN - GAP)
    return _framed(parts, body + written, total, looks)


def _words(part: Part, top: float, across: float) -> tuple[str, float]:
    title = wrap(part.title, across, MOST_TITLE_LINES, TITLE_SIZE)
    body = "".join(
        label(MARGIN, top + TITLE_LINE * (n + 0.75), line, classes="title", size=TITLE_SIZE)
        for n, line in enumerate(title)
    )
    top += TITLE_LINE * len(title)
    if part.subtitle:
        for line in wrap(part.subtitle, across, 2, NOTE_SIZE):
            body += label(MARGIN, top + NOTE_LINE * 0.8, line, classes="q", size=NOTE_SIZE)
            top += NOTE_LINE
    return body, top + GAP


def _notes(notes: tuple[str, ...], top: float, across: float) -> tuple[str, float]:
    body = ""
    for note in notes:
        for line in wrap(note, across, MOST_NOTE_LINES, NOTE_SIZE):
            body += label(MARGIN, top + NOTE_LINE * 0.8, line, classes="q", size=NOTE_SIZE)
            top += NOTE_LINE
    return body, top + GAP


def _framed(parts: tuple[Part, ...], body: str, size: tuple[float, float], looks: Looks) -> str:
    style = drawing_style(looks.theme).replace("SERIF", looks.serif)
    height = size[1] * looks.width / size[0]
    described = " ".join(part.spec.description for part in parts)
    language = "en" if parts[0].spec.language == "en" else "zh-Hans"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" lang="{language}" role="img" '
        f'width="{looks.width}" height="{number(height)}" '
        f'viewBox="0 0 {number(size[0])} {number(size[1])}" font-size="14" '
        f'font-family="{escape(looks.sans)}" aria-labelledby="t d">'
        f'<title id="t">{escape(parts[0].title)}</title><desc id="d">{escape(described)}</desc>'
        f"<style>{style}</style>"
        f'<rect class="ground" width="{number(size[0])}" height="{number(size[1])}"/>{body}</svg>\n'
    )
