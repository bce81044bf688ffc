"""Notices on pages: what of a text or series was corrected, withdrawn or redefined, and when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cases.models import Publication
from cases.selectors.addresses import series_url
from cases.selectors.figures import Figures
from cases.selectors.noticed_cells import EVERY_PERIOD, Cells, quoted_cells, with_inputs
from cases.selectors.texts import LiveText
from metrics.models import Series
from metrics.selectors.notices import (
    NOTICED,
    DefinitionNotice,
    Telling,
    ValueNotice,
    definition_notices,
    value_notices,
)
from metrics.selectors.printing import moment, printed_value, reason_text, series_name
from metrics.selectors.values import Value
from metrics.stats.periods import Period

MOST_NOTICES: Final = 20
MOST_LINES: Final = 10


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One thing that reads otherwise: a value of a period, or a definition from a period on."""

    name: str
    label: str
    url: str
    before: str
    after: str


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


# seq → the change, and the lines it makes on a page
Told = dict[int, tuple[Telling, list[NoticeLine]]]


def text_notices(text: LiveText, figures: Figures) -> Notices:
    """What of a text was put right since its readers first saw it.

    The values it quotes, what those are computed from, their definitions, and its own words. Five
    queries, and one for the names of series that it does not quote.
    """
    editions = _editions(text)
    first = min((row.seq_from for row in editions), default=0)
    quoted = quoted_cells(text, figures)
    cells = with_inputs(quoted, figures)
    told = _told(quoted, cells, figures, after=first)
    words: Told = {
        row.seq_from: (_telling(row), [])
        for row in editions
        if row.seq_from > first and row.release.change.kind in NOTICED
    }
    return _notices(words | told, cells, figures.language, words=words)


def series_notices(series: Series, figures: Figures) -> Notices:
    """What of a series was put right, ever. Four queries, and one for the names of others."""
    quoted: Cells = {series.pk: {EVERY_PERIOD}}
    cells = with_inputs(quoted, figures)
    return _notices(_told(quoted, cells, figures, after=0), cells, figures.language)


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


def _told(quoted: Cells, cells: Cells, figures: Figures, *, after: int) -> Told:
    """Definitions of what is quoted, and values of the cells, by change."""
    seq, language = figures.seq, figures.language
    values = [one for one in value_notices(cells, after=after, seq=seq) if _concerns(one, cells)]
    known = {series.pk: series for series in figures.panel.series.values()}
    if others := {one.series_id for one in values} - set(known):
        known |= Series.objects.with_definitions().in_bulk(others)
    measured = {known[pk].indicator_id: known[pk] for pk in quoted}
    told: Told = {}
    for definition in definition_notices(measured, after=after, seq=seq):
        line = _definition_line(definition, measured[definition.indicator_id], language)
        told.setdefault(definition.telling.seq, (definition.telling, []))[1].append(line)
    for value in values:
        line = _value_line(value, known[value.series_id], language)
        told.setdefault(value.telling.seq, (value.telling, []))[1].append(line)
    return told


def _concerns(one: ValueNotice, cells: Cells) -> bool:
    return bool({EVERY_PERIOD, one.after.period.code} & cells[one.series_id])


def _value_line(one: ValueNotice, series: Series, language: str) -> NoticeLine:
    return NoticeLine(
        name=series_name(series, language),
        label=moment(one.after.period, series.indicator, language),
        url=series_url(series.key, language, one.after.period.code),
        before=_printed(one.before, series, language),
        after=_printed(one.after, series, language),
    )


def _printed(value: Value, series: Series, language: str) -> str:
    number = printed_value(value, series.indicator.unit, language)
    return number.text if number else reason_text(value.figure.null_reason, language)


def _definition_line(one: DefinitionNotice, series: Series, language: str) -> NoticeLine:
    return NoticeLine(
        name=series_name(series, language),
        label=Period.parse(one.since).label(language),
        url=series_url(series.key, language),
        before=_either(one.before, language),
        after=_either(one.after, language),
    )


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
        reason=_either(telling.reason, language),
        is_of_words=is_of_words,
        lines=tuple(lines[:MOST_LINES]),
        further=max(0, len(lines) - MOST_LINES),
    )


def _either(texts: Mapping[str, str], language: str) -> str:
    """The text in the language, else in the other."""
    return texts.get(language) or next((text for text in texts.values() if text), "")
