"""A member of staff with a password, and what an authenticator app would show."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from fintechsite.staff.services import make_recovery_codes

PASSWORD = "correct horse battery"


@pytest.fixture
def required(settings: Any) -> None:
    """As with DEBUG off."""
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def person() -> User:
    return User.objects.create_user("ada", password=PASSWORD, is_staff=True)


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root", password=PASSWORD)


@pytest.fixture
def app(person: User) -> TOTPDevice:
    """The app that ada set up."""
    return TOTPDevice.objects.create(user=person, name="app")


@pytest.fixture
def codes(person: User, app: TOTPDevice) -> list[str]:
    return make_recovery_codes(person)


def shown_by(key: str) -> str:
    """The six digits that an app with this key (hex) shows now."""
    return f"{TOTP(bytes.fromhex(key)).token():06}"


def give_password(client: Client, name: str = "ada", password: str = PASSWORD) -> Any:
    return client.post("/admin/login/?next=/admin/", {"username": name, "password": password})


def give_code(client: Client, code: str, next: str = "") -> Any:  # noqa: A002
    return client.post("/admin/second-factor/", {"code": code, "next": next})


def comes_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200
