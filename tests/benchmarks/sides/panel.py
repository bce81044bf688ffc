"""The panel that every side works on: companies by month, in groups of companies.

Members of one group share an indicator; each group has a share and a rank of every member.
"""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from metrics.models import (
    Entity,
    GroupMember,
    ImportLayout,
    Indicator,
    Release,
    Series,
    Source,
    Unit,
)
from metrics.services.publishing import publish_release
from metrics.services.refresh import mark_everything, refresh_all
from tests.metrics.factories import (
    NOW,
    IndicatorFactory,
    SourceFactory,
    UnitFactory,
    make_group,
    make_release,
)
from tests.metrics.large import make_rule

Counted = dict[str, Any] | None
MONTHS = 120
FIRST_YEAR = 2015
MEMBERS = int(os.environ.get("BENCH_MEMBERS", "10000"))
# One value for each series and month: the same for every side, in SQL and in Python.
VALUE = "100 + (n * 7919 + month * 104729) %% 1000003"


def value(number: int, month: int) -> int:
    return 100 + (number * 7919 + month * 104729) % 1000003


def code(month: int) -> str:
    return f"{FIRST_YEAR + month // 12}-{month % 12 + 1:02}"


def folder() -> Path:
    return Path(os.environ["BENCH_FOLDER"])


def key(number: int) -> str:
    return f"company-{number}.revenue-{number // MEMBERS}.m"


def series_world(series: int) -> Iterator[Counted]:
    """Definitions and series without values; a layout that names the series."""
    yield None
    call_command("migrate", verbosity=0)
    cny = UnitFactory(key="CNY", kind="currency")
    source = SourceFactory(slug="panel")
    _layout(source)
    for first in range(0, series, MEMBERS):
        _group_of_series(first, min(first + MEMBERS, series), cny)
    _analyse()
    yield None


def panel_world(series: int, months: int = MONTHS) -> Iterator[Counted]:
    """The world of series with a value for each month, published; rules over each group."""
    yield None
    release = make_release()
    _publish_empty(release)
    with connection.cursor() as cursor:
        cursor.execute(
            _OBSERVE, {"source": Source.objects.get().pk, "release": release.pk, "months": months}
        )
    for indicator in Indicator.objects.filter(key__startswith="revenue-", nature="flow"):
        _rules(indicator)
    _analyse()
    yield None


def marked_world() -> Iterator[Counted]:
    """The panel with everything marked as stale: what a full refresh begins with."""
    yield None
    mark_everything()
    _analyse()
    yield None


def refreshed_world() -> Iterator[Counted]:
    """The panel with everything computed."""
    yield None
    mark_everything()
    refresh_all(now=NOW)
    _analyse()
    yield None


def write_file(
    name: str,
    series: int,
    changed: int = 0,
    first: int = 0,
    last_months: int = MONTHS,
    line_end: str = "\n",
) -> Iterator[Counted]:
    """The panel as a CSV file from the `first` series on; `changed` of its values differ."""
    yield None
    step = series * last_months // changed if changed else 0
    months = range(MONTHS - last_months, MONTHS)
    with (folder() / name).open("w", newline="") as file:
        file.write(f"series,period,value{line_end}")
        for place, (number, month) in enumerate(product(range(first, first + series), months)):
            new = 7 if step and place % step == 0 else 0
            file.write(f"{key(number)},{code(month)},{value(number, month) + new}{line_end}")
    yield None


def _layout(source: Source) -> None:
    ImportLayout.objects.create(
        slug="panel",
        name_zh_hans="面板",
        name_en="Panel",
        columns={"series": "series", "period": "period", "value": "value"},
        frequency="M",
        source=source,
    )


def _group_of_series(first: int, last: int, cny: Unit) -> None:
    number = first // MEMBERS
    indicator = IndicatorFactory(key=f"revenue-{number}", nature="flow", unit=cny)
    entities = Entity.objects.bulk_create(
        Entity(slug=f"company-{n}", name_zh_hans=f"公司 {n}", name_en=f"Company {n}",
               kind="institution")
        for n in range(first, last)
    )  # fmt: skip
    Series.objects.bulk_create(
        Series(key=key(first + n), entity=entity, indicator=indicator, frequency="M")
        for n, entity in enumerate(entities)
    )


def _publish_empty(release: Release) -> None:
    publish_release(release, actor=None, now=NOW)


_OBSERVE = f"""
    INSERT INTO metrics_observation (series_id, period, period_start, period_end, value, stated,
        resolution, lower, upper, qualifier, status, null_reason, locator, note, preferred,
        seq_from, source_id, release_id)
    SELECT s.id, to_char(d.first, 'YYYY-MM'), d.first, (d.first + interval '1 month - 1 day')::date,
        v.value, '', 1, v.value - 0.5, v.value + 0.5, 'exact', 'A', '', '', '', true,
        (SELECT max(seq) FROM metrics_change), %(source)s, %(release)s
    FROM (SELECT id, substring(key FROM '^company-(\\d+)')::bigint AS n FROM metrics_series) s,
        generate_series(0, %(months)s - 1) month,
        LATERAL (SELECT ({VALUE})::numeric AS value) v,
        LATERAL (SELECT (make_date({FIRST_YEAR}, 1, 1) + month * interval '1 month')::date AS first)
        d
"""  # noqa: S608


def _rules(indicator: Indicator) -> None:
    parts = list(indicator.series.order_by("pk").select_related("entity"))
    group = make_group(indicator.key, [])
    _join(group.pk, [part.pk for part in parts])
    for kind, unit in (("share", "percent"), ("rank", "rank")):
        made = IndicatorFactory(
            key=f"{kind}-of-{indicator.key}", nature="ratio" if kind == "share" else "rank",
            unit=UnitFactory(key=unit, kind=unit),
        )  # fmt: skip
        outputs = Series.objects.bulk_create(
            Series(key=f"{part.entity.slug}.{made.key}.m", entity=part.entity, indicator=made,
                   frequency="M")
            for part in parts
        )  # fmt: skip
        pairs = zip(outputs, parts, strict=True)
        make_rule(kind, group, [(out.pk, "part", part.pk) for out, part in pairs])


def _join(group_id: int, members: list[int]) -> None:
    GroupMember.objects.bulk_create(
        GroupMember(group_id=group_id, series_id=pk, position=n) for n, pk in enumerate(members)
    )


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
