"""What a text quotes, so that its caller can load all of it with a fixed number of queries."""

from __future__ import annotations

from cases.markup.exhibits import Chart, Image, Quote, Timeline
from cases.markup.markdown import parse_line
from cases.markup.text import ParsedText, TextParts, parse_text
from cases.markup.tokens import Reference
from cases.markup.wording import cells_of_line


def cells_of(text: TextParts | ParsedText) -> tuple[Reference, ...]:
    """The different cells quoted by tokens, wordings and exhibits, in reading order.

    A cell is a Reference without print options. Its period is a code, "latest", "previous", or
    "*" where an exhibit draws every period. Malformed tokens and exhibits quote nothing; they are
    ``problems_in`` the text.
    """
    return _parsed(text).cells


def series_of(text: TextParts | ParsedText) -> tuple[str, ...]:
    """The different series keys quoted, sorted."""
    return tuple(sorted({cell.series for cell in cells_of(text)}))


def charts_of(text: TextParts | ParsedText) -> tuple[Chart, ...]:
    """The charts of a text, in reading order."""
    exhibits = _parsed(text).body.exhibits
    return tuple(exhibit for exhibit in exhibits if isinstance(exhibit, Chart))


def drawings_of(text: TextParts | ParsedText) -> tuple[Chart | Timeline, ...]:
    """What may be drawn of a text: its charts and timelines, in reading order."""
    exhibits = _parsed(text).body.exhibits
    return tuple(exhibit for exhibit in exhibits if isinstance(exhibit, Chart | Timeline))


def timelines_of(text: TextParts | ParsedText) -> tuple[Timeline, ...]:
    """The timelines of a text: entities with the span of their events."""
    exhibits = _parsed(text).body.exhibits
    return tuple(exhibit for exhibit in exhibits if isinstance(exhibit, Timeline))


def entities_of(text: TextParts | ParsedText) -> tuple[str, ...]:
    """The different entities whose events the timelines show, in reading order."""
    timelines = timelines_of(text)
    return tuple(dict.fromkeys(entity for line in timelines for entity in line.entities))


def cited_in(text: TextParts | ParsedText) -> tuple[str, ...]:
    """The different sources that quotes name, in reading order."""
    quotes = [one for one in _parsed(text).body.exhibits if isinstance(one, Quote)]
    return tuple(dict.fromkeys(quote.source for quote in quotes if quote.source))


def pictures_of(text: TextParts | ParsedText) -> tuple[str, ...]:
    """The different pictures that a text shows, by their slugs, in reading order."""
    images = [one for one in _parsed(text).body.exhibits if isinstance(one, Image)]
    return tuple(dict.fromkeys(image.picture for image in images))


def cells_of_sentence(source: str) -> tuple[Reference, ...]:
    """The cells that one sentence is bound to and quotes: those of its wordings come first."""
    figures = [token.reference for token, _line in parse_line(source).figures]
    return tuple(dict.fromkeys(one.cell for one in [*cells_of_line(source), *figures]))


def _parsed(text: TextParts | ParsedText) -> ParsedText:
    return text if isinstance(text, ParsedText) else parse_text(text)
