"""`make run`: one command up, one Ctrl-C down, and clear words when it cannot start."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from fintechsite.run.port import PortError, chosen_port, ensure_free

pytestmark = pytest.mark.private

ROOT = Path(__file__).resolve().parents[2]
# Generous, because the machine may be running other tests.
START_SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """`python -m fintechsite.run` on a folder and a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.output = folder.with_name(f"{folder.name}-{self.port}.txt")
        removed = {"DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "SECRET_KEY"}
        environment = {key: value for key, value in os.environ.items() if key not in removed}
        own = {"DEBUG": "true", "DATA_DIR": str(folder), "PORT": str(self.port)}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "fintechsite.run"],
                cwd=ROOT,
                env=environment | own,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until(self, words: str) -> str:
        """The output once it holds ``words``; a failure shows it all."""
        deadline = time.monotonic() + START_SECONDS
        while words not in (text := self.output.read_text()):
            assert self.process.poll() is None, text
            assert time.monotonic() < deadline, text
            self._pause()
        return text

    def everything(self) -> list[psutil.Process]:
        """The process, all that it started, and the database server on its folder."""
        own = psutil.Process(self.process.pid)
        servers = [
            each
            for each in psutil.process_iter(["cmdline"])
            if str(self.folder / "postgres") in (each.info["cmdline"] or [])
        ]
        return [own, *own.children(recursive=True), *servers]

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    @staticmethod
    def _pause() -> None:
        # The output file is the only sign of another process's progress.
        select_timeout = 0.05
        signal.sigtimedwait([], select_timeout)


@pytest.fixture
def data() -> Iterator[Path]:
    # Not tmp_path: any pytest session closes the folders above it to the server's own user.
    parent = Path(tempfile.mkdtemp(prefix="fintech-data-"))
    parent.chmod(0o711)
    folder = parent / "data"
    yield folder
    for each in psutil.process_iter(["environ"]):
        if (each.info["environ"] or {}).get("DATA_DIR") == str(folder):
            each.kill()
    shutil.rmtree(parent)


def end_and_see_nothing_left(site: Site, number: signal.Signals) -> None:
    processes = site.everything()
    names = " ".join(" ".join(each.cmdline()) for each in processes)
    assert all(word in names for word in ("granian", "worker", "beat", "postgres"))
    assert site.end(number) == 0
    _, alive = psutil.wait_procs(processes, timeout=20)
    assert alive == [], site.output.read_text()
    assert not (site.folder / "database-url").exists()


def test_two_runs_answer_keep_the_accounts_and_leave_nothing_behind(data: Path) -> None:
    first = Site(data)
    text = first.wait_until(f"http://127.0.0.1:{first.port}/en/")
    assert re.search(r"^  author +\S{12}$", text, re.MULTILINE)
    for path in ("/zh-hans/", "/en/", "/admin/login/", "/healthz"):
        with urlopen(f"http://127.0.0.1:{first.port}{path}") as response:
            assert response.status == 200
    end_and_see_nothing_left(first, signal.SIGINT)
    second = Site(data)
    text = second.wait_until(f"http://127.0.0.1:{second.port}/en/")
    third = Site(data)
    assert third.process.wait(60) == 1
    refusal = third.output.read_text()
    assert f"running already on {data}: http://127.0.0.1:{second.port} " in refusal
    assert "Demo staff" not in text
    end_and_see_nothing_left(second, signal.SIGTERM)


def test_signal_while_starting_leaves_no_process_behind(data: Path) -> None:
    site = Site(data)
    site.wait_until("worker started")
    processes = site.everything()
    site.end(signal.SIGINT)
    _, alive = psutil.wait_procs(processes, timeout=20)
    assert alive == [], site.output.read_text()


def test_taken_port_is_named_with_a_command_that_works(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = subprocess.run(
            [sys.executable, "-m", "fintechsite.run"],
            cwd=ROOT,
            env=os.environ | {"PORT": str(port), "DATA_DIR": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.returncode == 1
    assert f"Port {port} is taken. Choose another: PORT=" in result.stderr
    assert not (tmp_path / "data" / "postgres").exists()


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/nothing", "not-an-address", "foo://bar"]
)
def test_address_of_no_database_is_told_without_a_traceback(tmp_path: Path, url: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "fintechsite.run"],
        cwd=ROOT,
        env=os.environ
        | {"PORT": str(free_port()), "DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "DATABASE_URL is the address of the server" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("value", ["0", "65536", "http", "-1", "８０００"])
def test_port_that_is_no_port_is_refused(value: str) -> None:
    with pytest.raises(PortError, match="from 1 to 65535"):
        chosen_port(value)


def test_port_without_a_choice_is_8000() -> None:
    assert chosen_port(None) == chosen_port("") == 8000
    assert chosen_port("8001") == 8001


def test_free_port_is_accepted() -> None:
    ensure_free("127.0.0.1", free_port())
