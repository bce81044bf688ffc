"""How often a key was used: the days that are kept, and the windows that are not closed yet."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.conf import settings

from partners.models import ApiKey, KeyDay, Window
from partners.services.admitting import window_start

SHOWN_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class DayOfUse:
    """Requests on one day, UTC, those that were refused for the quota included."""

    day: date
    requests: int


@dataclass(frozen=True, slots=True)
class KeyUsage:
    """`used` of `quota` in the window in hand, which ends at `until`; the last days, latest first.

    Keys of one line of rotations are counted together.
    """

    used: int
    quota: int
    until: datetime
    days: tuple[DayOfUse, ...]


def key_usage(key: ApiKey, *, now: datetime) -> KeyUsage:
    """Of a key and what it was rotated from and into. 2 queries."""
    counted = key.counts_as_id or key.pk
    first = now.astimezone(UTC).date() - timedelta(days=SHOWN_DAYS - 1)
    kept = KeyDay.objects.filter(key_id=counted, day__gte=first)
    days: Counter[date] = Counter(dict(kept.values_list("day", "requests")))
    seconds: int = settings.API_WINDOW_SECONDS
    begins = window_start(now, seconds)
    used = 0
    for starts_at, requests in _open_windows(counted):
        days[starts_at.astimezone(UTC).date()] += requests
        used = requests if starts_at == begins else used
    return KeyUsage(
        used=used,
        quota=key.quota or settings.API_KEY_QUOTA,
        until=begins + timedelta(seconds=seconds),
        days=tuple(
            DayOfUse(day, days[day])
            for day in (first + timedelta(days=n) for n in reversed(range(SHOWN_DAYS)))
        ),
    )


def _open_windows(counted: int) -> list[tuple[datetime, int]]:
    return list(Window.objects.filter(subject=f"key:{counted}").values_list("starts_at", "used"))
