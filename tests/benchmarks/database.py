"""A private cluster for one run: worlds are built once as templates and copied for each side."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

ADMIN = "postgres"


class Databases:
    """The databases of one cluster, by name."""

    def __init__(self, url: str) -> None:
        self.url = url

    def address(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def create(self, name: str, template: str = "template0") -> str:
        """Made anew, as a copy of the template; its address. What was written is on disk then."""
        self.drop(name)
        copied = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._run(copied.format(Identifier(name), Identifier(template)))
        self._run(SQL("CHECKPOINT"))
        return self.address(name)

    def drop(self, name: str) -> None:
        self._run(SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(Identifier(name)))

    def exists(self, name: str) -> bool:
        with psycopg.connect(self.address(ADMIN)) as connection:
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
            return found.fetchone() is not None

    def fetch(self, name: str, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.address(name)) as connection:
            return connection.execute(query).fetchall()  # type: ignore[call-overload, no-any-return]

    def version(self) -> str:
        with psycopg.connect(self.address(ADMIN)) as connection:
            return str(connection.info.parameter_status("server_version"))

    def _run(self, statement: object) -> None:
        with psycopg.connect(self.address(ADMIN), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


@contextmanager
def private_cluster() -> Iterator[Databases]:
    """The embedded PostgreSQL in a temporary folder, without fsync, for all sides alike."""
    server = subprocess.Popen(
        [sys.executable, "-m", "fintechsite.embedded", "--temporary"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        url = server.stdout.readline().strip()
        if not url:
            sys.exit("The database of the benchmark did not start (see above).")
        yield Databases(url)
    finally:
        server.stdin.close()
        server.wait(timeout=120)
