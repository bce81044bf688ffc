"""What starts and what refuses to start, by environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.private

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DEBUG": "false",
    "ALLOWED_HOSTS": "example.org",
    "DATABASE_URL": "postgresql:///fintech?host=/nonexistent",
    "SECRET_KEY": "k9-XxQz0vJ2mB7nL4pR8tW1yF5hD3gS6aC_eUiO" * 2,
    "CACHE_URL": "redis://cache.example.org/0",
    "CELERY_BROKER_URL": "amqp://broker.example.org",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with this environment and nothing else; an empty value removes a name."""
    base = {"PATH": os.environ["PATH"], "DATA_DIR": os.environ["DATA_DIR"]}
    base["ENV_FILE"] = os.devnull
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={name: value for name, value in (base | environment).items() if value},
        capture_output=True,
        text=True,
        check=False,
    )


def test_complete_production_environment_passes_the_deployment_checks() -> None:
    result = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "django-insecure-" + PRODUCTION["SECRET_KEY"]),
        ("ALLOWED_HOSTS", ""),
        ("DATABASE_URL", ""),
    ],
)
def test_insecure_production_environment_refuses_to_start(name: str, value: str) -> None:
    result = manage("check", **(PRODUCTION | {name: value}))
    assert result.returncode == 1
    assert f"ImproperlyConfigured: {name} must" in result.stderr


@pytest.mark.parametrize(
    ("name", "identifier"),
    [("CELERY_BROKER_URL", "fintechsite.W001"), ("CACHE_URL", "fintechsite.W002")],
)
def test_local_service_in_production_is_a_deployment_warning(name: str, identifier: str) -> None:
    environment = PRODUCTION | {name: ""}
    result = manage("check", "--deploy", "--fail-level", "WARNING", **environment)
    assert result.returncode == 1
    assert identifier in result.stderr


def test_production_answers_carry_secure_settings() -> None:
    names = "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT SECURE_HSTS_PRELOAD"
    code = (
        "from django.conf import settings; import sys; "
        f"sys.exit(not all(getattr(settings, name) for name in '{names}'.split()))"
    )
    assert manage("shell", "--no-imports", "-c", code, **PRODUCTION).returncode == 0


def test_development_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    from fintechsite.secrets import development_secret_key

    key = development_secret_key(tmp_path / "new")
    assert len(key) >= 50
    assert development_secret_key(tmp_path / "new") == key
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret-key"]
    assert (tmp_path / "new" / "secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "https://example.org"),
        ({"SITE_URL": "https://fintech.example/"}, "https://fintech.example"),
        ({"ALLOWED_HOSTS": "a.example,b.example", "SITE_URL": "https://a.example"},
         "https://a.example"),
        ({"DEBUG": "true"}, "http://127.0.0.1:8000"),
        ({"DEBUG": "true", "PORT": "9000", "BIND_HOST": "0.0.0.0"}, "http://127.0.0.1:9000"),  # noqa: S104
    ],
)  # fmt: skip
def test_site_always_knows_its_address(environment: dict[str, str], expected: str) -> None:
    code = "from django.conf import settings; print(settings.SITE_URL)"
    result = manage("shell", "--no-imports", "-c", code, **(PRODUCTION | environment))
    assert result.stdout.strip() == expected, result.stderr


@pytest.mark.parametrize("hosts", ["a.example,b.example", "*", ".example"])
def test_address_that_nothing_tells_refuses_to_start(hosts: str) -> None:
    result = manage("check", **(PRODUCTION | {"ALLOWED_HOSTS": hosts}))
    assert result.returncode == 1
    assert "ImproperlyConfigured: SITE_URL must" in result.stderr


@pytest.mark.parametrize(
    "told", ["fintech.example", "ftp://fintech.example", "https://a.example/b"]
)
def test_address_that_no_page_can_begin_with_refuses_to_start(told: str) -> None:
    result = manage("check", **(PRODUCTION | {"SITE_URL": told}))
    assert result.returncode == 1
    assert "ImproperlyConfigured: SITE_URL must be a scheme and a host" in result.stderr
