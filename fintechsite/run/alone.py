"""One `make run` a data folder: two would share a database, a broker and one beat's schedule."""

import fcntl
import os
from pathlib import Path
from typing import IO


class RunningError(Exception):
    """The message says where the other one answers, and how to have both."""


def alone_on(folder: Path, site: str) -> IO[str]:
    """Take the folder for the site at an address; keep what is returned open while it runs.

    The system lets go of the lock when the process dies, however it dies. Raises RunningError
    where another holds it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "run.lock").open("a+")
    except OSError as error:
        raise RunningError(
            f"The data folder {folder} cannot be written: {error.strerror}. Run as its owner, "
            "or set DATA_DIR to a folder of your own."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        where = lock.read().strip()
        lock.close()
        raise RunningError(
            f"The site is running already on {folder}: {where}\n"
            "Stop it there with Ctrl-C, or give this one a data folder of its own: "
            f"DATA_DIR={folder}-2 PORT={_other_port(site)} make run"
        ) from None
    lock.truncate(0)
    lock.write(f"{site} (process {os.getpid()})\n")
    lock.flush()
    return lock


def _other_port(site: str) -> int:
    port = int(site.rpartition(":")[2])
    return port + 1 if port < 65535 else 8000
