"""What stands beside the values of a series: what stood there before, what other sources say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from metrics.models import Change, Observation, Series, Source
from metrics.selectors.printing import in_language, printed_value, reason_text
from metrics.selectors.values import Value, as_value
from metrics.stats.periods import Period


@dataclass(frozen=True, slots=True)
class Statement:
    """A value beside the one shown: what stood there before, or what another source says."""

    number: str
    stated: str
    source_slug: str
    source_title: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Other:
    """An observation that is not the one shown, with its source and its end."""

    value: Value
    source: Source | None
    until: datetime | None


def other_statements(
    series: Series, seq: int | None, periods: Iterable[Period]
) -> dict[str, list[Other]]:
    """Superseded and rival observations of periods, by code, the newest first, as of a seq.

    What was superseded later is told without an end. Three queries.
    """
    shown = Observation.objects.at_seq(seq).preferred().filter(series=series)
    told = series.observations.filter(period__in=[one.code for one in periods])
    told = told.exclude(pk__in=shown.values("pk")).exclude(seq_to=F("seq_from"))
    if seq is not None:
        told = told.filter(seq_from__lte=seq)
    rows = list(told.order_by("-seq_from", "-pk"))
    ends = {row.pk: row.seq_to for row in rows if _is_closed(row, seq)}
    moments = dict(Change.objects.filter(seq__in=ends.values()).values_list("seq", "published_at"))
    sources = Source.objects.in_bulk({row.source_id for row in rows})
    found: dict[str, list[Other]] = {}
    for row in rows:
        until = moments.get(ends[row.pk]) if row.pk in ends else None
        if row.pk not in ends or not _is_only_preference(row, rows):
            found.setdefault(row.period, []).append(
                Other(as_value(row), sources.get(row.source_id), until)
            )
    return found


def _is_closed(row: Observation, seq: int | None) -> bool:
    """Whether the row no longer stood at a seq (None: now)."""
    return row.seq_to is not None and (seq is None or row.seq_to <= seq)


def _is_only_preference(row: Observation, rows: Iterable[Observation]) -> bool:
    """Whether the row was closed only to stand again without the preference."""
    return any(
        other.seq_from == row.seq_to
        and (other.period, other.source_id, other.value) == (row.period, row.source_id, row.value)
        for other in rows
    )


def printed_statement(other: Other, series: Series, language: str) -> Statement:
    """The observation as the table of the series shows it."""
    number = printed_value(other.value, series.indicator.unit, language)
    reason = reason_text(other.value.figure.null_reason, language)
    return Statement(
        number=number.text if number else reason,
        stated=other.value.stated,
        source_slug=other.source.slug if other.source else "",
        source_title=in_language(other.source, "title", language) if other.source else "",
        until=other.until,
    )
