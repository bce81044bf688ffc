"""Snapshots of pages: kept when rendered, served by one query, dropped by whoever commits a change.

Dropping happens in the publishing transaction, so a snapshot is never older than what it quotes.
"""

import gzip
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Cast

from cases.models import PageSnapshot
from cases.selectors.kept import code_digest
from metrics.models import Change
from metrics.querysets import IntervalQuerySet
from metrics.services.clock import try_lock_clock_shared

BLANKED = "redacted"  # in place of an entity tag
RENDERING_LOCK = 0x70616765  # "page"


@contextmanager
def single_flight(path: str) -> Iterator[None]:
    """Let one connection at a time render a path; the others wait and then find the snapshot.

    A lock of the session: one of a transaction would be taken by the first statement of the
    rendering transaction, whose view of the database would then be older than the wait.
    """
    key = int.from_bytes(blake2b(path.encode(), digest_size=4).digest(), "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [RENDERING_LOCK, key])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [RENDERING_LOCK, key])


def page_etag(html: bytes) -> str:
    """The entity tag of a page, without quotes."""
    return f"{code_digest()}-{blake2b(html, digest_size=12).hexdigest()}"


# One that stands already was made by other code.
_STORE = """
    INSERT INTO cases_pagesnapshot (path, html, gzipped, etag, depends_on, keep, seq_from)
    SELECT %s, %s, %s, %s, %s, %s, latest.seq
    FROM (SELECT COALESCE(max(seq), 0) AS seq FROM metrics_change) latest WHERE latest.seq = %s
    ON CONFLICT (path) WHERE seq_to IS NULL DO UPDATE SET html = excluded.html,
        gzipped = excluded.gzipped, etag = excluded.etag, depends_on = excluded.depends_on,
        keep = excluded.keep, seq_from = excluded.seq_from
"""


def store_snapshot(
    path: str, html: bytes, etag: str, *, seq: int, depends_on: Iterable[str], keep: bool = False
) -> bool:
    """Keep a page rendered at `seq`; False where the clock moves or has moved and it may be stale.

    The shared lock keeps the clock from ticking between the check, a statement that begins after
    it is had, and the commit. No reader waits for it: while somebody publishes, pages are served as
    they were rendered and not kept.
    """
    packed = gzip.compress(html, compresslevel=6, mtime=0)
    with transaction.atomic():
        if not try_lock_clock_shared():
            return False
        with connection.cursor() as cursor:
            cursor.execute(_STORE, [path, html, packed, etag, sorted(depends_on), keep, seq])
            return bool(cursor.rowcount)


def drop_snapshots(
    change: Change,
    *,
    series_ids: Iterable[int] = (),
    case_slugs: Iterable[str] = (),
    texts: bool = False,
    definitions: bool = False,
) -> int:
    """Drop the current snapshots that depend on what changed; how many.

    Those of cases are kept, closed at the change's seq: the record of what readers saw.
    """
    snapshots = PageSnapshot.objects.current()
    if not definitions:
        tags = [f"series:{pk}" for pk in series_ids]
        tags += ["values"] if tags else []  # pages that count values
        tags += [f"case:{slug}" for slug in case_slugs]
        tags += ["texts"] if texts else []
        if not tags:
            return 0
        snapshots = _tagged(snapshots, tags)
    kept = snapshots.filter(keep=True).update(seq_to=change.seq)
    return kept + snapshots.filter(keep=False).delete()[0]


def blank_superseded(tags: list[str]) -> int:
    """Superseded pages of these tags keep their dates and lose their words; how many."""
    pages = _tagged(PageSnapshot.objects.filter(seq_to__isnull=False), tags)
    return pages.exclude(etag=BLANKED).update(html=b"", gzipped=b"", etag=BLANKED)


def _tagged(snapshots: IntervalQuerySet, tags: list[str]) -> IntervalQuerySet:
    """Those that depend on any of the tags: one parameter, of what may be tens of thousands.

    As the text of an array: tags are words, numbers and slugs, of which none need be quoted.
    """
    field = PageSnapshot._meta.get_field("depends_on")
    array = Cast(Value(f"{{{','.join(tags)}}}"), output_field=field)
    return snapshots.filter(depends_on__overlap=array)
