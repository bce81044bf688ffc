"""What a text quotes, so that its caller can load all of it with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.markup.exhibits import (
    Callout,
    Chart,
    Exhibit,
    Image,
    KeyFigures,
    Quote,
    Table,
    Timeline,
)
from cases.markup.markdown import Parsed, parse_body, parse_line
from cases.markup.text import ParsedText, TextParts, parse_text
from cases.markup.tokens import ALL_PERIODS, Reference, find_tokens
from cases.markup.wording import Wording, cells_of_line


def cells_of(text: TextParts | ParsedText) -> tuple[Reference, ...]:
    """The different cells quoted by tokens, wordings and exhibits, in reading order.

    A cell is a Reference without print options. Its period is a code, "latest", "previous", or
    "*" where an exhibit draws every period. Malformed tokens and exhibits quote nothing; they are
    ``problems_in`` the text.
    """
    parsed = _parsed(text)
    references = [token.reference for token in parsed.title]
    references += parsed.title_cells
    references += [token.reference for token, _ in parsed.standfirst.figures]
    references += _claimed(parsed.standfirst.wordings)
    references += _references_of(parsed.body)
    return tuple(dict.fromkeys(reference.cell for reference in references))


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


def cells_of_exhibit(exhibit: Exhibit) -> tuple[Reference, ...]:
    """The cells one exhibit draws or prints, the tokens of its captions included."""
    drawn = list(_drawn(exhibit))
    return tuple(dict.fromkeys(r.cell for r in [*drawn, *_captioned(exhibit)]))


def _parsed(text: TextParts | ParsedText) -> ParsedText:
    return text if isinstance(text, ParsedText) else parse_text(text)


def _references_of(body: Parsed) -> Iterator[Reference]:
    yield from (token.reference for token, _ in body.figures)
    yield from _claimed(body.wordings)
    for exhibit in body.exhibits:
        yield from cells_of_exhibit(exhibit)


def _drawn(exhibit: Exhibit) -> Iterable[Reference]:
    match exhibit:
        case Chart():
            periods = exhibit.periods or (exhibit.period or ALL_PERIODS,)
            return [Reference(key, p, exhibit.units) for key in exhibit.series for p in periods]
        case Table():
            return [
                Reference(key, period, exhibit.units)
                for key in exhibit.series
                for period in exhibit.periods
            ]
        case KeyFigures():
            return [item.value for item in exhibit.items]
    return []


def _captioned(exhibit: Exhibit) -> Iterator[Reference]:
    captions = exhibit.texts[:-1] if isinstance(exhibit, Callout) else exhibit.texts
    for caption in captions:
        yield from (token.reference for token in find_tokens(caption.text))
        yield from cells_of_line(caption.text)
    if isinstance(exhibit, Callout):
        inner = parse_body(exhibit.text, exhibits=False)
        yield from (token.reference for token, _ in inner.figures)
        yield from _claimed(inner.wordings)


def _claimed(wordings: Iterable[Wording]) -> list[Reference]:
    return [cell for wording in wordings for cell in wording.condition.cells.values()]
