"""What every test shares: one private database cluster, made before Django reads its settings."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# A named environment, so that no variable or .env file of the developer's reaches a test.
ENVIRONMENT = {
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "CONN_MAX_AGE": "0",
    "DEBUG": "true",
    "DJANGO_SETTINGS_MODULE": "fintechsite.settings",
    "LOG_LEVEL": "WARNING",
    "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests-only-for-tests",
}


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


_private: PrivateServices | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start what the tests need, in the process that xdist's workers are started from."""
    global _private
    if hasattr(config, "workerinput"):
        return
    os.environ.update(ENVIRONMENT)
    _private = PrivateServices()
    os.environ["DATA_DIR"] = str(_private.folder)
    os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or _private.start_database()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if _private is not None and not hasattr(config, "workerinput"):
        _private.stop()
