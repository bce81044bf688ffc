"""Snapshots of pages: dropped by whoever commits a change, in the same transaction."""

from collections.abc import Iterable

from cases.models import PageSnapshot
from metrics.models import Change


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
        tags = [f"series:{pk}" for pk in series_ids] + [f"case:{slug}" for slug in case_slugs]
        tags += ["texts"] if texts else []
        if not tags:
            return 0
        snapshots = snapshots.filter(depends_on__overlap=tags)
    kept = snapshots.filter(keep=True).update(seq_to=change.seq)
    return kept + snapshots.filter(keep=False).delete()[0]
