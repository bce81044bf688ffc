"""Panels as large as the engine is built for, made by few statements."""

from dataclasses import dataclass

from django.db import connection

from metrics.models import Entity, Group, Rule, RuleInput, RuleVersion, Series
from metrics.services.refresh import refresh_all
from metrics.services.stale import EVERY_PERIOD, Targets, mark
from tests.metrics.factories import (
    NOW,
    EntityFactory,
    IndicatorFactory,
    SourceFactory,
    make_group,
    make_release,
    make_series,
    publish,
)

_OBSERVE = """
    INSERT INTO metrics_observation (series_id, period, period_start, period_end, value, stated,
        resolution, lower, upper, qualifier, status, null_reason, locator, note, preferred,
        seq_from, source_id, release_id)
    SELECT s.id, y.year::text, make_date(y.year, 1, 1), make_date(y.year, 12, 31), v.value, '',
        1, v.value - 0.5, v.value + 0.5, 'exact', 'A', '', '', '', true, %(seq)s, %(source)s,
        %(release)s
    FROM metrics_series s, generate_series(%(first)s, %(last)s) y(year),
        LATERAL (SELECT 100 + (s.id * 7919 + y.year * 31) %% 100003 AS value) v
    WHERE s.indicator_id = %(indicator)s
"""


@dataclass(frozen=True)
class LargeGroup:
    """A group of companies with the share and the rank of each, and their sum."""

    members: list[Series]
    group: Group
    rules: dict[str, Rule]
    total: Series

    def mark(self, *periods: str) -> None:
        targets = Targets()
        for rule in self.rules.values():
            targets.rules[rule.pk] |= set(periods or [EVERY_PERIOD])
        mark(targets)


def large_group(members: int, *, years: int = 3, name: str = "revenue") -> LargeGroup:
    """Members with a value for each year from 2001 on; nothing derived yet, nothing marked."""
    seq = publish((make_series(f"before.{name}-before"), "2018", "1")).seq
    refresh_all(now=NOW)
    indicator = IndicatorFactory(key=name, nature="flow")
    outputs = [IndicatorFactory(key=f"{name}-{kind}", nature="ratio") for kind in ("share", "rank")]
    entities = Entity.objects.bulk_create(
        EntityFactory.build(slug=f"{name}-{n}") for n in range(members)
    )
    parts, shares, ranks = (
        Series.objects.bulk_create(
            Series(key=f"{entity.slug}.{one.key}", entity=entity, indicator=one, frequency="A")
            for entity in entities
        )
        for one in (indicator, *outputs)
    )
    total = make_series(f"{name}-market.{name}-total", nature="flow")
    group = make_group(name, parts)
    rules = {
        "share": make_rule(
            "share", group, [(o.pk, "part", i.pk) for o, i in _pairs(shares, parts)]
        ),
        "rank": make_rule("rank", group, [(o.pk, "part", i.pk) for o, i in _pairs(ranks, parts)]),
        "sum": make_rule("sum", group, [(total.pk, "member", part.pk) for part in parts]),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            _OBSERVE,
            {
                "seq": seq,
                "source": SourceFactory().pk,
                "release": make_release().pk,
                "first": 2001,
                "last": 2000 + years,
                "indicator": indicator.pk,
            },
        )
    return LargeGroup(parts, group, rules, total)


def _pairs(outputs: list[Series], inputs: list[Series]) -> list[tuple[Series, Series]]:
    return list(zip(outputs, inputs, strict=True))


def make_rule(kind: str, group: Group, edges: list[tuple[int, str, int]]) -> Rule:
    key = f"{group.key}-{kind}"
    rule = Rule.objects.create(key=key, kind=kind, group=group, name_zh_hans=key, name_en=key)
    version = RuleVersion.objects.create(rule=rule, number=1, definition={}, seq_from=1)
    RuleInput.objects.bulk_create(
        RuleInput(version=version, output_id=out, role=role, input_id=inp, seq_from=1)
        for out, role, inp in edges
    )
    return rule
