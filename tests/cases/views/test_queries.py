"""The number of queries of a page does not grow with what it shows."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import PageSnapshot
from tests.cases.conftest import publish_case
from tests.metrics.factories import make_series, publish

pytestmark = pytest.mark.django_db


def queries(client: Client, path: str) -> int:
    """Of a page that has no snapshot yet."""
    PageSnapshot.objects.all().delete()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def add_cases(numbers: range) -> None:
    for number in numbers:
        series = make_series(f"entity-{number}.users")
        publish((series, "2017", "100"), (series, "2018", "200"), definitions_changed=True)
        publish_case(f"case-{number}", key=series.key, languages=("en",), technology="big-data")


def add_series(numbers: range) -> None:
    for number in numbers:
        publish((make_series(f"webank.measure-{number}", nature="flow"), "2018", "100"))


def add_periods(numbers: range) -> None:
    series = make_series("webank.users")
    publish(*((series, str(1990 + number), "100万") for number in numbers))


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("path", "add"),
    [
        ("", add_cases),
        ("cases/", add_cases),
        ("cases/?technology=big-data", add_cases),
        ("technologies/big-data/", add_cases),
        ("entities/", add_cases),
        ("series/", add_series),
        ("entities/webank/", add_series),
        ("sources/report-2019/", add_series),
        ("series/webank.users/", add_periods),
        ("cases/webank/", add_periods),
    ],
)
def test_page_takes_as_many_queries_for_twenty_rows_as_for_one(
    client: Client, path: str, add: Callable[[range], None]
) -> None:
    add(range(1))
    one = queries(client, f"/en/{path}")
    add(range(1, 20))
    assert queries(client, f"/en/{path}") == one
