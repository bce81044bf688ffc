"""Statements that are planned once a connection: planning a page of observations takes as long as
reading a small one.

By PREPARE and EXECUTE through Django's own cursor, so that what counts or logs statements sees
them. A pooler that hands a transaction to any connection has to keep prepared statements, or
DATABASE_PREPARE is to be off.
"""

from collections.abc import Sequence
from itertools import count
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection

# What each connection has prepared: names by statement. There are some dozens of them at most.
_prepared: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
_MOST: Final = 200


def execute_prepared(cursor: Any, statement: str, parameters: Sequence[Any]) -> None:
    """Execute a statement with %s for parameters, whose types it must tell by itself."""
    known = _prepared.setdefault(_connection(), {})
    if not settings.DATABASE_PREPARE or (statement not in known and len(known) >= _MOST):
        cursor.execute(statement, parameters)
        return
    if statement not in known:
        name = f"prepared_{len(known)}"
        # Preparing outlives a transaction that is rolled back.
        cursor.execute(f"PREPARE {name} AS {_numbered(statement)}")
        known[statement] = name
    places = ", ".join(["%s"] * len(parameters))
    cursor.execute(f"EXECUTE {known[statement]} ({places})", parameters)


def _connection() -> Any:
    connection.ensure_connection()
    return connection.connection


def _numbered(statement: str) -> str:
    first, *rest = statement.split("%s")
    numbers = count(1)
    return first + "".join(f"${next(numbers)}{part}" for part in rest)
