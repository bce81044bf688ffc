"""The cells that bodies and exhibits quote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.markup.exhibits import Callout, Chart, Exhibit, KeyFigures, Table
from cases.markup.markdown import Parsed, parse_body
from cases.markup.tokens import ALL_PERIODS, Reference, find_tokens
from cases.markup.wording import Wording, cells_of_line


def cells_of_exhibit(exhibit: Exhibit) -> tuple[Reference, ...]:
    """The cells one exhibit draws or prints, the tokens of its captions included."""
    drawn = list(_drawn(exhibit))
    return tuple(dict.fromkeys(r.cell for r in [*drawn, *_captioned(exhibit)]))


def references_of(body: Parsed) -> Iterator[Reference]:
    yield from (token.reference for token, _ in body.figures)
    yield from claimed(body.wordings)
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
        yield from claimed(inner.wordings)


def claimed(wordings: Iterable[Wording]) -> list[Reference]:
    return [cell for wording in wordings for cell in wording.condition.cells.values()]
