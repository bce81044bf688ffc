"""Notices on pages: what of a text or series was corrected, withdrawn or redefined, and when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cases.models import Publication
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


def text_notices(text: LiveText, figures: Figures) -> Notices:
    """What of a text was put right since its readers first saw it.

    The values it quotes, what those are computed from, their definitions, and its own words. Five
    queries, and one for the names of series that it does not quote.
    """
    editions = _editions(text)
    first = min((row.seq_from for row in editions), default=0)
    stands = _stands(quoted_cells(text.parsed, figures), figures)
    words: Told = {
        row.seq_from: (_telling(row), [])
        for row in editions
        if row.seq_from > first and row.release.change.kind in NOTICED
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


def _editions(text: LiveText) -> list[Publication]:
    """What readers saw of a text, up to its moment. One query."""
    rows = Publication.objects.filter(text__case=text.case, text__language=text.language)
    if text.as_of is not None:
        rows = rows.filter(seq_from__lte=text.as_of)
    return list(rows.select_related("release__change").order_by("seq_from"))


def _telling(row: Publication) -> Telling:
    release = row.release
    reason = {"zh-hans": release.reason_zh_hans, "en": release.reason_en}
    return Telling(row.seq_from, release.change.published_at, release.change.kind, reason)


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
