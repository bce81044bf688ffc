"""The kept page of an address, found by one query that is as short as it can be made."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

import psycopg
from django.conf import settings
from django.db import connection
from psycopg.pq import ExecStatus

RENDERED_BY: Final = ("templates", "cases", "metrics", "static", "fintechsite/locale")
# Written out: to put this together from models takes longer than to answer it.
_FOUND: Final = """
    SELECT etag, CASE WHEN etag = ANY({known}::text[]) THEN NULL ELSE {column} END
    FROM cases_pagesnapshot WHERE path = {path} AND seq_to IS NULL
"""
_COLUMNS: Final = {True: "gzipped", False: "html"}
_BINARY: Final = 1
_AT_FAULT: Final = (ExecStatus.FATAL_ERROR, ExecStatus.BAD_RESPONSE)
# The connections that know the statements; another one of the same thread has to be told.
_prepared: "WeakSet[psycopg.Connection[Any]]" = WeakSet()

Found = tuple[str, bytes | None]


@dataclass(frozen=True, slots=True)
class Served:
    """A snapshot as it goes out; `body` is None where the reader has it already."""

    etag: str
    body: bytes | None


@cache
def code_digest() -> str:
    """What renders pages, as a digest: a snapshot made by other code is not served."""
    digest = blake2b(digest_size=6)
    for folder in RENDERED_BY:
        for path in sorted((Path(settings.BASE_DIR) / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".po", ".css", ".js"):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def find_snapshot(path: str, *, gzipped: bool, known_etags: Collection[str] = ()) -> Served | None:
    """The current snapshot of a path, made by this code. One query."""
    known = [tag for tag in known_etags if tag.replace("-", "").isalnum()]
    find = _logged if connection.queries_logged else _at_once
    found = find(path, _COLUMNS[gzipped], known)
    if found is None or not found[0].startswith(code_digest()):
        return None
    return Served(*found)


def _logged(path: str, column: str, known: list[str]) -> Found | None:
    """Through Django's cursor, so that the query is in its log."""
    statement = _FOUND.format(known="%s", column=column, path="%s")
    with connection.cursor() as cursor:
        cursor.execute(statement, [known, path])
        row = cursor.fetchone()
    return None if row is None else (row[0], None if row[1] is None else bytes(row[1]))


def _at_once(path: str, column: str, known: list[str]) -> Found | None:
    """By a statement that the server keeps prepared, asked of libpq itself.

    A cursor plans the query anew, gets the bytes as text, and goes through Python at each step of
    the protocol: four times as long as the query takes, for every reader of every page.
    """
    connection.ensure_connection()
    raw = connection.connection
    with connection.wrap_database_errors:
        if raw not in _prepared:
            _prepare(raw)
        given = ["{" + ",".join(known) + "}", path]
        result = raw.pgconn.exec_prepared(
            f"kept_{column}".encode(), [one.encode() for one in given], None, _BINARY
        )
        _check(raw, result)
    if not result.ntuples:
        return None
    return result.get_value(0, 0).decode(), result.get_value(0, 1)


def _prepare(raw: "psycopg.Connection[Any]") -> None:
    for column in _COLUMNS.values():
        statement = _FOUND.format(known="$1", column=column, path="$2")
        _check(raw, raw.pgconn.prepare(f"kept_{column}".encode(), statement.encode()))
    _prepared.add(raw)


def _check(raw: "psycopg.Connection[Any]", result: Any) -> None:
    """Raise what a cursor would."""
    if result.status in _AT_FAULT:
        if raw.pgconn.transaction_status == psycopg.pq.TransactionStatus.UNKNOWN:
            raise psycopg.OperationalError(result.error_message.decode(errors="replace"))
        raise psycopg.errors.error_from_result(result)
