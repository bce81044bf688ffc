"""Short statements that every request waits for, asked of libpq itself.

A cursor plans the statement anew and goes through Python at each step of the protocol: several
times as long as the statement itself takes.
"""

import re
from collections.abc import Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from psycopg.pq import ExecStatus, TransactionStatus

Cells = tuple[bytes | None, ...]

_BINARY: Final = 1
_PLACE: Final = re.compile(r"\$(\d+)")
_AT_FAULT: Final = (ExecStatus.FATAL_ERROR, ExecStatus.BAD_RESPONSE)
# What each connection has prepared; another one of the same thread has to be told.
_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class AtOnce:
    """A statement with $1, $2 … for texts, whose types it must tell; its columns are text or bytea.

    Where statements are logged, or a pooler keeps none that are prepared, it goes by a cursor.
    """

    def __init__(self, name: str, statement: str) -> None:
        self._name, self._statement = name, statement
        self._as_cursor_has_it = _PLACE.sub(r"%(p\1)s", statement.replace("%", "%%"))

    def row(self, *given: str) -> Cells | None:
        """The first row, None without one. A connection that was lost is made anew, once.

        Django's own check before the first use of a connection would be a second query.
        """
        connection.health_check_done = True  # type: ignore[attr-defined]
        try:
            return self._asked(given)
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or not _is_lost():
                raise
            connection.close()
            return self._asked(given)

    def _asked(self, given: Sequence[str]) -> Cells | None:
        if connection.queries_logged or not settings.DATABASE_PREPARE:
            return self._by_cursor(given)
        connection.ensure_connection()
        raw = connection.connection
        with connection.wrap_database_errors:
            known = _prepared.setdefault(raw, set())
            if self._name not in known:
                name, statement = self._name.encode(), self._statement.encode()
                check(raw, raw.pgconn.prepare(name, statement))
                known.add(self._name)
            texts = [text.encode() for text in given]
            result = raw.pgconn.exec_prepared(self._name.encode(), texts, None, _BINARY)
            check(raw, result)
        if not result.ntuples:
            return None
        return tuple(result.get_value(0, column) for column in range(result.nfields))

    def _by_cursor(self, given: Sequence[str]) -> Cells | None:
        named = {f"p{number}": text for number, text in enumerate(given, 1)}
        with connection.cursor() as cursor:
            cursor.execute(self._as_cursor_has_it, named)
            row = cursor.fetchone()
        return None if row is None else tuple(_bytes(cell) for cell in row)


def _bytes(cell: Any) -> bytes | None:
    if cell is None:
        return None
    return cell.encode() if isinstance(cell, str) else bytes(cell)


def _is_lost() -> bool:
    raw = connection.connection
    return raw is None or raw.closed


def results_of(raw: "psycopg.Connection[Any]", statements: str) -> list[Any]:
    """What libpq answers to several statements, sent together; an error of any is raised."""
    raw.pgconn.send_query(statements.encode())
    results = []
    while (result := raw.pgconn.get_result()) is not None:
        results.append(result)
    for result in results:
        check(raw, result)
    return results


def check(raw: "psycopg.Connection[Any]", result: Any) -> None:
    """Raise what a cursor would."""
    if result.status in _AT_FAULT:
        if raw.pgconn.transaction_status == TransactionStatus.UNKNOWN:
            raise psycopg.OperationalError(result.error_message.decode(errors="replace"))
        raise psycopg.errors.error_from_result(result)
