"""Sharing one server between commands: the first starts it, the last stops it.

Two lock files in the data folder. `database.lock` is held only while somebody looks, starts or
stops. `database.users` is held in share by every command that uses the server, so "am I the last?"
is "can I have it alone?". The system lets go of a lock when its process dies, however it dies: no
count can go wrong, and a server left behind by `kill -9` is joined, and stopped, by the next one.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from fintechsite.embedded.cluster import Cluster
from fintechsite.embedded.errors import EmbeddedDatabaseError

URL_FILE = "database-url"


class Lease:
    """One command's use of the server on ``folder/postgres``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.cluster = Cluster(self.folder / "postgres")
        self._users: IO[str] | None = None
        self._owner = 0

    def acquire(self) -> str:
        """Join the running server or start it; return its address."""
        with self._alone():
            url = self.cluster.running_url()
            if url is None:
                url = self.cluster.start()
            self._write_url(url)
            self._users = self._open("database.users")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            self._owner = os.getpid()
        return url

    def release(self) -> None:
        """Leave the server; stop it where nobody else uses it. Safe to call twice."""
        # A forked child inherits this object, and must not end what its parent uses.
        if self._users is None or self._owner != os.getpid():
            return
        with self._alone():
            try:
                # Turning the shared lock into a lone one fails while anybody else shares it.
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                fcntl.flock(self._users, fcntl.LOCK_UN)
            else:
                (self.folder / URL_FILE).unlink(missing_ok=True)
                self.cluster.stop()
            self._users.close()
            self._users = None

    def _open(self, name: str) -> IO[str]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return (self.folder / name).open("a")
        except OSError as error:
            raise EmbeddedDatabaseError(
                f"The data folder {self.folder} cannot be written: {error.strerror}. Run as its "
                "owner, or set DATA_DIR to a folder of your own, or set DATABASE_URL to a server."
            ) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._open("database.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write_url(self, url: str) -> None:
        draft = self.folder / f"{URL_FILE}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(f"{url}\n")
        draft.rename(self.folder / URL_FILE)
