"""Writing sources, units, entities, indicators, groups, rules, events and cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cases.markup.document import LANGUAGES
from cases.models import Case
from cases.services.content.layouts import write_layouts
from cases.services.content.lookup import Lookup
from cases.services.content.record import (
    CASES,
    ENTITIES,
    EVENTS,
    GROUPS,
    INDICATORS,
    LAYOUTS,
    SOURCES,
    UNITS,
    Record,
)
from cases.services.content.schemas import YEAR_AGO
from cases.services.content.tables import write_rows
from metrics.models import (
    Entity,
    Event,
    Group,
    GroupMember,
    Indicator,
    Rule,
    Series,
    Source,
    Unit,
)
from metrics.services.rules.checks import PARTS
from metrics.stats.periods import Period

Records = Iterable[Record]


def _columns(record: Record, *names: str) -> dict[str, str]:
    """Translated fields as columns; what is absent is empty."""
    return {
        f"{name}_{code.replace('-', '_')}": record.data.get(name, {}).get(code, "")
        for name in names
        for code in LANGUAGES
    }


def _licence(told: str | dict[str, str]) -> dict[str, str]:
    """The columns of a licence; one that stands for both languages is kept as English."""
    said = {"en": told} if isinstance(told, str) else told
    return {"licence_zh_hans": said.get("zh-hans", ""), "licence_en": said.get("en", "")}


def write_sources(records: Records) -> None:
    wanted = {
        record.key: {
            "slug": record.key,
            **_columns(record, "title", "publisher"),
            "kind": record.data["kind"],
            "published_on": record.data.get("published_on"),
            "url": record.data.get("url", ""),
            **_licence(record.data.get("licence", "")),
            "redistributable": record.data.get("redistributable", False),
        }
        for record in records
    }
    write_rows(Source.objects.all(), lambda row: row.slug, wanted)


def write_units(records: Records) -> None:
    wanted = {
        record.key: {
            "key": record.key,
            **_columns(record, "name", "symbol"),
            "kind": record.data["kind"],
            "decimals": record.data.get("decimals"),
        }
        for record in records
    }
    write_rows(Unit.objects.all(), lambda row: row.key, wanted)


def write_entities(records: Records) -> None:
    records = list(records)
    wanted = {
        record.key: {
            "slug": record.key,
            **_columns(record, "name", "description"),
            "kind": record.data["kind"],
        }
        for record in records
    }
    parents = {record.key: {"parent_id": record.data.get("parent")} for record in records}
    write_rows(Entity.objects.all(), lambda row: row.slug, wanted, among=parents)


def write_indicators(records: Records) -> None:
    records = list(records)
    units = Lookup(UNITS, dict(Unit.objects.values_list("key", "pk")))
    wanted = {
        record.key: {
            "key": record.key,
            **_columns(record, "name", "definition"),
            "version": 1 + len(record.data.get("redefined", [])),
            "unit_id": units[record.data["unit"]],
            "nature": record.data["nature"],
            "growth_basis": record.data.get("growth_basis", YEAR_AGO),
        }
        for record in records
    }
    levels = {
        record.key: {
            f"{name}_id": record.data.get(name) for name in ("growth_of", "share_part", "share_of")
        }
        for record in records
    }
    write_rows(Indicator.objects.all(), lambda row: row.key, wanted, among=levels)


def write_groups(records: Records, series: Mapping[str, Series]) -> None:
    """Groups and their members in order; `series` by key."""
    records = list(records)
    wanted = {
        record.key: {
            "key": record.key,
            **_columns(record, "name"),
            "total_id": series[record.data["total"]].pk if "total" in record.data else None,
            "member_indicator_id": _indicator_id(record.data.get("member_indicator")),
            "member_kind": record.data.get("member_kind", ""),
            "member_frequency": record.data.get("member_frequency", "A"),
        }
        for record in records
    }
    ids = write_rows(Group.objects.all(), lambda row: row.key, wanted).ids
    GroupMember.objects.filter(group__in=[ids[record.key] for record in records]).delete()
    GroupMember.objects.bulk_create(
        GroupMember(group_id=ids[record.key], series_id=series[key].pk, position=position)
        for record in records
        for position, key in enumerate(record.data["members"])
    )


def _indicator_id(key: str | None) -> int | None:
    return Indicator.objects.only("pk").get(key=key).pk if key else None


def write_rules(records: Records) -> dict[str, dict[str, Any]]:
    """Rules by name, kind and group; their definitions by key, for the release to put in force."""
    records = list(records)
    groups = Lookup(GROUPS, dict(Group.objects.values_list("key", "pk")))
    wanted = {
        record.key: {
            "key": record.key,
            **_columns(record, "name"),
            "kind": record.data["kind"],
            "group_id": groups[record.data["group"]] if "group" in record.data else None,
        }
        for record in records
    }
    write_rows(Rule.objects.filter(indicator=None), lambda row: row.key, wanted)
    return {r.key: {name: r.data[name] for name in PARTS if name in r.data} for r in records}


def write_events(records: Records) -> None:
    entities = Lookup(ENTITIES, dict(Entity.objects.values_list("slug", "pk")))
    sources = Lookup(SOURCES, dict(Source.objects.values_list("slug", "pk")))
    wanted = {}
    for record in records:
        period = Period.parse(record.data["period"])
        entity_id = entities[record.data["entity"]]
        wanted[entity_id, record.data["slug"]] = {
            "entity_id": entity_id,
            "slug": record.data["slug"],
            "period": period.code,
            "period_start": period.start,
            "period_end": period.end,
            **_columns(record, "label"),
            "source_id": sources[record.data["source"]],
            "locator": record.data.get("locator", ""),
        }
    write_rows(Event.objects.all(), lambda row: (row.entity_id, row.slug), wanted)


def write_cases(records: Records) -> None:
    records = list(records)
    wanted = {
        record.key: {
            "slug": record.key,
            "kind": record.data["kind"],
            "position": record.data["order"],
        }
        for record in records
    }
    ids = write_rows(Case.objects.all(), lambda row: row.slug, wanted).ids
    entities = Lookup(ENTITIES, dict(Entity.objects.values_list("slug", "pk")))
    changed = [ids[record.key] for record in records]
    applied, measured = Case.technologies.through, Case.entities.through
    # Rows are put anew, since their ids keep the order in which the file lists them.
    applied.objects.filter(from_case__in=changed).delete()
    applied.objects.bulk_create(
        applied(from_case_id=ids[record.key], to_case_id=ids[slug])
        for record in records
        for slug in record.data.get("technologies", [])
    )
    measured.objects.filter(case__in=changed).delete()
    measured.objects.bulk_create(
        measured(case_id=ids[record.key], entity_id=entities[slug])
        for record in records
        for slug in record.data.get("entities", [])
    )


WRITERS = {
    SOURCES: write_sources,
    UNITS: write_units,
    ENTITIES: write_entities,
    INDICATORS: write_indicators,
    LAYOUTS: write_layouts,
    EVENTS: write_events,
    CASES: write_cases,
}
