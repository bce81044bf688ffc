"""A file costs what it names: neither queries nor rows fetched grow with the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest
from django.db import connection

from metrics.models import Entity, ImportBatch, ImportLayout, Indicator, Series
from metrics.services.imports.checking import check_import
from metrics.services.imports.publishing import publish_import
from metrics.services.imports.trying import try_layout
from tests.metrics.factories import (
    NOW,
    EntityFactory,
    IndicatorFactory,
    SourceFactory,
    make_series,
    publish,
)
from tests.metrics.services.imports.conftest import make_layout, problems, uploaded

pytestmark = pytest.mark.django_db
Fetched = list[tuple[str, int]]
ISO = "code,name,period,value\nCHN,China,2018,1\nWLD,World,2018,2\nFRA,France,2018,3\n"
ISO_COLUMNS = {"entity": "code", "entity_name": "name", "period": "period", "value": "value"}


@contextmanager
def fetching() -> Iterator[Fetched]:
    """Each statement with the number of rows it brought."""
    found: Fetched = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        cursor = context["cursor"].cursor
        found.append((str(sql), cursor.rowcount if cursor.description else 0))
        return result

    with connection.execute_wrapper(note):
        yield found


def cost(found: Fetched) -> tuple[int, int]:
    """Queries and rows."""
    return len(found), sum(rows for _, rows in found)


def crowd(count: int, indicator: Indicator) -> None:
    """Entities, sources and series that no file names, each with a value."""
    entities = Entity.objects.bulk_create(
        Entity(slug=f"other-{n}", name_zh_hans=f"其他 {n}", name_en=f"Other {n}", kind="country")
        for n in range(count)
    )
    series = Series.objects.bulk_create(
        Series(key=f"{entity.slug}.{indicator.key}", entity=entity, indicator=indicator)
        for entity in entities
    )
    publish(*((one, "2018", "5") for one in series))
    for n in range(count // 10):
        SourceFactory(slug=f"other-{n}")
        IndicatorFactory(key=f"other-{n}")


def long() -> tuple[ImportLayout, str]:
    for slug in ("acme", "zeta"):
        make_series(f"{slug}.revenue", nature="flow")
    return make_layout(), "entity,period,value\nacme,2018,1\nzeta,2018,2\nacme,2017,3\n"


def by_key() -> tuple[ImportLayout, str]:
    publish((make_series("acme.revenue", nature="flow"), "2018", "1"))
    make_series("zeta.users", nature="stock")
    columns = {"series": "key", "period": "period", "value": "value", "source": "source"}
    text = "key,period,value,source\nacme.revenue,2018,2,report-2019\nzeta.users,2018,2,rival\n"
    SourceFactory(slug="rival")
    return make_layout(columns=columns), text


def by_name() -> tuple[ImportLayout, str]:
    make_series("acme.revenue", nature="flow")
    columns = {"entity": "who", "indicator": "what", "period": "period", "value": "value"}
    layout = make_layout(columns=columns, entity_codes="name", source=SourceFactory())
    return layout, "who,what,period,value\nACME,revenue,2018,1\nAcme,revenue,2017,2\n"


def proposing() -> tuple[ImportLayout, str]:
    EntityFactory(slug="china", kind="country")
    layout = make_layout(columns=ISO_COLUMNS, entity_codes="iso3", unknown_entities="create")
    return layout, ISO


def wide() -> tuple[ImportLayout, str]:
    for key in ("acme.revenue", "acme.users"):
        make_series(key)
    layout = make_layout(
        columns={"entity": "entity", "period": "period"},
        shape="wide",
        headers="indicators",
        source=SourceFactory(),
    )
    return layout, "entity,period,revenue,users\nacme,2018,1,2\n"


def complete() -> tuple[ImportLayout, str]:
    publish((make_series("acme.revenue", nature="flow"), "2018", "1"))
    return make_layout(complete=True), "entity,period,value\nacme,2018,2\n"


KINDS = [long, by_key, by_name, proposing, wide, complete]


@pytest.mark.parametrize("make", KINDS)
def test_check_fetches_what_the_file_names_however_large_the_database(
    make: Callable[[], tuple[ImportLayout, str]],
) -> None:
    layout, text = make()
    costs = []
    for others in (0, 200):
        if others:
            crowd(others, IndicatorFactory(key="revenue", nature="flow"))
        batch = uploaded(layout, text)
        with fetching() as found:
            batch = check_import(batch.pk, now=NOW)
        assert batch.state == "staged", problems(batch)
        costs.append(cost(found))
        ImportBatch.objects.all().delete()
    assert costs[0] == costs[1]
    assert costs[0][1] < 40


def test_more_names_are_more_rows_and_no_more_queries() -> None:
    layout = make_layout()
    costs = []
    for count in (2, 50):
        text = "entity,period,value\n"
        for n in range(count):
            make_series(f"company-{n}.revenue", nature="flow")
            text += f"company-{n},2018,1\n"
        batch = uploaded(layout, text)
        with fetching() as found:
            assert check_import(batch.pk, now=NOW).new == count
        costs.append(cost(found))
    (queries, rows), (more_queries, more_rows) = costs
    assert queries == more_queries
    assert more_rows - rows == 2 * (50 - 2)  # an entity and a series for each


def test_chunks_ask_for_a_name_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metrics.services.imports.blocks.CHUNK", 2)
    monkeypatch.setattr("metrics.services.imports.storing.CELLS", 6)
    make_series("acme.revenue", nature="flow")
    layout = make_layout()
    text = "entity,period,value\n" + "".join(f"acme,{year},1\n" for year in range(1990, 2020))
    batch = uploaded(layout, text)
    with fetching() as found:
        check_import(batch.pk, now=NOW)
    assert sum("metrics_entity" in sql and "slug" in sql for sql, _ in found) == 1
    assert sum("asked.entity" in sql for sql, _ in found) == 1


def test_trial_of_a_layout_fetches_what_its_rows_name() -> None:
    layout, text = long()
    costs = []
    for others in (0, 50):
        if others:
            crowd(others, IndicatorFactory(key="revenue", nature="flow"))
        with fetching() as found:
            tried = try_layout(layout, BytesIO(text.encode()), "f.csv", size=len(text))
        assert (tried.problem_count, len(tried.values)) == (0, 3)
        costs.append(cost(found))
    assert costs[0] == costs[1]


def test_creation_of_series_looks_for_their_keys_alone() -> None:
    layout, text = proposing()
    crowd(50, IndicatorFactory(key="revenue", nature="flow"))
    batch = check_import(uploaded(layout, text).pk, now=NOW)
    with fetching() as found:
        publish_import(batch, actor=None, now=NOW)
    [rows] = [rows for sql, rows in found if sql.startswith('SELECT "metrics_series"."key"')]
    assert rows == 0
    assert Series.objects.filter(key__in=["france.revenue", "world.revenue"]).count() == 2
