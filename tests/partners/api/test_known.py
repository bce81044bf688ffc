"""Answers that a client has go out before the rest of the stack, and nobody can tell by them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from metrics.api import admission
from metrics.api.deprecation import Deprecation
from metrics.api.known import KnownAnswers
from metrics.api.observations import SeriesObservationsView
from partners.models import ApiKey, Partner, Window
from partners.services.keys import revoke_key
from tests.metrics.api.conftest import cnnic, users  # noqa: F401 (fixtures)
from tests.metrics.factories import make_series, publish
from tests.partners.conftest import Issued, issue

HALF = datetime(2026, 11, 27, 12, 30, tzinfo=UTC)
USERS = "/api/v1/series/china-internet.users/observations"
ADDRESSES = [
    USERS,
    f"{USERS}?format=csv&lang=en",
    "/api/v1/units",
    "/api/v1/",
    "/api/v1/cases?limit=5",
]
Headers = dict[str, str]


@pytest.fixture(autouse=True)
def at_half() -> Iterator[Any]:
    with time_machine.travel(HALF, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client() -> Client:
    """A client of one application, so that what is remembered of an address stays."""
    return Client()


def ask(client: Client, path: str, headers: Headers, **extra: Any) -> Any:
    """One request as the first of its window."""
    Window.objects.all().delete()
    return client.generic(extra.pop("method", "GET"), path, headers=headers, **extra)


def is_whole(answer: Any) -> bool:
    """Whether a request went on to a view."""
    return answer.wsgi_request.resolver_match is not None


def told(answer: Any) -> tuple[int, bytes, dict[str, object]]:
    """Status, body, headers; of the policy of contents the parts, whose order is by chance."""
    headers = dict(answer.items())
    policy = headers.pop("Content-Security-Policy", "")
    parts = frozenset(part.strip() for part in policy.split(";"))
    return answer.status_code, answer.content, {**headers, "policy": parts}


def known_twice(client: Client, path: str, headers: Headers) -> Headers:
    """The client has the answer, and the application has told it so already."""
    etag = client.get(path, headers=headers)["ETag"]
    known = {**headers, "If-None-Match": etag}
    assert is_whole(client.get(path, headers=known))
    return known


def both(client: Client, path: str, headers: Headers, **extra: Any) -> tuple[Any, Any]:
    """The answer of an application that remembers, and of one that remembers nothing."""
    return ask(client, path, headers, **extra), ask(Client(), path, headers, **extra)


@pytest.mark.django_db
@pytest.mark.usefixtures("users")
class TestKnown:
    @pytest.mark.parametrize("path", ADDRESSES)
    @pytest.mark.parametrize("is_keyed", [True, False])
    def test_answer_is_that_of_the_whole_stack_by_one_query(
        self,
        client: Client,
        issued: Issued,
        path: str,
        is_keyed: bool,
    ) -> None:
        known = known_twice(client, path, issued.headers if is_keyed else {})
        with CaptureQueriesContext(connection) as captured:
            early = client.get(path, headers=known)
        assert (is_whole(early), len(captured)) == (False, 1)
        early, whole = both(client, path, known)
        assert told(early) == told(whole)
        assert (early.status_code, early.content) == (304, b"")
        assert early["RateLimit"].startswith(
            '"default";r=9999;' if is_keyed else '"default";r=999;'
        )
        assert early["Cache-Control"].startswith("private" if is_keyed else "public")

    @pytest.mark.parametrize(
        "more",
        [
            {"Origin": "https://elsewhere.example"},
            {"Accept": "text/csv"},
            {"Accept": "application/json;q=0.5, text/csv"},
            {"Accept": "image/png"},
            {"Accept-Language": "zh-hans"},
            {"Accept-Encoding": "gzip"},
            {"If-None-Match": '"another"'},
            {"If-None-Match": "*"},
            {"Host": "elsewhere.example"},
            {"Cookie": "csrftoken=x"},
            {"Cookie": "theme=dark"},
            {"X-Forwarded-Proto": "https"},
            {"X-Forwarded-For": "203.0.113.9"},
            {"Authorization": "Api-Key nobodys.key"},
            {"Authorization": "Bearer x"},
            {"Authorization": ""},
        ],
        ids=str,
    )
    def test_other_headers_make_no_difference_between_the_two(
        self, client: Client, more: Headers
    ) -> None:
        known = known_twice(client, USERS, {})
        for _ in range(3):  # what the first of these leaves behind is asked for too
            early, whole = both(client, USERS, {**known, **more})
            assert told(early) == told(whole)

    def test_tag_without_its_mark_is_known_all_the_same(self, client: Client) -> None:
        """Tags are compared weakly: a proxy may take the mark off."""
        known = known_twice(client, USERS, {})
        early, whole = both(client, USERS, {"If-None-Match": known["If-None-Match"][2:]})
        assert (early.status_code, is_whole(early), told(early)) == (304, False, told(whole))

    @pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "DELETE"])
    def test_other_methods_make_no_difference(self, client: Client, method: str) -> None:
        known = known_twice(client, USERS, {})
        for _ in range(3):
            early, whole = both(client, USERS, known, method=method)
            assert told(early) == told(whole)
        assert is_whole(early) is (method != "HEAD")

    def test_https_is_asked_for_first(self, client: Client, settings: Any) -> None:
        known = known_twice(client, USERS, {})
        settings.SECURE_SSL_REDIRECT = True
        safe = Client()
        secure = {"secure": True}
        etag = safe.get(USERS, **secure)["ETag"]
        for _ in range(2):
            safe.get(USERS, headers={"If-None-Match": etag}, **secure)
        early, whole = both(safe, USERS, known)
        assert (early.status_code, told(early)) == (301, told(whole))
        early, whole = both(safe, USERS, {"If-None-Match": etag}, **secure)
        assert (early.status_code, is_whole(early), told(early)) == (304, False, told(whole))
        assert "Strict-Transport-Security" in early or not settings.SECURE_HSTS_SECONDS

    def test_release_is_seen_at_once(self, client: Client) -> None:
        known = known_twice(client, USERS, {})
        publish((make_series("china-internet.users"), "2019", "9.04亿"))
        answer = client.get(USERS, headers=known)
        assert (answer.status_code, len(answer.json()["results"])) == (200, 5)
        again = client.get(USERS, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, is_whole(again)) == (304, False)
        assert client.get(USERS, headers=known).status_code == 200

    @pytest.mark.parametrize("state", ["revoked", "expired", "switched off", "gone"])
    def test_key_that_is_no_good_any_more_is_refused_as_by_the_whole_stack(
        self,
        client: Client,
        partner: Partner,
        at_half: Any,
        state: str,
    ) -> None:
        key = issue(partner, expires_at=HALF + timedelta(hours=1))
        known = known_twice(client, USERS, key.headers)
        if state == "revoked":
            revoke_key(key.key, actor=None, now=timezone.now())
        elif state == "expired":
            at_half.shift(timedelta(hours=1))
        elif state == "switched off":
            Partner.objects.update(is_active=False)
        else:
            ApiKey.objects.all().delete()
        early, whole = both(client, USERS, known)
        assert (early.status_code, told(early)) == (401, told(whole))

    def test_key_without_the_scope_is_refused(self, client: Client, issued: Issued) -> None:
        known = known_twice(client, USERS, issued.headers)
        ApiKey.objects.update(scopes=["verify"])
        early, whole = both(client, USERS, known)
        assert (early.status_code, told(early)) == (403, told(whole))

    @pytest.mark.parametrize("is_keyed", [True, False])
    def test_quota_is_counted_once_a_request_and_kept(
        self,
        client: Client,
        partner: Partner,
        settings: Any,
        is_keyed: bool,
    ) -> None:
        settings.API_ANONYMOUS_QUOTA = 5
        headers = issue(partner, quota=5).headers if is_keyed else {}
        known = known_twice(client, USERS, headers)
        for used in (3, 4, 5):
            answer = client.get(USERS, headers=known)
            assert (answer.status_code, is_whole(answer)) == (304, False)
            assert answer["RateLimit"] == f'"default";r={5 - used};t=1800'
        refused = client.get(USERS, headers=known)
        assert (refused.status_code, refused["Retry-After"]) == (429, "1800")
        assert Window.objects.get().used == 6
        whole = Client().get(USERS, headers=known)
        assert told(refused) == told(whole)

    def test_refused_and_changed_answers_are_counted_once(
        self,
        client: Client,
        issued: Issued,
    ) -> None:
        known = known_twice(client, USERS, issued.headers)
        Window.objects.all().delete()
        for headers in ({**known, "If-None-Match": '"old"'}, known):
            client.get(USERS, headers=headers)
        assert Window.objects.get().used == 2

    def test_answer_to_a_key_is_not_told_to_who_has_none(
        self,
        client: Client,
        issued: Issued,
    ) -> None:
        known = known_twice(client, USERS, issued.headers)
        del known["authorization"]
        early, whole = both(client, USERS, known)
        assert early["Cache-Control"].startswith("public")
        assert told(early) == told(whole)

    def test_endpoint_that_will_go_says_so(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        going = Deprecation(HALF, HALF + timedelta(days=90), "https://example.org/why")
        monkeypatch.setattr(SeriesObservationsView, "deprecation", going)
        known = known_twice(client, USERS, {})
        early, whole = both(client, USERS, known)
        assert not is_whole(early)
        assert early["Deprecation"].startswith("@")
        assert told(early) == told(whole)

    def test_list_whose_tag_is_not_of_the_clock_alone_is_not_remembered(
        self, client: Client
    ) -> None:
        known = known_twice(client, "/api/v1/exports", {})
        assert is_whole(client.get("/api/v1/exports", headers=known))

    def test_where_nobody_stands_at_the_door_the_stack_answers(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        known = known_twice(client, USERS, {})
        monkeypatch.setattr(admission, "_doors", [])
        answer = client.get(USERS, headers=known)
        assert (is_whole(answer), "RateLimit" in answer) == (True, False)

    def test_prepared_statement_answers_the_same(
        self,
        client: Client,
        settings: Any,
        issued: Issued,
    ) -> None:
        known = known_twice(client, USERS, issued.headers)
        by_cursor = ask(client, USERS, known)
        settings.DATABASE_PREPARE = True
        for _ in range(2):
            prepared = ask(client, USERS, known)
            assert (told(prepared), is_whole(prepared)) == (told(by_cursor), False)
        del known["authorization"]
        wrong = [known, {**known, "authorization": "Api-Key no.key"}]
        for headers in wrong:
            early, whole = both(client, USERS, headers)
            assert told(early) == told(whole)


@pytest.mark.django_db
@pytest.mark.usefixtures("users")
def test_no_more_addresses_are_remembered_than_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("metrics.api.known.MOST_ADDRESSES", 2)
    made: list[KnownAnswers] = []
    begin: Callable[..., None] = KnownAnswers.__init__

    def noted(self: KnownAnswers, *args: Any) -> None:
        begin(self, *args)
        made.append(self)

    monkeypatch.setattr(KnownAnswers, "__init__", noted)
    client = Client()
    for limit in range(1, 6):
        known_twice(client, f"{USERS}?limit={limit}", {})
        assert 1 <= len(made[0]._remembered) <= 2


@pytest.mark.django_db
@pytest.mark.usefixtures("users")
def test_address_that_is_very_long_takes_the_whole_stack(client: Client) -> None:
    path = f"/api/v1/observations?series={'%20' * 1000}{'china-internet.users'}"
    known = known_twice(client, path, {})
    assert is_whole(client.get(path, headers=known))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("users")
def test_connection_that_broke_is_made_anew(
    client: Client,
    settings: Any,
) -> None:
    settings.DATABASE_PREPARE = True
    known = known_twice(client, USERS, {})
    connection.ensure_connection()
    assert connection.connection is not None
    pid = connection.connection.info.backend_pid
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
    answer = client.get(USERS, headers=known)
    assert (answer.status_code, is_whole(answer)) == (304, False)
