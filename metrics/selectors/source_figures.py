"""What a source states, section by section: its figures and the events it dates."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from metrics.models import Event, Observation, Source
from metrics.selectors.printing import (
    in_language,
    moment,
    place,
    place_order,
    printed_value,
    reason_text,
    reported_year,
    series_name,
)
from metrics.selectors.values import as_value
from metrics.stats.periods import Period

# A file of thousands has no sections worth reading: its page lists series.
MOST_FIGURES = 400


@dataclass(frozen=True, slots=True)
class SourceFigure:
    """A value as the source states it; `is_preferred`: it is the one that is shown for its cell."""

    series_key: str
    series_name: str
    period: str
    period_label: str
    number: str
    null_text: str
    stated: str
    is_forecast: bool
    is_preferred: bool


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """A happening that the source dates."""

    entity_slug: str
    entity_name: str
    period_label: str
    text: str


@dataclass(slots=True)
class Section:
    """What stands in one place of a source; `anchor` names it in an address."""

    anchor: str
    name: str
    figures: list[SourceFigure] = field(default_factory=list)
    events: list[SourceEvent] = field(default_factory=list)


def source_sections(source: Source, language: str) -> list[Section] | None:
    """By place, unnamed places last; None where there are over MOST_FIGURES. Two queries."""
    rows = Observation.objects.current().filter(source=source)
    rows = rows.select_related("series__entity", "series__indicator__unit")
    told = list(rows.order_by("series__key", "period_end", "pk")[: MOST_FIGURES + 1])
    if len(told) > MOST_FIGURES:
        return None
    events = list(Event.objects.filter(source=source).select_related("entity"))
    sections = _sections([row.locator for row in [*told, *events]], language)
    for row in told:
        sections[row.locator].figures.append(_figure(row, source, language))
    for event in sorted(events, key=lambda one: Period.parse(one.period)):
        sections[event.locator].events.append(_event(event, source, language))
    return list(sections.values())


def _sections(locators: Iterable[str], language: str) -> dict[str, Section]:
    ordered = sorted(set(locators), key=lambda locator: (not locator, place_order(locator)))
    return {
        locator: Section(f"place-{number}", place(locator, language))
        for number, locator in enumerate(ordered, 1)
    }


def _figure(row: Observation, source: Source, language: str) -> SourceFigure:
    value, series = as_value(row), row.series
    number = printed_value(value, series.indicator.unit, language)
    year = reported_year(value, source)
    return SourceFigure(
        series_key=series.key,
        series_name=series_name(series, language),
        period=row.period,
        period_label=moment(value.period, series.indicator, language, year),
        number=number.text if number else "",
        null_text="" if number else reason_text(row.null_reason, language),
        stated=row.stated,
        is_forecast=value.kind == "forecast",
        is_preferred=row.preferred,
    )


def _event(event: Event, source: Source, language: str) -> SourceEvent:
    year = source.published_on.year if source.published_on else None
    return SourceEvent(
        entity_slug=event.entity.slug,
        entity_name=in_language(event.entity, "name", language),
        period_label=Period.parse(event.period).label(language, None, year),
        text=in_language(event, "label", language),
    )
