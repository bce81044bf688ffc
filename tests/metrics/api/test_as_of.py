"""Every address of the API either takes as_of, in one way, or refuses it."""

from typing import Any

import pytest
from django.test import Client

from metrics.models import Series
from tests.metrics.api.contract import faults
from tests.metrics.factories import make_series, publish

pytestmark = pytest.mark.django_db
KEY = "webank.users"
DATED = {
    f"series/{KEY}/observations": {},
    "observations": {"series": KEY},
    f"series/{KEY}/vintages": {},
    f"series/{KEY}/lineage": {"period": "2018"},
}
PRESENT = ("series", f"series/{KEY}", "entities", "entities/webank", "indicators",
           "indicators/users", "units", "units/person", "sources", "sources/report-2019",
           "cases", "technologies")  # fmt: skip


@pytest.fixture(autouse=True)
def series() -> Series:
    series = make_series(KEY)
    publish((series, "2018", "100"))
    return series


def get(client: Client, path: str, **query: Any) -> Any:
    return client.get(f"/api/v1/{path}", {**DATED.get(path, {}), **query})


@pytest.mark.parametrize("path", DATED)
@pytest.mark.parametrize(
    ("as_of", "code"),
    [("", "blank"), ("yesterday", "moment"), ("2018", "moment"), ("2018-02-30", "moment"),
     ("2018-01-01T08:00:00", "moment"), ("9999-12-31", "moment"),
     ("0001-01-01T00:00:00+09:00", "moment"), ("2999-01-01", "not_past")],
)  # fmt: skip
def test_moment_that_is_none_is_refused_everywhere_alike(
    client: Client, path: str, as_of: str, code: str
) -> None:
    response = get(client, path, as_of=as_of)
    assert response.status_code == 400
    assert faults(response) == [("as_of", code)]


@pytest.mark.parametrize("path", DATED)
def test_before_the_first_release_there_is_nothing(client: Client, path: str) -> None:
    response = get(client, path, as_of="2020-01-01")
    if path.endswith("lineage"):
        assert response.status_code == 404
    else:
        assert response.json() == {"next": None, "previous": None, "results": []}


@pytest.mark.parametrize("path", DATED)
def test_moment_of_the_release_shows_it(client: Client, path: str) -> None:
    response = get(client, path, as_of="2026-11-23T08:00:00Z")
    assert response.status_code == 200
    assert response.json() == get(client, path).json()


@pytest.mark.parametrize("path", PRESENT)
def test_address_without_a_past_refuses_the_parameter(client: Client, path: str) -> None:
    assert get(client, path).status_code == 200
    response = get(client, path, as_of="2020-01-01")
    assert response.status_code == 400
    assert faults(response) == [("as_of", "unknown_parameter")]
