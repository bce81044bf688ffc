"""Making the series that applied records name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.db.models import Q

from cases.services.content.conflicts import LoadPlan
from cases.services.content.lookup import Lookup
from cases.services.content.problems import ContentError, Problem
from cases.services.content.reading import Shipped
from cases.services.content.record import ENTITIES, GROUPS, INDICATORS, OBSERVATIONS, RULES
from cases.services.content.series_plan import PlannedSeries, rule_outputs
from metrics.models import Entity, Indicator, Series


def needed_series(shipped: Shipped, plan: LoadPlan) -> set[str]:
    """Keys of the series that the records to be written name."""
    keys = {record.data["series"] for record in plan.records(OBSERVATIONS)}
    for record in plan.records(GROUPS):
        keys |= {*record.data["members"], record.data.get("total", "")}
    for record in plan.records(RULES):
        keys |= set(record.data.get("inputs", {}).values())
        keys |= {key for key, _ in rule_outputs(shipped.content, record, shipped.plan)}
    return keys - {""}


def ensure_series(
    planned: Iterable[PlannedSeries], *, standing_keys: Collection[str] = ()
) -> tuple[dict[str, Series], int]:
    """The series by key, made where they are new, and how many were. At most four queries.

    `standing_keys` are further ones to read, of which none is made.
    """
    wanted = {series.key: series for series in planned}
    entities = {series.entity for series in wanted.values()}
    rows = Series.objects.with_definitions().filter(
        Q(entity__slug__in=entities) | Q(key__in=standing_keys)
    )
    standing = {row.key: row for row in rows}
    new = [series for key, series in wanted.items() if key not in standing]
    taken = {
        (row.entity.slug, row.indicator.key, row.frequency): row.key for row in standing.values()
    }
    problems = list(_taken(new, taken)) + list(_frequencies(wanted.values(), standing))
    if problems:
        raise ContentError(problems)
    made = _create(new) if new else []
    return standing | {row.key: row for row in made}, len(made)


def _create(new: list[PlannedSeries]) -> list[Series]:
    entities = Lookup(ENTITIES, {row.slug: row for row in Entity.objects.all()})
    rows = Indicator.objects.select_related("unit")
    indicators = Lookup(INDICATORS, {row.key: row for row in rows})
    return Series.objects.bulk_create(
        Series(
            key=series.key,
            entity=entities[series.entity],
            indicator=indicators[series.indicator],
            frequency=series.frequency.value,
        )
        for series in new
    )


def _taken(
    new: Iterable[PlannedSeries], taken: dict[tuple[str, str, str], str]
) -> Iterator[Problem]:
    for series in new:
        key = taken.get((series.entity, series.indicator, series.frequency.value))
        if key is not None:
            message = f"{series.key} is called {key} in the database; expected that key"
            yield Problem(OBSERVATIONS, 0, message)


def _frequencies(wanted: Iterable[PlannedSeries], standing: dict[str, Series]) -> Iterator[Problem]:
    for series in wanted:
        row = standing.get(series.key)
        if row is not None and row.frequency != series.frequency.value:
            frequency = series.frequency.name.lower()
            message = (
                f"{series.key} has {frequency} periods in the file and is of frequency "
                f"{row.frequency} in the database; expected periods of that frequency, "
                f"or the key {series.entity}.{series.indicator}.{series.frequency.value.lower()}"
            )
            yield Problem(OBSERVATIONS, 0, message)
