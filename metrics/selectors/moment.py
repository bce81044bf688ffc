"""Answers of one moment: every query of a page or API answer sees the same rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """Read in one REPEATABLE READ READ ONLY transaction; its first query should read the seq.

    Inside a transaction that is already open (a test's, a preview's) nothing is added: isolation
    can only be set before the first query.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
