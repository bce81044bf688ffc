"""What changes put right of the cells that a page stands on, line by line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from cases.selectors.addresses import series_url
from cases.selectors.figures import Figures
from cases.selectors.noticed_cells import EVERY_PERIOD, Cells
from metrics.models import Series
from metrics.selectors.notices import (
    MOST_ROWS,
    DefinitionNotice,
    Telling,
    ValueNotice,
    definition_notices,
    value_notices,
)
from metrics.selectors.printing import moment, printed_value, reason_text, series_name
from metrics.selectors.values import Value
from metrics.stats.periods import Period

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
class Stands:
    """What a page stands on: the cells it quotes, and those with what they are computed from."""

    quoted: Cells
    cells: Cells


# seq → the change, and the lines it makes on a page
Told = dict[int, tuple[Telling, list[NoticeLine]]]
# What a page stood on when a change came; None: there was no page.
At = Callable[[int], Stands | None]


@dataclass(frozen=True, slots=True)
class Found:
    """What is told; before the seq `complete_from` there may be more."""

    told: Told
    complete_from: int = 0


def found_lines(
    stands: Stands, figures: Figures, *, after: int, until: int | None, at: At
) -> Found:
    """What of the cells and definitions was put right after a seq, until another (None: now).

    `at` narrows it to what the page stood on as the change came, of what it `stands` on in all.
    Three queries, and one for the names of series that it does not quote.
    """
    rows = value_notices(stands.cells, after=after, seq=until)
    values = [one for one in rows if _concerns(one, at(one.telling.seq))]
    known = {series.pk: series for series in figures.panel.series.values()}
    if others := {one.series_id for one in values} - set(known):
        known |= Series.objects.with_definitions().in_bulk(others)
    measured = {known[pk].indicator_id: known[pk] for pk in stands.quoted}
    told: Told = {}
    for definition in definition_notices(measured, after=after, seq=until):
        series = measured[definition.indicator_id]
        if _quotes(at(definition.telling.seq), series):
            line = definition_line(definition, series, figures.language)
            _add(told, definition.telling, line)
    for value in values:
        line = _value_line(value, known[value.series_id], figures.language)
        _add(told, value.telling, line)
    return Found(told, rows[-1].telling.seq if len(rows) == MOST_ROWS else 0)


def either(texts: Mapping[str, str], language: str) -> str:
    """The text in the language, else in the other."""
    return texts.get(language) or next((text for text in texts.values() if text), "")


def _add(told: Told, telling: Telling, line: NoticeLine) -> None:
    told.setdefault(telling.seq, (telling, []))[1].append(line)


def _concerns(one: ValueNotice, stood: Stands | None) -> bool:
    codes = stood.cells.get(one.series_id, set()) if stood else set()
    return bool({EVERY_PERIOD, one.after.period.code} & codes)


def _quotes(stood: Stands | None, series: Series) -> bool:
    return stood is not None and series.pk in stood.quoted


def _value_line(one: ValueNotice, series: Series, language: str) -> NoticeLine:
    return value_line(one.before, one.after, series, language)


def value_line(before: Value | None, after: Value, series: Series, language: str) -> NoticeLine:
    """A value of a period in place of another, or (None) of none."""
    return NoticeLine(
        name=series_name(series, language),
        label=moment(after.period, series.indicator, language),
        url=series_url(series.key, language, after.period.code),
        before=_printed(before, series, language) if before else "",
        after=_printed(after, series, language),
    )


def _printed(value: Value, series: Series, language: str) -> str:
    number = printed_value(value, series.indicator.unit, language)
    return number.text if number else reason_text(value.figure.null_reason, language)


def definition_line(one: DefinitionNotice, series: Series, language: str) -> NoticeLine:
    """A definition in place of another, told by a series that is measured by it."""
    return NoticeLine(
        name=series_name(series, language),
        label=Period.parse(one.since).label(language),
        url=series_url(series.key, language),
        before=either(one.before, language),
        after=either(one.after, language),
    )
