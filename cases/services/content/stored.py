"""What the database holds, as the same canonical records that the files give.

A fixed number of queries for every kind, whatever the number of its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from django.db.models import Model, Prefetch

from cases.markup.document import LANGUAGES, normalised_body
from cases.models import Case, CaseText, Publication, Revision
from cases.services.content.record import (
    CASES,
    ENTITIES,
    EVENTS,
    GROUPS,
    INDICATORS,
    OBSERVATIONS,
    RULES,
    SOURCES,
    TEXTS,
    UNITS,
    Data,
    compact,
)
from cases.services.content.references import stated_figure
from cases.services.content.rows import DEFAULTS, row_key
from cases.services.content.rule_checks import ordered_pairs
from cases.services.content.schemas import YEAR_AGO
from cases.services.content.text_files import text_name
from metrics.models import (
    Entity,
    Event,
    Group,
    GroupMember,
    Indicator,
    Observation,
    Rule,
    RuleVersion,
    Source,
    Unit,
)
from metrics.models.observation import NullReason

Stored = dict[str, Data]


def stored_records(kind: str) -> Stored:
    """The current records of a kind by key: live texts, current rows, definitions in force."""
    return _READERS[kind]()


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
            ("licence", row.licence),
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
    return {row.key: _indicator(row) for row in rows.order_by("key")}


def _indicator(row: Indicator) -> Data:
    return compact(
        (
            ("name", _both(row, "name")),
            ("definition", _both(row, "definition")),
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
    rows = Group.objects.select_related("total").prefetch_related(Prefetch("members", members))
    return {row.key: _group(row) for row in rows.order_by("key")}


def _group(row: Group) -> Data:
    return compact(
        (
            ("name", _both(row, "name")),
            ("members", _members(row)),
            ("total", row.total.key if row.total else ""),
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
            *((name, definition.get(name)) for name in ("output", "inputs", "outputs")),
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


def _observations() -> Stored:
    """Current rows of every source but the withdrawn."""
    rows = Observation.objects.current().exclude(null_reason=NullReason.WITHDRAWN)
    rows = rows.select_related("series__indicator__unit", "source")
    return {
        row_key(row.series.key, row.period, row.source.slug): observation_data(row) for row in rows
    }


def observation_data(row: Observation) -> dict[str, str]:
    """A row of observations.csv without what is default or follows from the stated text."""
    cells = {
        "series": row.series.key,
        "period": row.period,
        "value": "" if row.value is None else format(row.value, "f"),
        "stated": row.stated,
        "qualifier": row.qualifier,
        "resolution": _resolution(row),
        "status": row.status,
        "null_reason": row.null_reason,
        "source": row.source.slug,
        "locator": row.locator,
        "vintage_on": row.vintage_on.isoformat() if row.vintage_on else "",
        "preferred": "yes" if row.preferred else "no",
        "note": row.note,
    }
    return compact((k, "" if v == DEFAULTS.get(k) else v.strip()) for k, v in cells.items())


def _resolution(row: Observation) -> str:
    """Only where it differs from what the stated text implies; none at all is then 0."""
    figure = stated_figure(row.stated, row.series.indicator.unit.kind)
    implied = figure.resolution if figure else None
    if row.resolution == implied:
        return ""
    return format(row.resolution or Decimal(0), "f")


def _texts() -> Stored:
    """The live texts."""
    live = Publication.objects.current().select_related("revision", "text__case")
    return {
        text_name(row.text.case.slug, row.text.language): revision_data(row.text, row.revision)
        for row in live
    }


def revision_data(text: CaseText, revision: Revision) -> Data:
    return {
        "slug": text.case.slug,
        "language": text.language,
        "title": revision.title,
        "standfirst": revision.standfirst,
        "body": normalised_body(revision.body),
    }


def drafts(names: Iterable[str]) -> Stored:
    """Texts whose latest revision says something else than the live one, or that are not live."""
    wanted = set(names)
    latest = Revision.objects.order_by("text_id", "-number").distinct("text_id")
    live = _texts()
    found: Stored = {}
    for revision in latest.select_related("text__case"):
        name = text_name(revision.text.case.slug, revision.text.language)
        data = revision_data(revision.text, revision)
        if name in wanted and data != live.get(name):
            found[name] = data
    return found


_READERS: Final[Mapping[str, Callable[[], Stored]]] = {
    SOURCES: _sources,
    UNITS: _units,
    ENTITIES: _entities,
    INDICATORS: _indicators,
    OBSERVATIONS: _observations,
    GROUPS: _groups,
    RULES: _rules,
    EVENTS: _events,
    CASES: _cases,
    TEXTS: _texts,
}
