"""The one public clock: every publishing transaction ticks it once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import connection, transaction

from metrics.models import Change, DefinitionEdit, Release
from metrics.querysets import SETTLING

# The two halves of the advisory lock that serialises publishing: "fint", "seq".
PUBLISHING_LOCK = (0x66696E74, 0x736571)


def lock_clock() -> None:
    """Wait for and take the publishing lock, held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", PUBLISHING_LOCK)


def try_lock_clock_shared() -> bool:
    """Keep the clock from ticking to the end of the transaction; many may hold this at once.

    False, without waiting, while somebody publishes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s, %s)", PUBLISHING_LOCK)
        return bool(cursor.fetchone()[0])


def tick(kind: str, *, now: datetime, release: Release | None = None, actor: Any = None) -> Change:
    """Write the next Change. The caller holds the publishing lock.

    `published_at` is `now`, or a microsecond after the last change where the machine's clock
    stands still or goes back: instants strictly increase with seq.
    """
    last = Change.objects.order_by("-seq").first()
    if last is not None:
        now = max(now, last.published_at + timedelta(microseconds=1))
    change = Change.objects.create(
        seq=last.seq + 1 if last else 1,
        published_at=now,
        kind=kind,
        release=release,
        actor=actor if getattr(actor, "pk", None) else None,
    )
    date_definitions(change)
    return change


def date_definitions(change: Change) -> None:
    """Say of the definitions edited since the last tick that readers have them from this one on."""
    DefinitionEdit.objects.filter(seq=None).update(seq=change.seq)


def settle(change: Change, started: float) -> None:
    """Move `published_at` of a publication that took long to its end; call it last.

    A reader who asked in the meantime for the data of that moment was answered without this
    change, so the change must not claim to have been there. What is shorter than half of SETTLING
    keeps the instant it was given: no reader is answered about moments as late as that.
    `started` is `time.monotonic()` of before the lock was waited for.
    """
    took = timedelta(seconds=monotonic() - started)
    if took > SETTLING / 2:
        change.published_at += took
        change.save(update_fields=["published_at"])


@contextmanager
def publishing(
    kind: str, *, now: datetime, release: Release | None = None, actor: Any = None
) -> Iterator[Change]:
    """A publishing transaction: lock, tick, do the work, save what the change says of itself."""
    started = monotonic()
    with transaction.atomic():
        lock_clock()
        change = tick(kind, now=now, release=release, actor=actor)
        yield change
        change.save(update_fields=["summary"])
        settle(change, started)
