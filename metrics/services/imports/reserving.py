"""Ids of series that are only proposed: rows are kept under them before the series exist."""

from django.db import connection

_NEXT = """
    SELECT nextval(pg_get_serial_sequence('metrics_series', 'id')) FROM generate_series(1, %s)
"""


class ReservedIds:
    """Ids of the sequence of series, taken in ever larger lots.

    On a connection of its own: rows are being copied on the other one, which cannot be asked.
    """

    def __init__(self) -> None:
        self._left: list[int] = []
        self._lot = 250

    def take(self) -> int:
        if not self._left:
            self._lot *= 2
            own = connection.copy()
            try:
                with own.cursor() as cursor:
                    cursor.execute(_NEXT, [self._lot])
                    self._left = [pk for (pk,) in reversed(cursor.fetchall())]
            finally:
                own.close()
        return self._left.pop()
