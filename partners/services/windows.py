"""Closed windows: what they say of keys is kept by the day, the rest is forgotten."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from partners.models import KeyDay

# A machine whose clock is behind still counts in the window before: it is left standing a while.
GRACE: Final = timedelta(minutes=5)
KEEP_DAYS: Final = timedelta(days=400)

_FOLD: Final = """
WITH gone AS (
    DELETE FROM partners_window WHERE starts_at < %(before)s RETURNING subject, starts_at, used
), days AS (
    SELECT substr(subject, 5)::bigint AS key, (starts_at AT TIME ZONE 'UTC')::date AS day,
        sum(used) AS requests
    FROM gone WHERE subject LIKE 'key:%%' GROUP BY 1, 2
)
INSERT INTO partners_keyday AS d (key_id, day, requests)
SELECT key, day, requests FROM days WHERE EXISTS (SELECT FROM partners_apikey WHERE id = key)
ON CONFLICT (key_id, day) DO UPDATE SET requests = d.requests + excluded.requests
"""


def close_windows(*, now: datetime, window_seconds: int) -> None:
    """Fold the windows that ended into days. Safe to run twice and side by side."""
    before = now - timedelta(seconds=window_seconds) - GRACE
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FOLD, {"before": before})
    KeyDay.objects.filter(day__lt=(now - KEEP_DAYS).date()).delete()
