"""Definitions, events and cases of the database as canonical records.

A fixed number of queries for every kind, whatever the number of its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db.models import Model, Prefetch

from cases.markup.document import LANGUAGES
from cases.models import Case
from cases.services.content.layouts import stored_layouts
from cases.services.content.pictures import stored_pictures
from cases.services.content.record import (
    CASES,
    ENTITIES,
    EVENTS,
    GROUPS,
    INDICATORS,
    LAYOUTS,
    PICTURES,
    RULES,
    SOURCES,
    UNITS,
    Data,
    compact,
)
from cases.services.content.redefinitions import stored_redefined
from cases.services.content.rule_checks import ordered_pairs
from cases.services.content.schemas import YEAR_AGO
from metrics.models import (
    Entity,
    Event,
    Group,
    GroupMember,
    Indicator,
    Rule,
    RuleVersion,
    Source,
    Unit,
)
from metrics.services.rules.checks import PARTS

Stored = dict[str, Data]


def _both(row: Model, name: str) -> dict[str, str]:
    """A translated field, without the languages that say nothing."""
    columns = ((code, f"{name}_{code.replace('-', '_')}") for code in LANGUAGES)
    return compact((code, getattr(row, column).strip()) for code, column in columns)


def _sources() -> Stored:
    return {row.slug: _source(row) for row in Source.objects.order_by("slug")}


def _source(row: Source) -> Data:
    return compact(
        (
            ("title", _both(row, "title")),
            ("publisher", _both(row, "publisher")),
            ("kind", row.kind),
            ("published_on", row.published_on),
            ("url", row.url),
            ("licence", _both(row, "licence") if row.licence_zh_hans else row.licence_en),
            ("redistributable", row.redistributable),
        )
    )


def _units() -> Stored:
    return {
        row.key: compact(
            (
                ("name", _both(row, "name")),
                ("symbol", _both(row, "symbol")),
                ("kind", row.kind),
                ("decimals", row.decimals),
            )
        )
        for row in Unit.objects.order_by("key")
    }


def _entities() -> Stored:
    return {
        row.slug: compact(
            (
                ("name", _both(row, "name")),
                ("kind", row.kind),
                ("parent", row.parent.slug if row.parent else ""),
                ("description", _both(row, "description")),
            )
        )
        for row in Entity.objects.select_related("parent").order_by("slug")
    }


def _indicators() -> Stored:
    rows = Indicator.objects.select_related("unit", "growth_of", "share_part", "share_of")
    redefined = stored_redefined()
    return {row.key: _indicator(row, redefined.get(row.pk, [])) for row in rows.order_by("key")}


def _indicator(row: Indicator, redefined: list[Data]) -> Data:
    return compact(
        (
            ("name", _both(row, "name")),
            ("definition", _both(row, "definition")),
            ("redefined", redefined),
            ("unit", row.unit.key),
            ("nature", row.nature),
            ("growth_of", row.growth_of.key if row.growth_of else ""),
            ("growth_basis", "" if row.growth_basis == YEAR_AGO else row.growth_basis),
            ("share_part", row.share_part.key if row.share_part else ""),
            ("share_of", row.share_of.key if row.share_of else ""),
        )
    )


def _groups() -> Stored:
    members = GroupMember.objects.select_related("series").order_by("position", "pk")
    rows = Group.objects.select_related("total", "member_indicator").prefetch_related(
        Prefetch("members", members)
    )
    return {row.key: _group(row) for row in rows.order_by("key")}


def _group(row: Group) -> Data:
    return compact(
        (
            ("name", _both(row, "name")),
            ("members", _members(row)),
            ("total", row.total.key if row.total else ""),
            ("member_indicator", row.member_indicator.key if row.member_indicator else ""),
            ("member_kind", row.member_kind),
            ("member_frequency", "" if row.member_frequency == "A" else row.member_frequency),
        )
    )


def _members(row: Group) -> list[str]:
    return [member.series.key for member in row.members.all()]


def _rules() -> Stored:
    """Rules written by hand; those that indicators make are no content of their own."""
    members = GroupMember.objects.select_related("series").order_by("position", "pk")
    rows = Rule.objects.filter(indicator=None).select_related("group")
    rows = rows.prefetch_related(
        Prefetch("versions", RuleVersion.objects.current(), to_attr="in_force"),
        Prefetch("group__members", members),
    )
    return {row.key: _rule(row) for row in rows.order_by("key")}


def _rule(row: Any) -> Data:
    definition = row.in_force[0].definition if row.in_force else {}
    data = compact(
        (
            ("name", _both(row, "name")),
            ("kind", row.kind),
            ("group", row.group.key if row.group else ""),
            *((name, definition.get(name)) for name in PARTS),
        )
    )
    return ordered_pairs(data, _members(row.group) if row.group else [])


def _events() -> Stored:
    rows = Event.objects.select_related("entity", "source")
    return {f"{row.entity.slug}/{row.slug}": _event(row) for row in rows}


def _event(row: Event) -> Data:
    return compact(
        (
            ("entity", row.entity.slug),
            ("slug", row.slug),
            ("period", row.period),
            ("label", _both(row, "label")),
            ("source", row.source.slug),
            ("locator", row.locator),
        )
    )


def _cases() -> Stored:
    """Cases with their technologies and entities in the order in which they were put."""
    technologies, entities = Case.technologies.through, Case.entities.through
    applied = _grouped(technologies.objects.order_by("pk"), "from_case_id", "to_case__slug")
    measured = _grouped(entities.objects.order_by("pk"), "case_id", "entity__slug")
    return {
        row.slug: compact(
            (
                ("kind", row.kind),
                ("order", row.position),
                ("technologies", applied.get(row.pk)),
                ("entities", measured.get(row.pk)),
            )
        )
        for row in Case.objects.order_by("slug")
    }


def _grouped(rows: Any, one: str, other: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for pk, slug in rows.values_list(one, other):
        found.setdefault(pk, []).append(slug)
    return found


DEFINITIONS: Final[Mapping[str, Callable[[], Stored]]] = {
    SOURCES: _sources,
    UNITS: _units,
    ENTITIES: _entities,
    INDICATORS: _indicators,
    LAYOUTS: stored_layouts,
    GROUPS: _groups,
    RULES: _rules,
    EVENTS: _events,
    PICTURES: stored_pictures,
    CASES: _cases,
}
