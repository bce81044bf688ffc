"""The charts of a text by their names, and what they are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cases.markup.exhibits import Chart, KeyFigure, KeyFigures
from cases.markup.pen import Withheld
from cases.markup.references import charts_of
from cases.markup.text import ParsedText
from cases.selectors.figures import Figures, text_figures
from cases.selectors.texts import LiveText, live_text
from cases.selectors.withheld_then import withheld_then


@dataclass(frozen=True, slots=True)
class TextCharts:
    """A text that readers see, or saw at a seq, with its figures, for a part of its page."""

    text: LiveText
    figures: Figures
    withheld: Mapping[str, Withheld]

    def chart(self, name: str) -> Chart | None:
        """The chart of a name; None where the text has none of it."""
        names = chart_names(self.text.parsed)
        found = [one for one in charts_of(self.text.parsed) if names[one.line] == name]
        return found[0] if found else None

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
    return TextCharts(replace(text, withheld=withheld), figures, withheld)


def chart_names(parsed: ParsedText) -> dict[int, str]:
    """By the line of its fence, what the address of each chart calls it.

    Its `id` where it has one; else its place among the charts of the text (chart-2), which is
    another once a chart before it comes or goes.
    """
    charts = charts_of(parsed)
    return {chart.line: chart.name or f"chart-{n}" for n, chart in enumerate(charts, start=1)}
