"""Several statements in one journey to the database, all of one moment."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from metrics.selectors.at_once import Cells, results_of
from metrics.selectors.moment import OF_ONE_MOMENT
from metrics.selectors.prepared import executing

Asked = tuple[str, Sequence[Any]]


def texts_of_one_moment(*asked: Asked) -> list[list[Cells]]:
    """The rows of several statements with %s for parameters; cells as text.

    Outside a transaction they make one of their own, which ends with them: by the protocol, so
    that nothing is sent for its begin and end. Not decoded: a page goes out as it comes in.
    """
    with connection.cursor() as cursor:
        steps = [executing(cursor, statement, parameters) for statement, parameters in asked]
        if not connection.in_atomic_block:
            steps.insert(0, OF_ONE_MOMENT)
        given = [one for _, parameters in asked for one in parameters]
        find = _by_cursor if connection.queries_logged else _at_once
        found = find(cursor, ";\n".join(steps), given)
    return [_cells(result) for result in found[-len(asked) :]]


def _by_cursor(cursor: Any, statements: str, given: Sequence[Any]) -> list[Any]:
    cursor.execute(statements, given)
    found = [cursor.cursor.pgresult]
    while cursor.nextset():
        found.append(cursor.cursor.pgresult)
    return found


def _at_once(cursor: Any, statements: str, given: Sequence[Any]) -> list[Any]:
    """A cursor makes itself ready to read rows one by one, of each of the statements."""
    with connection.wrap_database_errors:
        return results_of(connection.connection, cursor.cursor.mogrify(statements, given))


def _cells(result: Any) -> list[Cells]:
    columns = range(result.nfields)
    return [
        tuple(result.get_value(row, column) for column in columns) for row in range(result.ntuples)
    ]
