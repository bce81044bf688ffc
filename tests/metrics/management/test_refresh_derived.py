"""The command: progress, several processes, verification, clear ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from metrics.models import DerivedValue, RefreshRun, SeriesSummary, StaleSeries
from metrics.services.refresh import mark_everything, refresh_all
from metrics.services.verification import verify_derived
from tests.metrics.factories import make_series, publish
from tests.metrics.large import LargeGroup, large_group

ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("refresh_derived", *arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.fixture
def on_test_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """What processes of the command find in their environment."""
    name = connection.settings_dict["NAME"]
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    monkeypatch.setenv("DATABASE_URL", url)


@pytest.fixture
def processes(on_test_database: None) -> Iterator[list[subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.wait(30)


def start_worker(processes: list[subprocess.Popen[bytes]]) -> None:
    command = [sys.executable, "-m", "django", "refresh_derived", "--verbosity", "0"]
    processes.append(subprocess.Popen(command, cwd=ROOT))


def wait_until(condition: Any, processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        assert any(process.poll() is None for process in processes), "all ended too early"
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("on_test_database")
def test_several_processes_work_off_everything_and_tell_so() -> None:
    large_group(200)
    told = run("--all", "--workers", "2")
    assert told.startswith("marked ")
    assert " series and " in told
    assert told.endswith("nothing is due\n")
    assert DerivedValue.objects.count() == 3 * 401
    assert run("--verify").endswith("values compared: no difference\n")


@pytest.mark.django_db(transaction=True)
def test_two_killed_workers_leave_what_a_third_completes(
    processes: list[subprocess.Popen[bytes]],
) -> None:
    """SIGKILL in mid-refresh: what is written is right, the rest is still due."""
    large = large_group(1_500, years=12)
    mark_everything()
    start_worker(processes)
    start_worker(processes)
    wait_until(lambda: RefreshRun.objects.filter(written__gt=0).count() >= 2, processes)
    for process in processes:
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL
    assert StaleSeries.objects.exists()
    assert DerivedValue.objects.count() < 12 * 3_001
    half = verify_derived()
    assert half.differences == []
    assert half.waiting
    refresh_all(now=timezone.now())
    whole = verify_derived()
    assert (whole.differences, whole.waiting) == ([], 0)
    assert DerivedValue.objects.filter(series__in=_outputs(large)).count() == 12 * 3_001


def _outputs(large: LargeGroup) -> set[int]:
    return {
        pk
        for rule in large.rules.values()
        for version in rule.versions.all()
        for pk in version.inputs.values_list("output_id", flat=True)
    }


@pytest.mark.django_db(transaction=True)
def test_worker_killed_while_it_waits_to_publish_loses_nothing(
    processes: list[subprocess.Popen[bytes]],
) -> None:
    """The latest point: everything is computed, the publishing lock is held by another."""
    large = large_group(50)
    large.mark()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", (0x66696E74, 0x736571))
        start_worker(processes)
        wait_until(_somebody_waits, processes)
        os.kill(processes[0].pid, signal.SIGKILL)
        processes[0].wait(30)
    assert not DerivedValue.objects.exists()
    wait_until_gone()
    refresh_all(now=timezone.now())
    assert DerivedValue.objects.count() == 3 * 101


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(cursor.fetchone()[0])


def wait_until_gone() -> None:
    """Until the server has noticed that the killed process is gone and taken everything back."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("the killed worker's connection stays")


@pytest.mark.django_db
def test_quiet_command_works_off_what_is_due() -> None:
    series = make_series("x.users")
    publish((series, "2018", "10"))
    assert run(verbosity=0) == ""
    assert SeriesSummary.objects.filter(series=series).exists()
    assert not StaleSeries.objects.exists()


@pytest.mark.django_db
def test_difference_is_told_and_ends_with_status_one() -> None:
    series = make_series("x.users")
    publish((series, "2018", "10"))
    run(verbosity=0)
    SeriesSummary.objects.filter(series=series).update(count=7)
    out = StringIO()
    with pytest.raises(CommandError, match="1 differences") as raised:
        call_command("refresh_derived", "--verify", stdout=out, stderr=out)
    assert raised.value.returncode == 1
    assert "x.users: summary: stored count 7, computed count 1" in out.getvalue()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("on_test_database")
def test_target_that_fails_and_waits_is_told_and_ends_with_status_one() -> None:
    StaleSeries.objects.create(
        series=make_series("x.users"),
        attempts=1,
        error="no such nature",
        retry_at=timezone.now() + timedelta(hours=1),
    )
    out = StringIO()
    with pytest.raises(CommandError, match="1 target"):
        call_command("refresh_derived", stdout=out, stderr=out)
    assert "series x.users : no such nature" in out.getvalue()


@pytest.mark.django_db
def test_targets_that_are_due_are_named_when_verifying() -> None:
    publish((make_series("x.users"), "2018", "10"))
    assert "1 targets are due and were not compared" in run("--verify")


@pytest.mark.parametrize("arguments", [["--workers", "0"], ["--workers", "65"], ["--workers", "x"]])
def test_wrong_number_of_workers_says_what_is_expected(arguments: list[str]) -> None:
    with pytest.raises(CommandError, match="expected a number from 1 to 64"):
        run(*arguments)


@pytest.mark.parametrize("more", [["--all"], ["--workers", "2"]])
def test_verify_goes_with_nothing_that_writes(more: list[str]) -> None:
    with pytest.raises(CommandError, match="neither"):
        run("--verify", *more)
