"""Trying failed targets again before their time."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from metrics.models import StaleSeries
from metrics.nudge import nudge
from metrics.services.publishing import may_publish

REFRESH_TASK = "metrics.refresh_derived"


def retry_failing(
    *, actor: Any, series: str | None = None, rule: str | None = None, period: str = ""
) -> int:
    """Make failed targets due now: one of a series or a rule by its key, or all of them.

    How many marks are due now. `actor` needs the permission to publish. Raises PermissionDenied.
    """
    if not may_publish(actor):
        raise PermissionDenied("This user may not publish releases.")
    rows = StaleSeries.objects.filter(attempts__gt=0, retry_at__isnull=False)
    if series is not None:
        rows = rows.filter(series__key=series)
    if rule is not None:
        rows = rows.filter(rule__key=rule, period=period)
    with transaction.atomic():
        count = rows.update(retry_at=None)
        nudge(REFRESH_TASK)
    return count
