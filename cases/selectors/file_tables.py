"""The tables of a file: values with names in a language, the series they are of, their sources."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from cases.selectors.addresses import page_url, series_url
from cases.selectors.cited import Address
from cases.selectors.notice_lines import either
from metrics.files.columns import DATA_COLUMNS
from metrics.files.data_file import Row
from metrics.models import NullReason, Series, Source, Unit
from metrics.selectors.definitions import definition_versions, past_definition_versions
from metrics.selectors.printing import in_language, moment, series_name
from metrics.selectors.question import Question
from metrics.selectors.row_pages import Placed
from metrics.stats.periods import Period

# A row by the names of the columns of the API, with the question that it answers.
Told = tuple[Question, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows in the order of files.columns, and how many of the values are restricted."""

    rows: tuple[Row, ...]
    series: tuple[Row, ...]
    sources: tuple[Row, ...]
    restricted: int


def named_rows(placed: Iterable[Placed], question: Question) -> list[Told]:
    """Rows of the API by their names."""
    return [(question, dict(zip(question.columns, one.row, strict=True))) for one in placed]


def tables_of(
    told: Sequence[Told],
    series: Mapping[str, Series],
    language: str,
    seq: int | None,
    address: Address,
) -> Tables:
    """Of series by key, their definitions and redefinitions loaded, as of a seq. Two queries."""
    sources = Source.objects.in_bulk({row["source"] for _, row in told} - {None}, field_name="slug")
    units = Unit.objects.in_bulk({row["unit"] for _, row in told} - {None}, field_name="key")
    rows = tuple(
        _row(question, row, series[row["series"]], units, sources, language)
        for question, row in told
    )
    return Tables(
        rows=rows,
        series=tuple(_series(series[key], language, seq, address) for key in sorted(series)),
        sources=tuple(_source(sources[slug], language, address) for slug in sorted(sources)),
        restricted=sum(row["null_reason"] == NullReason.RESTRICTED for _, row in told),
    )


def _row(
    question: Question,
    row: dict[str, Any],
    series: Series,
    units: Mapping[str, Unit],
    sources: Mapping[str, Source],
    language: str,
) -> Row:
    source, unit = sources.get(row["source"]), units.get(row["unit"])
    named = {
        **row,
        "units": question.units,
        "series_name": series_name(series, language),
        "period_name": _period_name(question, row, series, source, language),
        "unit_name": in_language(unit, "name", language) if unit else None,
        "source_title": in_language(source, "title", language) if source else None,
    }
    return tuple(named[column.name] for column in DATA_COLUMNS)


def _period_name(
    question: Question, row: dict[str, Any], series: Series, source: Source | None, language: str
) -> str:
    """The end of a year only where it is one: an average of months is of the whole year."""
    period = Period.parse(row["period"])
    if question.aggregation_used in ("", "eop"):
        on = row["vintage_on"] or (source.published_on if source else None)
        return moment(period, series.indicator, language, on.year if on else None)
    return period.label(language) or period.code


def _series(series: Series, language: str, seq: int | None, address: Address) -> Row:
    indicator, entity, unit = series.indicator, series.entity, series.indicator.unit
    if seq is None:
        current = [one for one in indicator.redefinitions.all() if one.seq_to is None]
        version = definition_versions(indicator, current)[-1]
    else:
        version = past_definition_versions(indicator, seq)[-1]
    return (
        series.key,
        series_name(series, language),
        entity.slug,
        in_language(entity, "name", language),
        indicator.key,
        in_language(indicator, "name", language),
        either(version.definition, language) or None,
        version.number,
        indicator.nature,
        series.frequency,
        unit.key,
        in_language(unit, "name", language),
        address(series_url(series.key, language, seq=seq)),
    )


def _source(source: Source, language: str, address: Address) -> Row:
    return (
        source.slug,
        in_language(source, "title", language),
        in_language(source, "publisher", language) or None,
        source.kind,
        source.published_on,
        in_language(source, "licence", language) or None,
        source.redistributable,
        source.url or address(page_url(language, "source", source.slug)),
    )


def file_notes(tables: Tables, *, is_past: bool, is_text: bool) -> list[str]:
    """What a table of values does not say itself."""
    notes = [
        gettext(
            "A figure belongs to the source that states it and keeps that source's licence; "
            "derived values are ours. Name the source, the place in it and the period."
        )
    ]
    if tables.restricted:
        restricted = gettext(
            "%d values are restricted: their sources do not let us offer them for download, nor "
            "what follows from them. They are told on the pages, one by one."
        )
        notes.append(restricted % tables.restricted)
    if is_text:
        notes.append(
            gettext(
                "The table holds what the data say of each cell that the text quotes. A sentence "
                "that no longer holds stands on the page as it last held, with a flag."
            )
        )
    if is_past:
        notes.append(gettext("Names, units, labels and events are those of today."))
    return notes
