"""What changed since a moment: in the words of a text, in the figures it quoted, in a series."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cases.markup.references import cells_of
from cases.selectors.changed_figures import FigureChange, figure_changes, series_changes
from cases.selectors.figures import Figures, text_figures
from cases.selectors.series import SeriesPage
from cases.selectors.texts import LiveText, live_texts
from cases.selectors.word_changes import MOST_LISTED, AsRead, ParagraphChange, word_changes
from metrics.selectors.panel import panel_of
from metrics.selectors.printing import in_language


@dataclass(frozen=True, slots=True)
class Since:
    """What is listed of the changes, and how many more there are.

    `is_withdrawn`: readers see no such text any more. `is_redefined`: the series is measured by
    another definition now.
    """

    paragraphs: tuple[ParagraphChange, ...] = ()
    further_paragraphs: int = 0
    figures: tuple[FigureChange, ...] = ()
    further_figures: int = 0
    is_withdrawn: bool = False
    is_redefined: bool = False

    @property
    def is_empty(self) -> bool:
        found = self.paragraphs or self.figures or self.is_withdrawn or self.is_redefined
        return not found


def text_since(text: LiveText, then: Figures, user: Any = None) -> Since:
    """From a text of the past, with the figures of its time, to what readers see now.

    Figures that the text quoted then are compared whether or not it still quotes them. Eight
    queries.
    """
    found = live_texts(text.language, user, text__case=text.case.pk)
    live = found[0] if found else None
    now = text_figures([one.parsed for one in (text, live) if one], text.language)
    words = word_changes(text.text, live.text, AsRead(then), AsRead(now)) if live else []
    figures = figure_changes(cells_of(text.parsed), then, now)
    return _since(words, figures, is_withdrawn=live is None)


def series_since(page: SeriesPage) -> Since:
    """From the page of a series as of a seq to its values now. Five queries."""
    series, language = page.record.series, page.figures.language
    now = Figures(panel_of({series.key: series}), language)
    definition = in_language(series.indicator, "definition", language)
    is_redefined = (page.version, page.definition) != (series.indicator.version, definition)
    changes = series_changes(series.key, page.figures, now)
    return _since([], changes, is_redefined=is_redefined)


def _since(
    words: Sequence[ParagraphChange], figures: Sequence[FigureChange], **marks: bool
) -> Since:
    return Since(
        paragraphs=tuple(words[:MOST_LISTED]),
        further_paragraphs=max(0, len(words) - MOST_LISTED),
        figures=tuple(figures[:MOST_LISTED]),
        further_figures=max(0, len(figures) - MOST_LISTED),
        **marks,
    )
