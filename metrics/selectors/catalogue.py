"""Lists of series with their latest values: for the catalogue, an entity, a source."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe

from metrics.charts.spark import sparkline
from metrics.models import Entity, Observation, Series, Source
from metrics.selectors.panel import Panel, panel_of
from metrics.selectors.printing import (
    in_language,
    moment,
    place,
    printed_value,
    reason_text,
    reported_year,
    unit_noun,
)
from metrics.selectors.values import Value
from metrics.stats.periods import Period


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """A series in a list with its latest value; `number` is empty where it has none yet."""

    key: str
    name: str
    entity_slug: str
    entity_name: str
    unit_noun: str
    period: str
    period_label: str
    number: str
    qualifier: str
    bare_number: str
    null_text: str
    kind: str
    count: int
    source_slug: str
    source_title: str
    place: str
    spark: SafeString

    @property
    def full_name(self) -> str:
        return f"{self.entity_name} · {self.name}"


@dataclass(frozen=True, slots=True)
class SeriesGroup:
    """The series of one entity."""

    slug: str
    name: str
    lines: tuple[SeriesLine, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value a filter may take."""

    value: str
    name: str
    is_chosen: bool = False


def series_lines(series: QuerySet[Series], language: str) -> tuple[SeriesLine, ...]:
    """The series of a queryset, by entity and name. Five queries."""
    rows = series.with_definitions().order_by("entity__slug", "key")  # type: ignore[attr-defined]
    panel = panel_of({one.key: one for one in rows})
    return tuple(_line(one, panel, language) for one in panel.series.values())


def series_groups(lines: tuple[SeriesLine, ...]) -> tuple[SeriesGroup, ...]:
    """Lines by entity, in their order."""
    found: dict[str, list[SeriesLine]] = {}
    for line in lines:
        found.setdefault(line.entity_slug, []).append(line)
    return tuple(
        SeriesGroup(slug, members[0].entity_name, tuple(members)) for slug, members in found.items()
    )


def measured_entities(language: str, chosen: str = "") -> tuple[Choice, ...]:
    """The entities that have series, as choices of a filter. One query."""
    rows = Entity.objects.filter(series__isnull=False).distinct().order_by("slug")
    return tuple(
        Choice(row.slug, in_language(row, "name", language), row.slug == chosen) for row in rows
    )


def series_using(source: Source) -> QuerySet[Series]:
    """The series with a current observation of a source."""
    used = Observation.objects.current().filter(source=source)
    return Series.objects.filter(pk__in=used.values("series"))


def _line(series: Series, panel: Panel, language: str) -> SeriesLine:
    values = panel.values_of(series.key)
    period = panel.latest(series.key)
    value = values[period] if period else None
    source = panel.source_of(value) if value else None
    indicator = series.indicator
    number = printed_value(value, indicator.unit, language) if value else None
    year = reported_year(value, source) if value else None
    return SeriesLine(
        key=series.key,
        name=in_language(indicator, "name", language),
        entity_slug=series.entity.slug,
        entity_name=in_language(series.entity, "name", language),
        unit_noun=unit_noun(indicator.unit, language),
        period=period.code if period else "",
        period_label=moment(period, indicator, language, year) if period else "",
        number=number.text if number else "",
        qualifier=number.qualifier if number else "",
        bare_number=f"{number.prefix}{number.number}{number.suffix}" if number else "",
        null_text="" if number else _why_empty(panel, series, language),
        kind=value.kind if value else "missing",
        count=sum(not one.figure.is_missing for one in values.values()),
        source_slug=source.slug if source else "",
        source_title=in_language(source, "title", language) if source else "",
        place=place(value.locator, language) if value else "",
        spark=_spark(series, values),
    )


def _spark(series: Series, values: Mapping[Period, Value]) -> SafeString:
    """The course of what is not a rank, whose first would stand lowest."""
    if series.indicator.nature == "rank":
        return SafeString()
    points = [(p.code, value.figure.value) for p, value in values.items() if p.is_regular]
    return mark_safe(sparkline(points))  # noqa: S308  numbers of ours in SVG of ours


def _why_empty(panel: Panel, series: Series, language: str) -> str:
    """Why the last period of a series has no value."""
    values = list(panel.values_of(series.key).values())
    code = values[-1].figure.null_reason if values else "not_reported"
    return reason_text(code, language)
