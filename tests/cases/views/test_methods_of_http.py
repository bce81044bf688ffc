"""What only reads says so to whoever asks for more, and what takes forms goes on to check them."""

import pytest
from django.test import Client

from metrics.models import Series
from tests.cases.conftest import publish_case

pytestmark = pytest.mark.django_db
READ_ONLY = (
    "/", "/robots.txt", "/sitemap.xml", "/sitemap-texts.xml", "/healthz", "/oembed",
    "/en/", "/en/cases/", "/en/cases/webank/", "/en/cases/webank.csv", "/en/cases/webank.bib",
    "/en/cases/webank/history/", "/en/cases/webank/charts/chart-1.svg", "/en/cases/webank/card.png",
    "/en/series/webank.users/", "/en/series/webank.users/lineage/", "/en/compare/", "/en/search/",
    "/en/embed/cases/webank/chart-1/", "/en/feeds/releases.atom", "/en/methods/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def case(users: Series) -> None:
    publish_case("webank")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", READ_ONLY)
def test_address_that_only_reads_allows_get_and_head(path: str, method: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, path)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", READ_ONLY)
def test_address_that_only_reads_answers_head(path: str) -> None:
    answer = Client(enforce_csrf_checks=True).head(path)
    assert answer.status_code in (200, 302, 400)
    assert answer.content == b""


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_address_of_nothing_is_not_found_by_any_method(method: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, "/en/nowhere/")
    assert answer.status_code == 404


def test_form_without_its_token_is_still_refused() -> None:
    answer = Client(enforce_csrf_checks=True).post("/en/report/", {"words": "x"})
    assert answer.status_code == 403
