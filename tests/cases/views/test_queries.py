"""The number of queries of a page does not grow with what it shows."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case, PageSnapshot
from cases.services.texts import stage_text
from metrics.services.publishing import publish_release
from tests.cases.conftest import write
from tests.metrics.factories import NOW, make_release, make_series, publish

pytestmark = pytest.mark.django_db


def queries(client: Client, path: str) -> int:
    """Of a page that has no snapshot yet."""
    PageSnapshot.objects.all().delete()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def add_cases(numbers: range) -> None:
    """In one release of data and one of texts: what is counted is reading."""
    series = [make_series(f"entity-{number}.users") for number in numbers]
    publish(*((one, year, "100") for one in series for year in ("2017", "2018")))
    release = make_release()
    for number, one in zip(numbers, series, strict=True):
        stage_text(release, write(f"case-{number}", key=one.key))
        technology = Case.objects.get(slug="big-data")
        Case.objects.get(slug=f"case-{number}").technologies.add(technology)
    publish_release(release, actor=None, now=NOW)


def add_series(numbers: range) -> None:
    publish(*((make_series(f"webank.measure-{n}", nature="flow"), "2018", "100") for n in numbers))


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
