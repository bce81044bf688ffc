"""A password opens nothing where a second factor is set up, or has to be."""

import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from fintechsite.staff.models import RecoveryCode
from fintechsite.staff.views import KEY
from tests.fintechsite.staff.conftest import comes_in, give_code, give_password, shown_by

pytestmark = pytest.mark.django_db

SET_UP = "/admin/second-factor/set-up/"
CODES = "/admin/second-factor/recovery-codes/"


def set_up(client: Client) -> Any:
    client.get(SET_UP)
    return client.post(SET_UP, {"code": shown_by(client.session[KEY])})


def listed(page: Any) -> list[str]:
    return re.findall(r"<code>([A-Z2-7-]{19})</code>", page.content.decode())


def test_second_factor_is_a_choice_on_a_developers_machine_only() -> None:
    assert django_settings.SECOND_FACTOR_REQUIRED is False
    assert "SECOND_FACTOR_REQUIRED = not DEBUG" in _settings_file()


def _settings_file() -> str:
    return (django_settings.BASE_DIR / "fintechsite" / "settings.py").read_text()


def test_without_an_app_the_password_is_enough_where_it_is_a_choice(
    client: Client, person: User
) -> None:
    give_password(client)
    assert comes_in(client)


@pytest.mark.usefixtures("required")
def test_without_an_app_everybody_has_to_set_one_up(client: Client, root: User) -> None:
    give_password(client, "root")
    answer = client.get("/admin/auth/user/", follow=True)
    assert answer.redirect_chain[-1][0] == f"{SET_UP}?next=%2Fadmin%2Fauth%2Fuser%2F"
    assert len(listed(set_up(client))) == 10
    assert comes_in(client)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("path", ["/admin/", "/admin/guide/", "/admin/password_change/", CODES])
def test_with_an_app_the_password_alone_opens_nothing(client: Client, path: str) -> None:
    give_password(client)
    answer = client.get(path, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/admin/second-factor/?next=")
    assert "user-tools" not in answer.content.decode()


@pytest.mark.usefixtures("app")
def test_with_an_app_the_password_alone_sets_up_no_other(client: Client) -> None:
    give_password(client)
    assert client.get(SET_UP).status_code == 302
    assert client.post(SET_UP, {"code": "000000"}).status_code == 302
    assert client.post(CODES).status_code == 302
    assert RecoveryCode.objects.count() == 0


def test_with_an_app_the_password_alone_reads_no_draft(
    client: Client, person: User, app: TOTPDevice
) -> None:
    person.user_permissions.add(Permission.objects.get(codename="view_case"))
    give_password(client)
    assert client.get("/admin/login/").wsgi_request.user.is_anonymous
    give_code(client, shown_by(app.key))
    assert client.get("/admin/").wsgi_request.user.has_perm("cases.view_case")


def test_code_of_the_app_lets_in_with_a_new_session_key(client: Client, app: TOTPDevice) -> None:
    give_password(client)
    before = client.session.session_key
    assert give_code(client, shown_by(app.key), "/admin/guide/")["Location"] == "/admin/guide/"
    assert client.session.session_key != before
    assert comes_in(client)


def test_code_of_the_app_works_once(client: Client, app: TOTPDevice) -> None:
    code = shown_by(app.key)
    give_password(client)
    give_code(client, code)
    second = Client()
    give_password(second)
    assert "wrong or was used already" in _english(second, code)


def _english(client: Client, code: str) -> str:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return give_code(client, code).content.decode()  # type: ignore[no-any-return]


def test_wrong_codes_slow_down(client: Client, app: TOTPDevice) -> None:
    give_password(client)
    assert "wrong" in _english(client, "000000")
    right = shown_by(app.key)
    assert "wait 1 second." in _english(client, right)
    assert not comes_in(client)


@pytest.mark.parametrize("change", [str, str.lower, lambda code: code.replace("-", " ")])
def test_recovery_code_lets_in_once(
    client: Client, person: User, codes: list[str], change: Any
) -> None:
    give_password(client)
    give_code(client, change(codes[0]))
    assert comes_in(client)
    second = Client()
    give_password(second)
    give_code(second, codes[0])
    assert not comes_in(second)
    assert RecoveryCode.objects.count() == 9
    assert LogEntry.objects.filter(object_id=str(person.pk)).count() == 2


@pytest.mark.usefixtures("app")
def test_codes_of_somebody_else_open_nothing(client: Client, codes: list[str], root: User) -> None:
    TOTPDevice.objects.create(user=root, name="app")
    give_password(client, "root")
    give_code(client, codes[0])
    assert not comes_in(client)
    assert RecoveryCode.objects.count() == 10


def test_recovery_codes_are_stored_as_digests_only(codes: list[str]) -> None:
    stored = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert len(stored) == 10
    plain = {code.replace("-", "") for code in codes}
    assert not any(code in digest.upper() for code in plain for digest in stored)


def test_new_codes_take_the_place_of_the_old(client: Client, person: User) -> None:
    give_password(client)
    old = listed(set_up(client))
    new = listed(client.post(CODES))
    assert len(new) == 10
    assert not set(old) & set(new)
    assert RecoveryCode.objects.count() == 10
    assert listed(client.get(CODES)) == []


def test_new_phone_ends_what_rests_on_the_old_one(client: Client, person: User) -> None:
    give_password(client)
    set_up(client)
    other = Client()
    give_password(other)
    old = TOTPDevice.objects.get()
    TOTPDevice.objects.update(last_t=-1)
    give_code(other, shown_by(old.key))
    assert comes_in(other)
    client.get(SET_UP)
    assert client.session[KEY] != old.key
    set_up(client)
    assert TOTPDevice.objects.get().key != old.key
    assert comes_in(client)
    assert not comes_in(other)


def test_wrong_code_sets_nothing_up(client: Client, person: User) -> None:
    give_password(client)
    client.get(SET_UP)
    for wrong in ("abcdef", "12", "９９９９９９９"):
        assert client.post(SET_UP, {"code": wrong}).status_code == 200
    assert not TOTPDevice.objects.exists()


def test_secret_of_an_app_is_on_no_page_but_the_one_that_sets_it_up(
    client: Client, root: User
) -> None:
    give_password(client, "root")
    page = client.get(SET_UP)
    assert "no-store" in page["Cache-Control"]
    assert "<svg" in page.content.decode()
    assert not re.search(r"\sstyle=|<style", page.content.decode())
    assert "no-store" in set_up(client)["Cache-Control"]
    with pytest.raises(NoReverseMatch):
        reverse("admin:otp_totp_totpdevice_changelist")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_log_in_leads_to_no_other_site(client: Client, app: TOTPDevice, target: str) -> None:
    give_password(client)
    assert give_code(client, shown_by(app.key), target)["Location"] == "/admin/"


@pytest.mark.parametrize("path", ["/admin/second-factor/", SET_UP, CODES])
def test_nobody_and_readers_are_sent_to_log_in(client: Client, path: str) -> None:
    assert client.get(path)["Location"] == "/admin/login/"
    client.force_login(User.objects.create_user("reader"))
    assert client.get(path)["Location"] == "/admin/login/"


@pytest.mark.usefixtures("app")
def test_who_cannot_show_a_code_can_log_out(client: Client) -> None:
    give_password(client)
    assert client.get("/admin/second-factor/leave/").status_code == 405
    client.post("/admin/second-factor/leave/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.usefixtures("required", "person")
def test_pages_speak_both_languages(client: Client, language: str) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    give_password(client)
    page = client.get(SET_UP).content.decode()
    assert ("验证器" in page) == (language == "zh-CN")
