"""A superuser resets a second factor, with a reason that stays."""

from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from fintechsite.staff.models import RecoveryDevice
from tests.fintechsite.staff.conftest import comes_in, give_code, give_password, shown_by

pytestmark = pytest.mark.django_db


def page_of(user: User) -> str:
    return reverse("admin:auth_user_second_factor", args=[user.pk])


@pytest.fixture
def superuser(root: User) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(root)
    return browser


@pytest.mark.usefixtures("codes")
def test_reset_takes_app_and_codes_and_ends_the_sessions(
    client: Client, superuser: Client, person: User, app: TOTPDevice
) -> None:
    give_password(client)
    give_code(client, shown_by(app.key))
    assert comes_in(client)
    answer = superuser.post(page_of(person), {"reason": "lost phone, rang me"})
    assert answer["Location"] == reverse("admin:auth_user_change", args=[person.pk])
    assert not TOTPDevice.objects.exists()
    assert not RecoveryDevice.objects.exists()
    entry = LogEntry.objects.filter(user__username="root").get()
    assert (entry.object_id, "lost phone, rang me" in entry.change_message) == (
        str(person.pk),
        True,
    )
    history = superuser.get(reverse("admin:auth_user_history", args=[person.pk]))
    assert "Second factor reset: lost phone, rang me" in history.content.decode()


@pytest.mark.usefixtures("required")
def test_session_that_rests_on_a_reset_app_is_half_again(
    client: Client, superuser: Client, person: User, app: TOTPDevice, settings: object
) -> None:
    give_password(client)
    give_code(client, shown_by(app.key))
    call_command("reset_second_factor", "ada", reason="lost", stdout=StringIO())
    assert not comes_in(client)


@pytest.mark.parametrize("reason", ["", "   "])
def test_reset_without_a_reason_is_refused(
    superuser: Client, person: User, app: TOTPDevice, reason: str
) -> None:
    assert superuser.post(page_of(person), {"reason": reason}).status_code == 200
    with pytest.raises(CommandError, match="reason"):
        call_command("reset_second_factor", "ada", reason=reason)
    assert TOTPDevice.objects.exists()


def test_only_a_superuser_resets(client: Client, person: User, app: TOTPDevice) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(*Permission.objects.filter(content_type__app_label="auth"))
    client.force_login(clerk)
    assert client.get(reverse("admin:auth_user_change", args=[person.pk])).status_code == 200
    assert client.get(page_of(person)).status_code == 403
    assert client.post(page_of(person), {"reason": "mine now"}).status_code == 403
    assert Client().post(page_of(person), {"reason": "mine now"}).status_code == 302
    assert TOTPDevice.objects.exists()


def test_page_of_a_user_leads_to_the_reset(superuser: Client, person: User) -> None:
    page = superuser.get(reverse("admin:auth_user_change", args=[person.pk]))
    assert page_of(person) in page.content.decode()
    assert superuser.get(page_of(person)).status_code == 200


def test_list_of_users_tells_who_has_a_second_factor(superuser: Client, app: TOTPDevice) -> None:
    page = superuser.get("/admin/auth/user/").content.decode()
    assert page.count("icon-yes.svg") > 0
    assert "field-has_app" in page


def test_unknown_user_is_named(person: User) -> None:
    with pytest.raises(CommandError, match="no user bob"):
        call_command("reset_second_factor", "bob", reason="lost")
