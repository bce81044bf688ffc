"""What every test shares: one private database cluster, made before Django reads its settings."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.contrib.auth import get_user_model
from django.utils.translation import deactivate, override
from hypothesis import settings

from fintechsite.messages import compile_catalogues

ROOT = Path(__file__).resolve().parent.parent
# A named environment, so that no variable or .env file of the developer's reaches a test.
ENVIRONMENT = {
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "CONN_MAX_AGE": "0",
    "DATABASE_PREPARE": "false",  # so that the first of two equal requests counts no more queries
    "DEBUG": "true",
    "DJANGO_SETTINGS_MODULE": "fintechsite.settings",
    "DUE_CHECK_SECONDS": "0",  # so that a test counts its own queries (tests/fintechsite)
    "ENV_FILE": os.devnull,
    "LOG_LEVEL": "WARNING",
    "SITE_URL": "http://testserver",
    "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests-only-for-tests",
}


# Properties are true or false, not fast or slow: a busy machine must not fail them.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


class PrivateServices:
    """The data folder and the database of one test run (of all its xdist workers together)."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fintech-run-"))
        self.server: subprocess.Popen[str] | None = None

    def start_database(self) -> str:
        command = [sys.executable, "-m", "fintechsite.embedded", "--temporary"]
        pipe = subprocess.PIPE
        self.server = subprocess.Popen(
            # A session of its own: Ctrl-C reaches pytest alone, which then closes the pipe.
            command,
            cwd=ROOT,
            stdin=pipe,
            stdout=pipe,
            text=True,
            start_new_session=True,
        )
        assert self.server.stdout is not None
        url = self.server.stdout.readline().strip()
        if not url:
            pytest.exit("The private database of the tests did not start (see above).", 3)
        return url

    def stop(self) -> None:
        if self.server is not None and self.server.stdin is not None:
            self.server.stdin.close()
            self.server.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)


def prepare_environment() -> PrivateServices:
    os.environ.update(ENVIRONMENT)
    services = PrivateServices()
    os.environ["DATA_DIR"] = str(services.folder)
    os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or services.start_database()
    compile_catalogues([ROOT / "fintechsite" / "locale"])
    django.setup()
    return services


# At import, because conftest files further down may import models; only in the process that
# starts xdist's workers, which inherit its environment.
_services = None if "PYTEST_XDIST_WORKER" in os.environ else prepare_environment()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if _services is not None:
        _services.stop()


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """Every test begins in the site's own language, not in that of the last page asked for."""
    deactivate()


@pytest.fixture
def in_english() -> Iterator[None]:
    """Messages in English, whatever the site's own language is."""
    with override("en"):
        yield


@pytest.fixture
def first(db: None) -> Any:
    """A superuser; what two persons must do takes the second as well."""
    return get_user_model().objects.create_superuser("first")


@pytest.fixture
def second(db: None) -> Any:
    return get_user_model().objects.create_superuser("second")
