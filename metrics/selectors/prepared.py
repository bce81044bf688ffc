"""Statements that are planned once a connection, and querysets that are written once a process.

To plan a page of observations takes as long as to read a small one; to put a queryset of some
joins together takes longer than to answer it.

By PREPARE and EXECUTE through Django's own cursor, so that what counts or logs statements sees
them. A pooler that hands a transaction to any connection has to keep prepared statements, or
DATABASE_PREPARE is to be off.
"""

import re
from collections.abc import Callable, Collection, Sequence
from copy import copy
from inspect import signature
from itertools import count
from types import SimpleNamespace
from typing import Any, Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection
from django.db.models import Expression, QuerySet

from metrics.lookups import as_array

Row = TypeVar("Row")

# What each connection has prepared: names by statement. There are some dozens of them at most.
_prepared: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
_MOST: Final = 200
_PLACE: Final = re.compile("%[s%]")


def execute_prepared(cursor: Any, statement: str, parameters: Sequence[Any]) -> None:
    """Execute a statement with %s for parameters, whose types it must tell by itself."""
    cursor.execute(executing(cursor, statement, parameters), parameters)


def executing(cursor: Any, statement: str, parameters: Sequence[Any]) -> str:
    """What executes the statement with these parameters, prepared now where it was not."""
    known = _prepared.setdefault(_connection(), {})
    if not settings.DATABASE_PREPARE or (statement not in known and len(known) >= _MOST):
        return statement
    if statement not in known:
        name = f"prepared_{len(known)}"
        # Preparing outlives a transaction that is rolled back.
        cursor.execute(f"PREPARE {name} AS {_numbered(statement)}")
        known[statement] = name
    places = ", ".join(["%s"] * len(parameters))
    return f"EXECUTE {known[statement]} ({places})" if places else f"EXECUTE {known[statement]}"


def _connection() -> Any:
    connection.ensure_connection()
    return connection.connection


def _numbered(statement: str) -> str:
    numbers = count(1)
    return _PLACE.sub(lambda found: f"${next(numbers)}" if found[0] == "%s" else "%", statement)


class Given(Expression):
    """The place of a parameter in a queryset that is written once."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class prepared(Generic[Row]):  # noqa: N801  a decorator
    """The rows of the queryset that a function makes of its arguments, as a list.

    The function is called once, with a place for each argument, which lookups take as they take a
    value (of collections: `any`). Arguments that are None, True or False are given as they are, and
    make a statement of their own: nothing else may decide what the statement is.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._names = tuple(signature(build).parameters)
        self._written: dict[tuple[Any, ...], _Written[Row]] = {}
        self.__doc__ = build.__doc__

    def __call__(self, *given: Any) -> list[Row]:
        asked = dict(zip(self._names, given, strict=True))
        shape = tuple(one if _is_fixed(one) else ... for one in given)
        if shape not in self._written:
            places = [one if _is_fixed(one) else Given(name) for name, one in asked.items()]
            self._written[shape] = _Written(self._build(*places))
        return self._written[shape].rows(asked)


def _value(one: Any) -> Any:
    is_many = isinstance(one, Collection) and not isinstance(one, str | bytes)
    return as_array(one) if is_many else one


def _is_fixed(one: Any) -> bool:
    return one is None or one is True or one is False


class _Written(Generic[Row]):
    """A queryset with the statement that it makes."""

    def __init__(self, queryset: QuerySet[Any, Row]) -> None:
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(connection=connection)
        self._statement, self._parameters = self._compiler.as_sql()
        chosen = [column for column, *_ in self._compiler.select[: self._compiler.col_count]]
        converters = self._compiler.get_converters(chosen)
        self._compiler.get_converters = lambda _chosen: converters  # found once

    def rows(self, given: dict[str, Any]) -> list[Row]:
        parameters = [
            _value(given[p.name]) if isinstance(p, Given) else p for p in self._parameters
        ]
        with connection.cursor() as cursor:
            execute_prepared(cursor, self._statement, parameters)
            found = cursor.fetchall()
        # Django's own way from rows to objects, which asks a queryset for these.
        compiler = copy(self._compiler)
        compiler.execute_sql = lambda *_args, **_options: [found]
        queryset: Any = SimpleNamespace(
            query=SimpleNamespace(get_compiler=lambda *_args, **_options: compiler),
            db=connection.alias,
            model=self._queryset.model,
            _known_related_objects={},
        )
        iterable: Any = self._queryset._iterable_class
        return list(iterable(queryset))
