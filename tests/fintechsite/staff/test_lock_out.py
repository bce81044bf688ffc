"""After five failed log-ins a name waits, from that address, and nothing piles up."""

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from fintechsite.staff import attempts
from tests.fintechsite.staff.conftest import PASSWORD, comes_in, give_password

pytestmark = pytest.mark.django_db


def fail(client: Client, times: int = 5, name: str = "ada") -> list[int]:
    return [give_password(client, name, "wrong").status_code for _time in range(times)]


@pytest.fixture
def locked(client: Client, person: User) -> Client:
    fail(client)
    return client


def test_fifth_failure_locks_and_the_right_password_waits_too(client: Client, person: User) -> None:
    assert fail(client) == [200, 200, 200, 200, 429]
    assert give_password(client).status_code == 429
    assert not comes_in(client)


@pytest.mark.parametrize(("language", "words"), [("en", "Wait 15 minutes"), ("zh-CN", "15 分钟")])
def test_message_speaks_both_languages(locked: Client, language: str, words: str) -> None:
    locked.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    assert words in give_password(locked).content.decode()


def test_lock_ends_after_the_cool_off_and_its_row_goes(locked: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        give_password(locked)
        assert comes_in(locked)
    assert not AccessAttempt.objects.exists()


def test_trying_while_locked_neither_prolongs_nor_grows(locked: Client) -> None:
    before = AccessAttempt.objects.values().get()
    fail(locked, 3)
    assert AccessAttempt.objects.values().get() == before


def test_other_names_and_other_addresses_are_not_locked(locked: Client) -> None:
    User.objects.create_user("bob", password=PASSWORD, is_staff=True)
    give_password(locked, "bob")
    assert comes_in(locked)
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    give_password(elsewhere)
    assert comes_in(elsewhere)


def test_another_browser_of_the_address_is_locked(locked: Client) -> None:
    assert give_password(Client(HTTP_USER_AGENT="other")).status_code == 429


def test_log_in_forgets_earlier_failures(client: Client, person: User) -> None:
    fail(client, 4)
    give_password(client)
    assert not AccessAttempt.objects.exists()


def test_no_password_is_kept(locked: Client) -> None:
    assert "wrong" not in str(list(AccessAttempt.objects.values()))


def test_table_keeps_the_newest_rows_of_a_flood(
    client: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "MOST_ROWS", 3)
    for number in range(5):
        fail(client, 1, f"name-{number}")
    names = AccessAttempt.objects.order_by("pk").values_list("username", flat=True)
    assert list(names) == ["name-2", "name-3", "name-4"]


def test_superuser_lets_in_earlier(locked: Client, root: User) -> None:
    browser = Client()
    browser.force_login(root)
    row = AccessAttempt.objects.get()
    assert browser.get("/admin/axes/accessattempt/").status_code == 200
    assert browser.get(f"/admin/axes/accessattempt/{row.pk}/change/").status_code == 200
    browser.post(f"/admin/axes/accessattempt/{row.pk}/delete/", {"post": "yes"})
    give_password(locked)
    assert comes_in(locked)


def test_passwords_are_hashed_with_argon2(person: User) -> None:
    assert person.password.startswith("argon2$argon2id$")
