"""What may be sent at most, before a byte of it is kept."""

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fintechsite import uploads

pytestmark = pytest.mark.django_db

LOG_IN = "/admin/login/"


def send(browser: Client, size: int) -> int:
    file = SimpleUploadedFile("x.bin", b"x" * size)
    status: int = browser.post(LOG_IN, {"username": "x", "file": file}).status_code
    return status


def test_stranger_may_not_send_a_large_file() -> None:
    assert send(Client(), uploads.MOST_BY_OTHERS) == 400
    assert send(Client(), 1000) == 200


def test_stranger_is_refused_with_token_checks_too() -> None:
    assert send(Client(enforce_csrf_checks=True), uploads.MOST_BY_OTHERS) in (400, 403)


def test_member_of_staff_may_send_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BY_OTHERS", 500)
    monkeypatch.setattr(uploads, "MOST_BY_STAFF", 5_000)
    browser = Client()
    browser.force_login(User.objects.create_user("editor", is_staff=True))
    assert send(browser, 3_000) == 200
    assert send(browser, 6_000) == 400
