"""Rows of files that are decided are kept for a while, to be looked at, and then removed."""

from datetime import datetime, timedelta

from django.db import transaction

from metrics.models import ImportBatch, ImportDifference, ImportRow

KEPT = timedelta(days=30)
AGAIN = timedelta(days=365)
State = ImportBatch.State
DECIDED = (State.PUBLISHED, State.UNCHANGED, State.INVALID, State.FAILED, State.UNDONE)


def clear_imports(now: datetime) -> int:
    """Remove the read rows of files decided long ago; the files and their counts stay.

    Called every minute; what is older than AGAIN more was removed by an earlier call.
    """
    old = ImportBatch.objects.filter(
        state__in=DECIDED, finished_at__lt=now - KEPT, finished_at__gte=now - KEPT - AGAIN
    )
    with transaction.atomic():
        ImportDifference.objects.filter(batch__in=old).delete()
        return ImportRow.objects.filter(batch__in=old).delete()[0]
