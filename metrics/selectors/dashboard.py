"""What the first page of the admin tells: each selector runs a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from metrics.models import (
    Change,
    ImportBatch,
    Observation,
    RefreshRun,
    Release,
    SeriesSummary,
    StaleSeries,
)

SHOWN = 5
RECENTLY = timedelta(days=7)
LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: its words, the admin page it leads to (name and key), and its moment."""

    text: str
    page: str
    key: Any
    moment: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """How many there are, the first of them, and for machinery when it last ran."""

    count: int
    lines: tuple[Line, ...]
    last_at: datetime | None = None
    waiting: int = 0


def waiting_releases() -> Summary:
    """Releases that wait for a publisher, the oldest first. 2 queries."""
    rows = Release.objects.filter(state=Release.State.DRAFT).order_by("created_at", "id")
    return _releases(rows, "created_at")


def scheduled_releases() -> Summary:
    """Releases that go live by themselves, those that failed first, with why. 2 queries."""
    rows = Release.objects.filter(state=Release.State.SCHEDULED)
    failed = F("failed_at").asc(nulls_last=True)
    return _releases(rows.order_by(failed, "scheduled_at", "id"), "scheduled_at")


def published_releases() -> Summary:
    """The releases that went live in the last week, the latest first. 2 queries."""
    since = timezone.now() - RECENTLY
    rows = Change.objects.filter(release__isnull=False, published_at__gte=since)
    lines = tuple(
        Line(str(row.release), "metrics_release_change", row.release_id, row.published_at)
        for row in rows.select_related("release").order_by("-seq")[:SHOWN]
    )
    return Summary(rows.count(), lines)


def _releases(rows: QuerySet[Release], moment: str) -> Summary:
    lines = tuple(
        Line(str(row), "metrics_release_change", row.pk, getattr(row, moment), _failure(row))
        for row in rows[:SHOWN]
    )
    return Summary(rows.count(), lines)


def _failure(release: Release) -> str:
    """Why a release did not go live, short."""
    if release.failed_at is None:
        return ""
    text = _("not published: %(reason)s")
    return Truncator(text % {"reason": release.failure}).chars(LONGEST_NOTE)


def overdue_series(today: date) -> Summary:
    """Observed series without a value for a period that ended over one whole period ago. 2 queries.

    Spans and undated values are never due.
    """
    rows = (
        SeriesSummary.objects.filter(next_due__lt=today, series__rule_inputs=None)
        .select_related("series")
        .order_by("next_due", "series__key")
    )
    lines = tuple(
        Line(row.series.key, "metrics_series_change", row.series_id, note=row.latest_period)
        for row in rows[:SHOWN]
    )
    return Summary(rows.count(), lines)


def rival_values() -> Summary:
    """Current rows that are not preferred and differ from the row that is. 2 queries."""
    rows = (
        Observation.objects.current()
        .filter(preferred=False, series__observations__seq_to=None)
        .filter(
            ~Q(value=F("series__observations__value")),
            series__observations__preferred=True,
            series__observations__period=F("period"),
        )
        .annotate(readers_see=Coalesce(F("series__observations__stated"), F("stated")))
        .select_related("series", "source")
        .order_by("-seq_from", "id")
    )
    lines = tuple(
        Line(
            f"{row.series.key} {row.period}",
            "metrics_observation_change",
            row.pk,
            note=f"{row.readers_see} / {row.stated} ({row.source.slug})",
        )
        for row in rows[:SHOWN]
    )
    return Summary(rows.count(), lines)


def open_imports() -> Summary:
    """Files that are being checked or can be published, the newest first. 2 queries.

    What waits for approval stands among the releases.
    """
    states = ImportBatch.State
    waiting = [states.UPLOADED, states.CHECKING, states.STAGED]
    return _imports(ImportBatch.objects.filter(state__in=waiting, release=None))


def failing_imports() -> Summary:
    """Files that were refused or whose check broke off, the newest first. 2 queries.

    A later file of the same name that was read settles it, and so does discarding it.
    """
    states = ImportBatch.State
    settled = ImportBatch.objects.filter(
        file_name=OuterRef("file_name"), layout=OuterRef("layout"), pk__gt=OuterRef("pk")
    ).exclude(state__in=[states.INVALID, states.FAILED])
    failed = ImportBatch.objects.filter(state__in=[states.INVALID, states.FAILED])
    return _imports(failed.exclude(Exists(settled)))


def _imports(rows: QuerySet[ImportBatch]) -> Summary:
    lines = tuple(
        Line(
            row.file_name,
            "metrics_importbatch_change",
            row.pk,
            row.uploaded_at,
            str(row.get_state_display()),
        )
        for row in rows.order_by("-id")[:SHOWN]
    )
    return Summary(rows.count(), lines)


def refresh_state() -> Summary:
    """Targets that fail, how many wait, and when a worker last finished. 4 queries."""
    failing = StaleSeries.objects.filter(attempts__gt=0).select_related("series", "rule")
    lines = tuple(
        Line(
            row.series.key if row.series else row.rule.key if row.rule else "",
            "metrics_staleseries_change",
            row.pk,
            row.retry_at,
            row.error[:200],
        )
        for row in failing.order_by("-attempts", "id")[:SHOWN]
    )
    last = RefreshRun.objects.values_list("finished_at", flat=True).first()
    return Summary(failing.count(), lines, last, StaleSeries.objects.count())
