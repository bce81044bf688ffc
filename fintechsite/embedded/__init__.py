"""PostgreSQL without an installation: for development, tests and a first look.

`attach_for_process()` gives a command a database: it joins the server that is running on the data
folder, or starts one and stops it again when the last command that uses it ends. The server comes
from a Python wheel (or from the machine, where the wheel is missing) and is a process of its own,
reachable only through a Unix socket in a folder that only its owner may enter.
"""

import atexit
import os
import signal
import sys
from types import FrameType

from fintechsite.embedded.errors import EmbeddedDatabaseError
from fintechsite.embedded.lease import Lease

__all__ = ["EmbeddedDatabaseError", "attach_for_process"]


def _exit_on_signal(signum: int, frame: FrameType | None) -> None:
    # A plain SIGTERM would end Python without atexit, and so leave the server running.
    raise SystemExit(128 + signum)


def attach_for_process() -> None:
    """Set DATABASE_URL for this process and its children, until it ends.

    Does nothing where DATABASE_URL is given, or where DEBUG is off: production names its server.
    A failure to start is printed and ends the process with status 1.
    """
    from fintechsite.environment import DATA_DIR, DEBUG

    if os.environ.get("DATABASE_URL") or not DEBUG:
        return
    lease = Lease(DATA_DIR)
    try:
        os.environ["DATABASE_URL"] = lease.acquire()
    except EmbeddedDatabaseError as error:
        sys.exit(f"The embedded database did not start.\n{error}")
    atexit.register(lease.release)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _exit_on_signal)
