"""The embedded server: made, shared, stopped, found after a kill, refused with a reason."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from fintechsite.embedded import EmbeddedDatabaseError
from fintechsite.embedded.account import Account
from fintechsite.embedded.binaries import Binaries, choose, installations
from fintechsite.embedded.cluster import Cluster
from fintechsite.embedded.lease import Lease

pytestmark = pytest.mark.private

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def fast_clusters(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test needs its data to survive a crash of the machine."""
    from fintechsite.embedded import cluster

    monkeypatch.setattr(cluster, "SETTINGS", cluster.SETTINGS | cluster.NOT_DURABLE)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder, whose server is gone at the end whatever the test did."""
    # Not tmp_path: any pytest session closes the folders above it to the server's own user.
    parent = Path(tempfile.mkdtemp(prefix="fintech-data-"))
    parent.chmod(0o711)
    data = parent / "data"
    yield data
    for process in servers_on(data):
        process.kill()
        process.wait(10)
        shutil.rmtree(socket_folder_of(data))
    shutil.rmtree(parent)


def servers_on(data: Path) -> list[psutil.Process]:
    found = psutil.process_iter(["cmdline"])
    return [each for each in found if str(data / "postgres") in (each.info["cmdline"] or [])]


def socket_folder_of(data: Path) -> Path:
    return Path((data / "postgres" / "postmaster.pid").read_text().splitlines()[4])


def answer(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT 1").fetchone()
    assert row is not None
    return int(row[0])


def test_first_lease_starts_and_last_lease_stops_the_server(folder: Path) -> None:
    first, second = Lease(folder), Lease(folder)
    url = first.acquire()
    assert second.acquire() == url
    assert (folder / "database-url").read_text() == f"{url}\n"
    first.release()
    assert answer(url) == 1
    second.release()
    second.release()
    assert not servers_on(folder)
    assert not (folder / "database-url").exists()


def test_data_written_under_one_lease_is_there_under_the_next(folder: Path) -> None:
    lease = Lease(folder)
    with psycopg.connect(lease.acquire()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 8.29 AS value")
    lease.release()
    again = Lease(folder)
    with psycopg.connect(again.acquire()) as connection:
        assert connection.execute("SELECT value::text FROM kept").fetchone() == ("8.29",)
    again.release()


def test_server_killed_with_its_record_left_behind_starts_again(folder: Path) -> None:
    lease = Lease(folder)
    lease.acquire()
    (server,) = servers_on(folder)
    server.kill()
    server.wait(10)
    assert (folder / "postgres" / "postmaster.pid").exists()
    again = Lease(folder)
    assert answer(again.acquire()) == 1
    again.release()


def test_record_that_names_a_foreign_process_is_not_believed(folder: Path) -> None:
    lease = Lease(folder)
    lease.acquire()
    record = folder / "postgres" / "postmaster.pid"
    lines = record.read_text().splitlines()
    lease.release()
    record.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    again = Lease(folder)
    assert answer(again.acquire()) == 1
    again.release()


def test_server_left_by_a_killed_command_is_joined_and_then_stopped(folder: Path) -> None:
    command = [sys.executable, "-m", "fintechsite.embedded"]
    environment = os.environ | {"DATA_DIR": str(folder), "DEBUG": "true"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        process.kill()
    assert answer(url) == 1
    lease = Lease(folder)
    assert lease.acquire() == url
    lease.release()
    assert not servers_on(folder)


def test_commands_at_the_same_time_share_one_server(folder: Path) -> None:
    command = [sys.executable, "-m", "fintechsite.embedded"]
    environment = os.environ | {"DATA_DIR": str(folder), "DEBUG": "true"}
    processes = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    urls = {each.stdout.readline().strip() for each in processes if each.stdout}
    assert len(urls) == 1
    assert len(servers_on(folder)) == 1
    for each in processes:
        each.send_signal(signal.SIGTERM)
        assert each.wait(30) == 0
        if each.stdout:
            each.stdout.close()
    assert not servers_on(folder)


def test_temporary_server_ends_with_the_process_that_wanted_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "fintechsite.embedded", "--temporary"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert answer(url) == 1
        process.stdin.close()
        assert process.wait(30) == 0
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_path_too_long_for_a_socket_still_serves(folder: Path) -> None:
    lease = Lease(folder / ("long-" * 20) / ("deep-" * 20))
    try:
        assert answer(lease.acquire()) == 1
    finally:
        lease.release()


def test_folder_that_holds_something_else_is_refused(folder: Path) -> None:
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "novel.txt").write_text("once upon a time")
    with pytest.raises(EmbeddedDatabaseError, match=r"is not empty .* DATA_DIR"):
        Lease(folder).acquire()


def test_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EmbeddedDatabaseError, match=r"cannot be written: .* DATA_DIR"):
        Lease(tmp_path / "file" / "data").acquire()


def test_folder_taken_by_a_silent_server_is_refused(folder: Path) -> None:
    lease = Lease(folder)
    lease.acquire()
    (server,) = servers_on(folder)
    (socket_folder_of(folder) / ".s.PGSQL.5432").unlink()
    with pytest.raises(EmbeddedDatabaseError, match=rf"is taken: .*process {server.pid}\)"):
        Lease(folder).acquire()


def test_folder_of_a_version_that_is_missing_is_refused(folder: Path) -> None:
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedDatabaseError, match=r"made by PostgreSQL 9, .* has: 18"):
        Lease(folder).acquire()


def test_choice_for_a_new_folder_is_the_first_installation() -> None:
    wheel, machine = Binaries(Path("/w"), 18, True), Binaries(Path("/m"), 15)
    assert choose([wheel, machine], None) == wheel
    assert choose([wheel, machine], 15) == machine


def test_choice_without_any_installation_says_what_to_do() -> None:
    with pytest.raises(EmbeddedDatabaseError, match=r"make install.*DATABASE_URL"):
        choose([], None)


def test_installations_start_with_the_wheel() -> None:
    first = installations()[0]
    assert first.from_wheel
    assert first.major == 18


def test_missing_wheel_falls_back_to_the_machine(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stands in for a machine's PostgreSQL with the wheel's programs, reached as the machine's."""
    from fintechsite.embedded import binaries

    real = installations()[0].folder
    monkeypatch.setattr(binaries, "WHEEL", "no_such_wheel")
    monkeypatch.setattr(binaries, "_machine_folders", lambda: iter([real]))
    assert [each.from_wheel for each in installations()] == [False]
    cluster = Cluster(folder / "postgres", durable=False)
    folder.mkdir()
    assert answer(cluster.start()) == 1
    cluster.stop()


def test_lent_account_opens_only_passage_through_closed_folders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = tmp_path / "closed"
    target = closed / "data"
    target.mkdir(parents=True)
    closed.chmod(0o700)
    Account(uid=999_999, gid=999_999, is_lent=True).open_way_to(target)
    assert closed.stat().st_mode & 0o777 == 0o701
    assert f"pass through (not list) {closed}" in capsys.readouterr().err


def test_own_account_changes_no_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "data").mkdir()
    Account(os.geteuid(), os.getegid(), is_lent=False).open_way_to(tmp_path / "data")
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_socket_folder_is_closed_to_others(folder: Path) -> None:
    lease = Lease(folder)
    lease.acquire()
    socket_folder = socket_folder_of(folder)
    assert socket_folder.stat().st_mode & 0o077 == 0
    lease.release()
    assert not socket_folder.exists()


def test_server_whose_folder_was_closed_meanwhile_still_stops(folder: Path) -> None:
    lease = Lease(folder)
    lease.acquire()
    folder.parent.chmod(0o700)
    lease.release()
    assert not servers_on(folder)
