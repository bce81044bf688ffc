"""The site's own answers: the health check, the way to a language, the headers."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client


@pytest.mark.django_db
def test_healthz_with_a_database_answers_ok(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_healthz_without_a_database_answers_503(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", refuse)
    assert client.get("/healthz").status_code == 503


@pytest.mark.parametrize(
    ("preference", "target"),
    [
        ("zh-CN,zh;q=0.9", "/zh-hans/"),
        ("zh-TW", "/zh-hans/"),
        ("en-GB,en;q=0.9,zh;q=0.1", "/en/"),
        ("fr", "/zh-hans/"),
        ("", "/zh-hans/"),
    ],
)
def test_root_with_a_preference_redirects_to_that_language(
    client: Client, preference: str, target: str
) -> None:
    response = client.get("/", headers={"accept-language": preference})
    assert response.status_code == 302
    assert response["Location"] == target
    assert "Accept-Language" in response["Vary"]


def test_any_answer_carries_the_strict_policy(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_any_answer_carries_the_security_headers(client: Client) -> None:
    response = client.get("/")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"


@pytest.mark.django_db
def test_admin_login_page_has_no_inline_script_or_style(client: Client) -> None:
    page = client.get("/admin/login/").content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick=" not in page


@pytest.mark.django_db
def test_anonymous_answer_does_not_touch_the_session(client: Client) -> None:
    response = client.get("/healthz")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
