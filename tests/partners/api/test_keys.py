"""Keys at the door: who is let in, who is refused and how, and what is remembered."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from partners.models import ApiKey, Partner, Window
from partners.services.keys import KeyStateError, revoke_key, rotate_key
from tests.metrics.api.contract import faults
from tests.partners.conftest import Issued, issue

pytestmark = pytest.mark.django_db

URL = "/api/v1/units"
NOON = datetime(2026, 11, 27, 12, 0, 30, tzinfo=UTC)


def ask(client: Client, text: str | None = None, url: str = URL) -> Any:
    return client.get(url, headers={"authorization": text} if text is not None else {})


def test_good_key_is_let_in(client: Client, issued: Issued) -> None:
    answer = client.get(URL, headers=issued.headers)
    assert answer.status_code == 200
    assert "WWW-Authenticate" not in answer


def test_scheme_is_read_without_regard_to_case(client: Client, issued: Issued) -> None:
    assert ask(client, f"api-key {issued.text}").status_code == 200


def test_key_says_what_it_is_and_is_kept_as_a_hash(issued: Issued) -> None:
    prefix, _, secret = issued.text.partition(".")
    assert prefix == issued.key.prefix
    assert prefix.startswith("fin_test_")
    assert len(secret) == 40
    stored = ApiKey.objects.filter(pk=issued.key.pk).values().get()
    assert not [value for value in stored.values() if secret in str(value)]
    assert str(issued.key.pk).isdigit()  # addresses of the admin carry no hash


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "Api-Key",
        "Api-Key ",
        "Api-Key nothing.of-the-kind",
        "Api-Key {prefix}.{wrong}",
        "Api-Key {prefix}",
        "Bearer {text}",
        "{text}",
        "Basic dXNlcjpwYXNz",
        "Api-Key {text}x",
        "Api-Key \u00e9.\u00e9",
        "Api-Key " + "a" * 5000,
        "Api-Key a.\x00b",
    ],
)
def test_wrong_key_is_refused_and_not_anonymous(client: Client, issued: Issued, sent: str) -> None:
    text = sent.format(prefix=issued.key.prefix, wrong="x" * 40, text=issued.text)
    answer = ask(client, text)
    assert answer.status_code == 401
    assert faults(answer) == [(None, "invalid_key")]
    assert answer["WWW-Authenticate"] == 'Api-Key realm="API"'
    assert "ETag" not in answer


def test_revoked_key_is_refused_with_the_next_request(client: Client, issued: Issued) -> None:
    etag = client.get(URL, headers=issued.headers)["ETag"]
    revoke_key(issued.key, actor=None, now=timezone.now())
    answer = client.get(URL, headers={**issued.headers, "if-none-match": etag})
    assert (answer.status_code, faults(answer)) == (401, [(None, "revoked_key")])


def test_key_of_a_partner_that_is_not_active_is_refused(
    client: Client, issued: Issued, partner: Partner
) -> None:
    Partner.objects.update(is_active=False)
    assert faults(client.get(URL, headers=issued.headers)) == [(None, "revoked_key")]


def test_key_expires_to_the_second(client: Client, partner: Partner) -> None:
    issued = issue(partner, expires_at=NOON)
    with time_machine.travel(NOON - timedelta(seconds=1), tick=False):
        assert client.get(URL, headers=issued.headers).status_code == 200
    with time_machine.travel(NOON, tick=False):
        answer = client.get(URL, headers=issued.headers)
    assert (answer.status_code, faults(answer)) == (401, [(None, "expired_key")])


def test_only_who_has_the_secret_is_told_that_a_key_was_revoked(
    client: Client, issued: Issued
) -> None:
    revoke_key(issued.key, actor=None, now=timezone.now())
    assert faults(ask(client, f"Api-Key {issued.key.prefix}.guess")) == [(None, "invalid_key")]


def test_wrong_secret_uses_nothing_of_the_keys_quota(client: Client, issued: Issued) -> None:
    for _ in range(3):
        ask(client, f"Api-Key {issued.key.prefix}.{'x' * 40}")
    assert not Window.objects.filter(subject__startswith="key:").exists()
    assert Window.objects.get(subject__startswith="at:").used == 3
    assert ApiKey.objects.get().last_used_at is None


def test_known_and_unknown_prefix_cost_the_same_work(
    client: Client, issued: Issued, django_assert_num_queries: Any
) -> None:
    for text in (f"Api-Key {issued.key.prefix}.wrong", "Api-Key fin_test_nobody22.wrong"):
        with django_assert_num_queries(1):
            ask(client, text)


def test_last_use_is_written_once_a_minute(client: Client, issued: Issued) -> None:
    seen = []
    for seconds in (0, 59, 61):
        with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
            client.get(URL, headers=issued.headers)
        seen.append(ApiKey.objects.get().last_used_at)
    assert seen == [NOON, NOON, NOON + timedelta(seconds=61)]


def test_rotated_key_stays_good_for_the_overlap(client: Client, issued: Issued) -> None:
    with time_machine.travel(NOON, tick=False):
        new = Issued(*rotate_key(issued.key, overlap=timedelta(hours=1), actor=None, now=NOON))
        statuses = [client.get(URL, headers=one.headers).status_code for one in (issued, new)]
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        statuses += [client.get(URL, headers=one.headers).status_code for one in (issued, new)]
    assert statuses == [200, 200, 401, 200]


def test_rotated_keys_share_one_quota(client: Client, partner: Partner) -> None:
    first = issue(partner, quota=3)
    now = timezone.now()
    second = Issued(*rotate_key(first.key, overlap=timedelta(days=1), actor=None, now=now))
    third = Issued(*rotate_key(second.key, overlap=timedelta(days=1), actor=None, now=now))
    asked = [first, second, third, first]
    found = [client.get(URL, headers=one.headers).status_code for one in asked]
    assert found == [200, 200, 200, 429]


def test_rotation_keeps_an_earlier_expiry(partner: Partner) -> None:
    issued = issue(partner, expires_at=NOON + timedelta(minutes=5))
    rotate_key(issued.key, overlap=timedelta(hours=1), actor=None, now=NOON)
    issued.key.refresh_from_db()
    assert issued.key.expiry_date == NOON + timedelta(minutes=5)


def test_key_that_is_no_good_is_not_rotated(issued: Issued, partner: Partner) -> None:
    revoke_key(issued.key, actor=None, now=NOON)
    expired = issue(partner, expires_at=NOON)
    for key in (issued.key, expired.key):
        with pytest.raises(KeyStateError):
            rotate_key(key, overlap=timedelta(hours=1), actor=None, now=NOON)


def test_key_in_the_address_is_an_unknown_parameter(client: Client, issued: Issued) -> None:
    answer = client.get(URL, {"api_key": issued.text})
    assert (answer.status_code, faults(answer)) == (400, [("api_key", "unknown_parameter")])
    assert issued.text not in answer.content.decode()
