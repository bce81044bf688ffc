"""Rows for tests: definitions by factory, values through the services that readers rely on."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from metrics.models import (
    Change,
    Entity,
    Group,
    GroupMember,
    Indicator,
    Release,
    Series,
    Source,
    Unit,
)
from metrics.services.publishing import publish_release
from metrics.services.staging import stage_observation

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class SourceFactory(DjangoModelFactory[Source]):
    class Meta:
        model = Source
        django_get_or_create = ("slug",)

    slug = "report-2019"
    title_zh_hans = "报告"
    title_en = "Report"
    kind = "report"
    redistributable = True


class UnitFactory(DjangoModelFactory[Unit]):
    class Meta:
        model = Unit
        django_get_or_create = ("key",)

    key = "person"
    name_zh_hans = "人"
    name_en = "person"
    kind = "count"


class EntityFactory(DjangoModelFactory[Entity]):
    class Meta:
        model = Entity
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"entity-{n}")
    name_zh_hans = factory.LazyAttribute(lambda o: f"机构 {o.slug}")
    name_en = factory.LazyAttribute(lambda o: o.slug.title())
    kind = "institution"


class IndicatorFactory(DjangoModelFactory[Indicator]):
    class Meta:
        model = Indicator
        django_get_or_create = ("key",)

    key = "users"
    name_zh_hans = "用户"
    name_en = "Users"
    definition_zh_hans = "注册用户数。"
    definition_en = "Registered users."
    unit = factory.SubFactory(UnitFactory)
    nature = "stock"


def make_series(key: str, *, frequency: str = "A", **indicator: Any) -> Series:
    """The series of an `entity.indicator` key; the rest describes a new indicator."""
    slug, _, name = key.partition(".")
    if "unit" in indicator:
        kind = indicator.pop("unit")
        indicator["unit"] = UnitFactory(key=kind, kind=kind, name_en=kind, name_zh_hans=kind)
    return Series.objects.get_or_create(
        key=key,
        entity=EntityFactory(slug=slug),
        indicator=IndicatorFactory(key=name, **indicator),
        frequency=frequency,
    )[0]


def make_group(key: str, members: Sequence[Series], total: Series | None = None) -> Group:
    group = Group.objects.create(key=key, name_zh_hans=key, name_en=key, total=total)
    for position, series in enumerate(members):
        GroupMember.objects.create(group=group, series=series, position=position)
    return group


def make_release(kind: str = "new", now: datetime = NOW) -> Release:
    return Release.objects.create(
        title_zh_hans="发布", title_en="Release", kind=kind, created_at=now
    )


def publish(
    *rows: tuple[Series, str, str],
    kind: str = "new",
    now: datetime = NOW,
    source: Source | None = None,
    definitions_changed: bool = False,
    rule_definitions: dict[str, dict[str, Any]] | None = None,
) -> Change:
    """Publish rows of (series, period, stated text) as one release of the system."""
    release = make_release(kind, now)
    for series, period, stated in rows:
        stage_observation(
            release,
            series=series,
            period=period,
            source=source or SourceFactory(),
            stated=stated,
            locator="1.2.1",
        ).save()
    return publish_release(
        release,
        actor=None,
        now=now,
        definitions_changed=definitions_changed,
        rule_definitions=rule_definitions,
    )
