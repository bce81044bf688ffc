"""Releases by day: what goes live by itself, and what went live."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.models import Change, Release

MOST_A_MONTH: Final = 2000
MOST_A_DAY: Final = 20
EARLIEST_YEAR: Final = 2000
LATEST_YEAR: Final = 2999


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A release at its instant; `state` is scheduled, failed, published or withdrawn."""

    release_id: int
    title: str
    kind: str
    state: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day with releases, in the time zone in force; `further` are not listed."""

    on: date
    entries: tuple[CalendarEntry, ...]
    further: int
    is_today: bool


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """The days of a month that have releases, and the months beside it as YYYY-MM."""

    first: date
    days: tuple[CalendarDay, ...]
    before: str
    after: str


def month_of(text: str) -> date:
    """The first day of the month that "2026-11" names. Raises ValueError."""
    year, dash, month = text.partition("-")
    digits = year + month
    if not (dash and digits.isascii() and digits.isdigit() and len(digits) == 6):
        raise ValueError(text)
    first = date(int(year), int(month), 1)
    if not EARLIEST_YEAR <= first.year <= LATEST_YEAR:
        raise ValueError(text)
    return first


def calendar_month(first: date, today: date) -> CalendarMonth:
    """The releases of a month: scheduled for it or published in it. Two queries."""
    following = _following(first)
    span = _start_of(first), _start_of(following)
    by_day: dict[date, list[CalendarEntry]] = defaultdict(list)
    for entry in sorted([*_scheduled(span), *_published(span)], key=lambda one: one.at):
        by_day[timezone.localdate(entry.at)].append(entry)
    days = tuple(
        CalendarDay(on, tuple(entries[:MOST_A_DAY]), max(0, len(entries) - MOST_A_DAY), on == today)
        for on, entries in sorted(by_day.items())
    )
    return CalendarMonth(first, days, _code(_before(first)), _code(following))


def _scheduled(span: tuple[datetime, datetime]) -> Iterable[CalendarEntry]:
    rows = Release.objects.filter(
        state=Release.State.SCHEDULED, scheduled_at__gte=span[0], scheduled_at__lt=span[1]
    )
    for row in rows.order_by("scheduled_at", "id")[:MOST_A_MONTH]:
        state = "failed" if row.failed_at else "scheduled"
        at = row.scheduled_at or span[0]  # a constraint holds that it has one
        yield _entry(row, state, at, str(row.failure) if row.failed_at else "")


def _published(span: tuple[datetime, datetime]) -> Iterable[CalendarEntry]:
    """What was published, the withdrawn with the release that withdrew it."""
    changes = Change.objects.filter(
        release__isnull=False, published_at__gte=span[0], published_at__lt=span[1]
    ).select_related("release__withdrawn_by")
    for change in changes.order_by("seq")[:MOST_A_MONTH]:
        row = change.release
        assert row is not None  # noqa: S101  filtered above
        by = getattr(row, "withdrawn_by", None)
        note = _("withdrawn by “%(release)s”") % {"release": by} if by else ""
        yield _entry(row, "withdrawn" if by else "published", change.published_at, note)


def _entry(row: Release, state: str, at: datetime, note: str) -> CalendarEntry:
    kind = str(row.get_kind_display())
    return CalendarEntry(row.pk, str(row) or f"#{row.pk}", kind, state, at, note)


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _following(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _before(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


def _code(first: date) -> str:
    return f"{first.year}-{first.month:02}"
