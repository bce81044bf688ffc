"""Querysets that are written once give what they would give written anew."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from metrics.models import Series
from metrics.selectors.prepared import prepared
from tests.metrics.factories import make_series

pytestmark = pytest.mark.django_db

Ask = Callable[..., list[Any]]


@pytest.fixture(autouse=True, params=[True, False], ids=["prepared", "planned each time"])
def _is_prepared(request: pytest.FixtureRequest, settings: Any) -> None:
    settings.DATABASE_PREPARE = request.param


@pytest.fixture
def keys() -> list[str]:
    return [make_series(f"{name}.users").key for name in ("webank", "ping-an", "east-money")]


@pytest.fixture
def series() -> Ask:
    @prepared
    def series(keys: Any, frequency: Any) -> QuerySet[Series]:
        rows = Series.objects.with_definitions().filter(key__any=keys)
        return rows if frequency is None else rows.filter(frequency=frequency)

    return series


def test_rows_are_objects_with_what_is_selected_beside_them(
    keys: list[str], series: Ask, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plain = list(Series.objects.with_definitions())
    found = series(keys, None)
    assert [(type(one), one) for one in found] == [(Series, one) for one in plain]
    assert not any(one._state.adding or one._state.db != "default" for one in found)
    with django_assert_num_queries(0):
        units = [one.indicator.unit for one in found]
    assert units == [one.indicator.unit for one in plain]


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset, dict.fromkeys])
def test_any_collection_is_a_list_of_values(
    keys: list[str], series: Ask, kind: Callable[[list[str]], Any]
) -> None:
    assert [one.key for one in series(kind(keys[:2]), None)] == sorted(keys[:2])
    assert series(kind([]), None) == []


def test_each_question_gets_its_own_answer(keys: list[str], series: Ask) -> None:
    asked = [([key], frequency) for key in keys for frequency in ("A", None, "M")]
    found = [[one.key for one in series(*given)] for given in asked]
    assert found == [[] if frequency == "M" else [key] for [key], frequency in asked]


def test_none_true_and_false_decide_what_is_asked(keys: list[str]) -> None:
    @prepared
    def chosen(key: Any, is_first: Any) -> QuerySet[Series, str]:
        rows = Series.objects.order_by("key" if is_first else "-key")
        return (rows if key is None else rows.filter(key=key)).values_list("key", flat=True)

    assert chosen(None, True) == sorted(keys)
    assert chosen(None, False) == sorted(keys, reverse=True)
    assert chosen(keys[0], True) == keys[:1]


def test_number_is_no_truth(keys: list[str]) -> None:
    @prepared
    def placed(position: Any) -> QuerySet[Series, str]:
        return Series.objects.filter(pk__gt=position).values_list("key", flat=True)

    first, *_, last = Series.objects.order_by("pk").values_list("pk", flat=True)
    assert [len(placed(number)) for number in (0, 1 if first > 1 else 0, last)] == [3, 3, 0]


def test_percent_in_a_statement_stands_for_itself(keys: list[str]) -> None:
    @prepared
    def like(keys: Any) -> QuerySet[Series, str]:
        rows = Series.objects.extra(where=["key LIKE '%%an.us%%'"]).filter(key__any=keys)
        return rows.values_list("key", flat=True)

    assert like(keys) == ["ping-an.users"]


def test_statement_is_written_and_planned_once(keys: list[str], series: Ask, settings: Any) -> None:
    series(keys, None)
    with CaptureQueriesContext(connection) as captured:
        series(keys[:1], None)
    (asked,) = (one["sql"] for one in captured)
    assert asked.startswith("EXECUTE" if settings.DATABASE_PREPARE else "SELECT")
