"""Answers of one moment: every query of a page or API answer sees the same rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from metrics.models import Change


@contextmanager
def consistent_read() -> Iterator[int]:
    """Read in one REPEATABLE READ READ ONLY transaction; yields the seq that it reads at.

    Inside a transaction that is already open (a test's, a preview's) only the seq is read:
    isolation can only be set before the first query.
    """
    if connection.in_atomic_block:
        yield Change.objects.latest_seq()
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Change.objects.latest_seq()
