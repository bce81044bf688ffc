"""Answers of one moment: every query of a page or API answer sees the same rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

from django.db import connection, transaction
from django.utils.dateparse import parse_date, parse_datetime

from metrics.models import Change

# The second is for what is prepared (selectors.prepared): planned once, for any parameters.
OF_ONE_MOMENT = """SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL plan_cache_mode = force_generic_plan"""
LATEST = "SELECT COALESCE(max(seq), 0) FROM metrics_change"
# One journey to the database.
_ONE_MOMENT = f"{OF_ONE_MOMENT};\n{LATEST}"


class MomentError(ValueError):
    """A text that names no moment."""


def moment_of(text: str) -> datetime:
    """The instant that a text names: 2027-03-01 (the end of that day, UTC), or an instant with its
    offset, 2027-03-01T08:30:00Z. Raises MomentError.
    """
    try:
        day = parse_date(text)
        instant = parse_datetime(text.replace(" ", "+")) if day is None else None
        if day is not None:
            following = datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)
            return following - timedelta(microseconds=1)
        # In UTC, as one near the ends of the calendar cannot be.
        return instant.astimezone(UTC) if instant and instant.tzinfo else _refused(text)
    except (ValueError, OverflowError) as error:
        raise MomentError(text) from error


def _refused(text: str) -> datetime:
    raise MomentError(text)


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
            cursor.execute(_ONE_MOMENT)
            while cursor.nextset():  # to the last of the three
                pass
            (seq,) = cursor.fetchone()
        yield seq
