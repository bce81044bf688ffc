"""Kept pages go out before the rest of the stack, and nobody can tell by the answer."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.models import PageSnapshot
from metrics.models import Series
from tests.cases.conftest import publish_case, users  # noqa: F401 (a fixture)
from tests.metrics.factories import NOW, publish

LATER = NOW + timedelta(days=1)
PATH = "/en/cases/webank/"


@pytest.fixture
def client() -> Client:
    """A client of one application, so that what is remembered of an address stays."""
    return Client()


def through(client: Client, path: str = PATH) -> bool:
    """Whether a request went on to the middleware below, which makes sessions."""
    return hasattr(client.get(path).wsgi_request, "session")


@pytest.mark.django_db
class TestKept:
    @pytest.fixture(autouse=True)
    def case(self, client: Client, users: Series) -> None:  # noqa: F811
        publish_case("webank")
        for _ in range(2):  # rendered, then answered from the snapshot by the whole stack
            client.get(PATH)

    def test_answer_is_that_of_the_whole_stack(self, client: Client) -> None:
        whole = Client().get(PATH)
        kept = client.get(PATH)
        assert through(Client())
        assert not through(client)
        assert dict(kept.items()) == dict(whole.items())
        assert "Content-Security-Policy" in kept
        assert kept["X-Frame-Options"] == "DENY"
        assert kept["Content-Language"] == "en"
        assert kept.content == whole.content

    def test_known_page_is_a_304_like_that_of_the_whole_stack(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        known = {"If-None-Match": client.get(PATH)["ETag"]}
        whole = Client().get(PATH, headers=known)
        with django_assert_num_queries(1):
            kept = client.get(PATH, headers=known)
        assert (kept.status_code, kept.content) == (304, b"")
        assert dict(kept.items()) == dict(whole.items())

    def test_packed_page_is_as_whole_as_the_plain_one(self, client: Client) -> None:
        packed = client.get(PATH, headers={"Accept-Encoding": "gzip"})
        assert packed["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in client.get(PATH)

    def test_changed_value_is_shown_at_once(self, client: Client, users: Series) -> None:  # noqa: F811
        assert not through(client)
        publish((users, "2018", "7,000万"), kind="correction", now=LATER)
        assert "70 million" in client.get(PATH).content.decode()
        assert PageSnapshot.objects.current().filter(path=PATH).exists()
        assert not through(client)

    def test_staff_parameters_and_posts_take_the_whole_stack(self, client: Client) -> None:
        assert through(client, f"{PATH}?as_of=1")
        assert client.post(PATH).status_code == 405
        client.force_login(User.objects.create_superuser("root"))
        assert through(client)

    def test_cookie_of_another_kind_makes_no_difference(self, client: Client) -> None:
        client.cookies["theme"] = "dark"
        assert not through(client)
        client.cookies[settings.SESSION_COOKIE_NAME] = "x"
        assert through(client)

    def test_host_that_is_none_of_ours_is_refused(self, client: Client) -> None:
        assert client.get(PATH, headers={"host": "elsewhere.example"}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_connection_that_broke_is_made_anew(client: Client, users: Series) -> None:  # noqa: F811
    publish_case("webank")
    for _ in range(3):
        first = client.get(PATH)
    connection.ensure_connection()
    assert connection.connection is not None
    pid = connection.connection.info.backend_pid
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
    again = client.get(PATH)
    assert (again.status_code, again.content) == (200, first.content)
