"""What changed since a moment: in the words of a text, in the figures it quoted, in a series."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cases.markup.difference import Pair, Piece, paragraph_pairs, pieces_of
from cases.markup.paragraphs import Paragraph, paragraphs
from cases.markup.references import cells_of
from cases.markup.render import plain_line, plain_text
from cases.selectors.changed_figures import FigureChange, figure_changes, series_changes
from cases.selectors.figures import Figures, text_figures
from cases.selectors.series import SeriesPage
from cases.selectors.texts import LiveText, live_texts
from metrics.selectors.panel import panel_of
from metrics.selectors.printing import in_language

# What a page lists of each; the rest is counted.
MOST_LISTED: Final = 60


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """A part of a text (title, standfirst, paragraph or exhibit) before and after, in pieces.

    Figures in it read as they did at either time; an exhibit is told by its captions.
    """

    part: str
    pieces: tuple[Piece, ...]
    is_new: bool = False
    is_gone: bool = False

    @property
    def is_form_only(self) -> bool:
        """The words are the same: a link, an emphasis, or what an exhibit draws is not."""
        in_both = not (self.is_new or self.is_gone)
        return in_both and all(piece.kind == "same" for piece in self.pieces)


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
    words = list(_word_changes(text, then, live, now)) if live else []
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


def _word_changes(
    text: LiveText, then: Figures, live: LiveText, now: Figures
) -> Iterator[ParagraphChange]:
    """What an author changed, in reading order; a figure alone is no change of words."""
    for part in ("title", "standfirst"):
        old, new = getattr(text.text, part), getattr(live.text, part)
        if old != new:
            yield _change(part, Pair(_line(old, then), _line(new, now)))
    old_parts, new_parts = _sources(text.text.body), _sources(live.text.body)
    for pair in paragraph_pairs(old_parts, new_parts):
        if not pair.is_same:
            yield _change(_part(pair), Pair(_plain(pair.before, then), _plain(pair.after, now)))


def _sources(body: str) -> list[str]:
    return [paragraph.source for paragraph in paragraphs(body)]


def _part(pair: Pair) -> str:
    source = pair.before if pair.after is None else pair.after
    return "exhibit" if Paragraph(1, source or "").is_exhibit else "paragraph"


def _change(part: str, words: Pair) -> ParagraphChange:
    return ParagraphChange(
        part, pieces_of(words), is_new=words.before is None, is_gone=words.after is None
    )


def _line(text: str, figures: Figures) -> str | None:
    return plain_line(text, language=figures.language, resolver=figures) or None


def _plain(source: str | None, figures: Figures) -> str | None:
    if source is None:
        return None
    return plain_text(source, language=figures.language, resolver=figures)
