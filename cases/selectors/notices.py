"""Notices on pages: what of a text or series was corrected, withdrawn or redefined, and when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cases.selectors.editions import Edition
from cases.selectors.figures import Figures
from cases.selectors.notice_lines import (
    MOST_LINES,
    NoticeLine,
    Stands,
    Told,
    either,
    found_lines,
)
from cases.selectors.noticed_cells import (
    EVERY_PERIOD,
    Cells,
    inputs_of,
    quoted_cells,
    with_inputs,
)
from cases.selectors.texts import LiveText
from metrics.models import Series
from metrics.selectors.notices import NOTICED, Telling

MOST_NOTICES: Final = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """What one change put right on a page: values or definitions, or the words themselves."""

    kind: str
    seq: int
    at: datetime
    reason: str
    is_of_words: bool = False
    lines: tuple[NoticeLine, ...] = ()
    further: int = 0


@dataclass(frozen=True, slots=True)
class Notices:
    """The notices of a page, the latest first, and the tags of the series they could be about."""

    notices: tuple[Notice, ...]
    depends_on: frozenset[str]


def text_notices(text: LiveText, figures: Figures, editions: Collection[Edition]) -> Notices:
    """What of a text was put right since its readers first saw it, up to its moment.

    The values it quotes, what those are computed from, their definitions, and its own words. Four
    queries, and one for the names of series that it does not quote.
    """
    until = text.as_of
    seen = [
        one.telling
        for one in editions
        if one.language == text.language and (until is None or one.telling.seq <= until)
    ]
    first = min((telling.seq for telling in seen), default=0)
    stands = _stands(quoted_cells(text.parsed, figures), figures)
    words: Told = {
        telling.seq: (telling, [])
        for telling in seen
        if telling.seq > first and telling.kind in NOTICED
    }
    told = words | _told(stands, figures, after=first)
    return _notices(told, stands.cells, figures.language, words=words)


def series_notices(series: Series, figures: Figures) -> Notices:
    """What of a series was put right, ever. Four queries, and one for the names of others."""
    stands = _stands({series.pk: {EVERY_PERIOD}}, figures)
    return _notices(_told(stands, figures, after=0), stands.cells, figures.language)


def _stands(quoted: Cells, figures: Figures) -> Stands:
    return Stands(quoted, with_inputs(quoted, figures, inputs_of(quoted, figures)))


def _told(stands: Stands, figures: Figures, *, after: int) -> Told:
    found = found_lines(stands, figures, after=after, until=figures.seq, at=lambda _seq: stands)
    return found.told


def _notices(
    told: Told, cells: Cells, language: str, words: Collection[int] = frozenset()
) -> Notices:
    latest = sorted(told, reverse=True)[:MOST_NOTICES]
    notices = tuple(_notice(*told[seq], language, is_of_words=seq in words) for seq in latest)
    return Notices(notices, frozenset(f"series:{pk}" for pk in cells))


def _notice(
    telling: Telling, lines: list[NoticeLine], language: str, *, is_of_words: bool
) -> Notice:
    return Notice(
        kind=telling.kind,
        seq=telling.seq,
        at=telling.at,
        reason=either(telling.reason, language),
        is_of_words=is_of_words,
        lines=tuple(lines[:MOST_LINES]),
        further=max(0, len(lines) - MOST_LINES),
    )
