"""`python -m fintechsite.embedded`: the server as a process of its own.

Prints the address, then serves until SIGTERM or Ctrl-C. With `--temporary` it serves a new,
empty cluster in a temporary folder until its standard input is closed: that happens when the
process that wants it ends, even by kill -9, so no test run leaves a server behind.
"""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from fintechsite.embedded.cluster import Cluster
from fintechsite.embedded.errors import EmbeddedDatabaseError
from fintechsite.embedded.lease import Lease
from fintechsite.environment import DATA_DIR

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def serve_temporary() -> None:
    for each in STOPPING:
        signal.signal(each, signal.SIG_IGN)
    folder = Path(tempfile.mkdtemp(prefix="fintech-test-")).resolve()
    folder.chmod(0o711)  # the server may run as another user, and passes through
    cluster = Cluster(folder / "postgres", durable=False)
    try:
        print(cluster.start(), flush=True)
        sys.stdin.read()
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def serve_shared() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    lease = Lease(DATA_DIR)
    print(lease.acquire(), flush=True)
    signal.sigwait(STOPPING)
    lease.release()


def main() -> None:
    parser = argparse.ArgumentParser(prog="fintechsite.embedded", description=__doc__)
    parser.add_argument("--temporary", action="store_true", help="a new cluster, until EOF")
    serve = serve_temporary if parser.parse_args().temporary else serve_shared
    try:
        serve()
    except EmbeddedDatabaseError as error:
        sys.exit(f"The embedded database did not start.\n{error}")


if __name__ == "__main__":
    main()
