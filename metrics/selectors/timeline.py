"""Events of entities, in order of time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from metrics.models import Event
from metrics.selectors.prepared import prepared
from metrics.selectors.printing import in_language
from metrics.stats.periods import Period


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """A dated happening; `machine_time` is empty where HTML has no form for the period."""

    entity_slug: str
    entity_name: str
    period: Period
    period_label: str
    machine_time: str
    text: str
    source_slug: str
    source_title: str
    locator: str


def timeline(entity_slugs: Collection[str], language: str) -> tuple[TimelineEvent, ...]:
    """The events of some entities. One query."""
    rows = _events(entity_slugs) if entity_slugs else ()
    events = [_event(row, language) for row in rows]
    return tuple(sorted(events, key=lambda e: (_start(e.period), e.entity_slug, e.text)))


@prepared
def _events(entity_slugs: Any) -> QuerySet[Event]:
    rows = Event.objects.filter(entity__slug__any=entity_slugs)
    return rows.select_related("entity", "source")


def _event(row: Event, language: str) -> TimelineEvent:
    period = Period.parse(row.period)
    year = row.source.published_on.year if row.source.published_on else None
    return TimelineEvent(
        entity_slug=row.entity.slug,
        entity_name=in_language(row.entity, "name", language),
        period=period,
        period_label=period.label(language, None, year),
        machine_time=period.code if period.kind in "AMWD" else "",
        text=in_language(row, "label", language),
        source_slug=row.source.slug,
        source_title=in_language(row.source, "title", language),
        locator=row.locator,
    )


def _start(period: Period) -> tuple[date, int]:
    """Order by the first day, longer before what happens within; undated last."""
    if period.start is None:
        return date.max, 0
    return period.start, -((period.end or date.max) - period.start).days
