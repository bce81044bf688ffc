"""The charts of a text by their names, and what they are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cases.markup.exhibits import EXHIBIT_NAMES, Chart, KeyFigure, KeyFigures, Timeline
from cases.markup.pen import Withheld
from cases.markup.references import charts_of, drawings_of
from cases.markup.text import ParsedText
from cases.selectors.figures import Figures, text_figures
from cases.selectors.texts import LiveText, live_text
from cases.selectors.withheld_then import withheld_then
from metrics.selectors.restricted import is_held_back


@dataclass(frozen=True, slots=True)
class TextCharts:
    """A text that readers see, or saw at a seq, with its figures, for a part of its page.

    Words quote the `figures`; what is drawn for other sites or tabulated there is `offered`.
    """

    text: LiveText
    figures: Figures
    withheld: Mapping[str, Withheld]
    offered: Figures

    def drawing(self, name: str) -> Chart | Timeline | None:
        """The chart or timeline of a name; None where the text has none of it.

        One that has an `id` is also found by its place, by which it may be known from before.
        """
        names, places = drawing_names(self.text.parsed), drawing_places(self.text.parsed)
        drawings = drawings_of(self.text.parsed)
        found = [one for one in drawings if name in (names[one.line], places[one.line])]
        return found[0] if found else None

    def is_held_back(self, chart: Chart) -> bool:
        """Whether sources keep any value of a chart from other sites."""
        return is_held_back(self.figures.panel, self.offered.panel, chart.series)

    @property
    def first(self) -> Chart | None:
        charts = charts_of(self.text.parsed)
        return charts[0] if charts else None

    @property
    def key_figure(self) -> KeyFigure | None:
        """The first of the text, where it has any."""
        exhibits = self.text.parsed.body.exhibits
        found = [item for one in exhibits if isinstance(one, KeyFigures) for item in one.items]
        return found[0] if found else None


def text_charts(slug: str, kind: str, language: str, seq: int | None = None) -> TextCharts:
    """Raises NotPublishedError. A fixed number of queries, and for the past up to three for each
    level of rules."""
    text = live_text(slug, kind, language, seq=seq)
    figures = text_figures([text.parsed], language, seq)
    withheld = text.withheld if seq is None else withheld_then(text, figures)
    return TextCharts(replace(text, withheld=withheld), figures, withheld, figures.offered)


def drawing_names(parsed: ParsedText) -> dict[int, str]:
    """By the line of its fence, what the address of each chart and timeline calls it.

    Its `id` where it has one; else its place among those of its kind in the text (chart-2), which
    is another once one before it comes or goes.
    """
    places = drawing_places(parsed)
    return {one.line: one.name or places[one.line] for one in drawings_of(parsed)}


def drawing_places(parsed: ParsedText) -> dict[int, str]:
    """By the line of its fence, what each is called by its place: chart-1, timeline-1, chart-2."""
    found, counts = {}, {"chart": 0, "timeline": 0}
    for one in drawings_of(parsed):
        kind = EXHIBIT_NAMES[type(one)]
        counts[kind] += 1
        found[one.line] = f"{kind}-{counts[kind]}"
    return found
