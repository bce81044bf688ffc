"""One PostgreSQL data folder: made, started, found running, stopped."""

import locale
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from fintechsite.embedded.account import Account, database_account
from fintechsite.embedded.binaries import Binaries, choose, installations
from fintechsite.embedded.errors import EmbeddedDatabaseError

DATABASE = "fintech"
SUPERUSER = "postgres"
SOCKET_FOLDER_PREFIX = "fintech-pg-"
# sun_path holds 104 bytes on macOS, 108 on Linux, and PostgreSQL adds "/.s.PGSQL.5432".
LONGEST_SOCKET_FOLDER = 80
START_SECONDS = 60
STOP_SECONDS = 30
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",  # queries here are short: compiling them costs more than it saves
    "log_min_messages": "warning",
}
# For tests only: a crash of the machine would lose the data, and nobody would miss them.
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


def _knows_c_utf8() -> bool:
    """Whether the system has the locale by which letters beyond ASCII fold their case."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return False
    locale.setlocale(locale.LC_CTYPE, before)
    return True


def _end(server: psutil.Process) -> None:
    """Ask for a fast shutdown, and after a while for an immediate one.

    By signal, not by pg_ctl: that needs its way to the folder open, which somebody may have
    closed since the server started.
    """
    for number in (signal.SIGINT, signal.SIGQUIT):
        with suppress(psutil.Error):
            server.send_signal(number)
            server.wait(STOP_SECONDS)
            return


@dataclass(frozen=True, slots=True)
class ServerRecord:
    """What a server writes into postmaster.pid."""

    pid: int
    socket_folder: Path

    @property
    def url(self) -> str:
        return f"postgresql://{SUPERUSER}@/{DATABASE}?host={self.socket_folder}&port=5432"

    def is_postgres(self, data: Path) -> bool:
        """Whether that process is alive, and is this server: a number may have been given anew."""
        try:
            command = psutil.Process(self.pid).cmdline()
        except psutil.Error:
            return False
        return any("postgres" in word for word in command[:1]) and str(data) in command


@dataclass(slots=True)
class Cluster:
    """The cluster in ``data``; ``durable=False`` gives up crash safety for speed (tests)."""

    data: Path
    durable: bool = True
    _account: Account | None = field(default=None, init=False)

    @property
    def account(self) -> Account:
        if self._account is None:
            self._account = database_account(self.data)
        return self._account

    def running_url(self) -> str | None:
        """The address of the server that answers for this very folder, or None."""
        record = self._record()
        return record.url if record and self._answers(record) else None

    def start(self) -> str:
        """Make the cluster if it is new, start the server, return its address.

        The folder that holds ``data`` exists already.
        """
        programs = self._programs()
        self.account.open_way_to(self.data)
        if programs.from_wheel:
            self.account.open_installation(programs.folder.parent)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(programs)
        self._clear_stale_record()
        socket_folder = self._socket_folder()
        self._launch(programs, socket_folder)
        record = ServerRecord(0, socket_folder)
        self._ensure_database(record)
        return record.url

    def stop(self) -> None:
        """Stop the server, ending its connections; nothing happens where none is running."""
        record = self._record()
        if record is None:
            return
        if record.is_postgres(self.data):
            _end(psutil.Process(record.pid))
        self._remove_socket_folder(record)

    # -- parts -----------------------------------------------------------------------------------
    def _programs(self) -> Binaries:
        version = self.data / "PG_VERSION"
        try:
            major = int(version.read_text()) if version.exists() else None
        except PermissionError as error:
            raise self._not_ours() from error
        return choose(installations(), major)

    def _not_ours(self) -> EmbeddedDatabaseError:
        return EmbeddedDatabaseError(
            f"The data folder {self.data} belongs to another user. Run as that user, "
            "set DATA_DIR to a folder of your own, or set DATABASE_URL to a server."
        )

    def _run(self, programs: Binaries, program: str, arguments: list[str | Path]) -> None:
        result = subprocess.run(
            [programs.path(program), *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            cwd="/",
            # PGHOST, PGPORT and the like are for clients of other servers.
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            **self.account.run_as(),
        )
        if result.returncode:
            raise EmbeddedDatabaseError(f"{program}: {result.stderr.strip()}{self._log_end()}")

    def _log_end(self) -> str:
        log = self.data / "server.log"
        try:
            lines = log.read_text(errors="replace").splitlines()[-15:]
        except OSError:
            return ""
        return "\n".join(["", f"The end of {log}:", *lines])

    def _initialise(self, programs: Binaries) -> None:
        """Build the folder beside its place, then move it there: a kill leaves no half cluster."""
        if self.data.exists() and any(self.data.iterdir()):
            raise EmbeddedDatabaseError(
                f"{self.data} is not empty and is no PostgreSQL data folder. Move it away, "
                "or set DATA_DIR to another folder."
            )
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        try:
            draft.mkdir()
        except OSError as error:
            raise EmbeddedDatabaseError(f"{draft} cannot be made: {error.strerror}.") from error
        self.account.take(draft)
        self._initdb(programs, draft)
        if self.data.exists():
            self.data.rmdir()
        draft.rename(self.data)

    def _initdb(self, programs: Binaries, folder: Path) -> None:
        options = ["--auth=trust", "--encoding=UTF8", f"--username={SUPERUSER}", "--locale=C"]
        options += [] if self.durable else ["--no-sync"]
        options += ["--lc-ctype=C.UTF-8"] if _knows_c_utf8() else []
        self._run(programs, "initdb", [*options, "-D", folder])

    def _record(self) -> ServerRecord | None:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return ServerRecord(int(lines[0]), Path(lines[4]))
        except PermissionError as error:
            raise self._not_ours() from error
        except (OSError, ValueError, IndexError):
            return None

    def _answers(self, record: ServerRecord) -> bool:
        query = "SELECT current_setting('data_directory')"
        try:
            with psycopg.connect(record.url, connect_timeout=5) as connection:
                row = connection.execute(query).fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and Path(row[0]) == self.data

    def _clear_stale_record(self) -> None:
        """Remove what a killed server left; refuse where a server really is running."""
        record = self._record()
        if record is None:
            return
        if record.is_postgres(self.data):
            raise EmbeddedDatabaseError(
                f"The data folder {self.data} is taken: PostgreSQL (process {record.pid}) is "
                "running on it and does not answer. End that process and try again."
            )
        (self.data / "postmaster.pid").unlink()
        self._remove_socket_folder(record)

    def _socket_folder(self) -> Path:
        """A new folder with a short name, which only the server (and root) may enter."""
        for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 (made by mkdtemp)
            if len(os.fsencode(parent)) + 24 <= LONGEST_SOCKET_FOLDER and os.access(
                parent, os.W_OK
            ):
                folder = Path(tempfile.mkdtemp(prefix=SOCKET_FOLDER_PREFIX, dir=parent))
                self.account.take(folder)
                self.account.open_way_to(folder)
                return folder
        raise EmbeddedDatabaseError("No temporary folder has a path short enough for a socket.")

    @staticmethod
    def _remove_socket_folder(record: ServerRecord) -> None:
        if record.socket_folder.name.startswith(SOCKET_FOLDER_PREFIX):
            shutil.rmtree(record.socket_folder, ignore_errors=True)

    def _launch(self, programs: Binaries, socket_folder: Path) -> None:
        settings = SETTINGS | ({} if self.durable else NOT_DURABLE)
        settings["unix_socket_directories"] = str(socket_folder)
        options = " ".join(shlex.quote(f"--{name}={value}") for name, value in settings.items())
        arguments: list[str | Path] = ["start", "-w", "-t", str(START_SECONDS)]
        arguments += ["-D", self.data, "-l", self.data / "server.log", "-o", options]
        deadline = time.monotonic() + 10
        while True:
            try:
                return self._run(programs, "pg_ctl", arguments)
            except EmbeddedDatabaseError as error:
                # Children of a killed server let go of its memory within moments.
                if "shared memory block" not in str(error) or time.monotonic() > deadline:
                    shutil.rmtree(socket_folder, ignore_errors=True)
                    raise
            time.sleep(0.2)

    @staticmethod
    def _ensure_database(record: ServerRecord) -> None:
        url = record.url.replace(f"/{DATABASE}?", "/postgres?")
        with psycopg.connect(url, autocommit=True) as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(query, [DATABASE]).fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")
