"""A real worker on the configured broker: a folder, Redis or RabbitMQ."""

import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from fintechsite import celery_app

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60

pytestmark = pytest.mark.worker


@pytest.fixture
def worker() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The name and the process of a worker that runs during the test."""
    name = f"test-{uuid.uuid4().hex[:8]}@localhost"
    options = ["--hostname", name, "--pool", "solo", "--without-gossip", "--without-mingle"]
    command = [sys.executable, "-m", "celery", "--app", "fintechsite", "--quiet", "worker"]
    process = subprocess.Popen([*command, *options, "--loglevel", "error"], cwd=ROOT)
    yield name, process
    process.terminate()
    process.wait(30)


def registered_tasks(name: str, process: subprocess.Popen[bytes]) -> list[str]:
    """What the worker says it can do, asked over the broker until it answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the worker ended by itself (see its output)"
        answer = celery_app.control.inspect(destination=[name], timeout=1).registered() or {}
        if name in answer:
            return list(answer[name])
    raise AssertionError(f"{name} did not answer within {START_SECONDS} seconds")


def test_worker_answers_and_knows_what_beat_sends(
    worker: tuple[str, subprocess.Popen[bytes]],
) -> None:
    scheduled = {entry["task"] for entry in celery_app.conf.beat_schedule.values()}
    assert scheduled == {
        "metrics.sweep",
        "metrics.resume_imports",
        "metrics.publish_due",
        "cases.mail_drift",
        "cases.export_if_due",
        "cases.export",
        "partners.deliver",
        "partners.tidy",
    }
    assert scheduled <= set(registered_tasks(*worker))
