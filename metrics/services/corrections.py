"""One-row releases: what saving a value in the admin makes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from metrics.models import (
    Change,
    ImportBatch,
    Observation,
    Release,
    Series,
    Source,
    StagedObservation,
)
from metrics.participants import participants
from metrics.services.preferences import deciding, refuse_wrong
from metrics.services.proposals import propose
from metrics.services.publishing import ReleaseStateError, may_publish, publish_release
from metrics.services.staging import stage_observation


@dataclass(frozen=True, slots=True)
class Saved:
    """The release that a save made, and the change if it went live at once."""

    release: Release
    change: Change | None


def save_observation(
    *,
    series: Series,
    period: str,
    source: Source,
    kind: str,
    reason: dict[str, str],
    actor: Any,
    now: datetime,
    **statement: Any,
) -> Saved:
    """Record one value as a one-row release of the kind new, revision or correction.

    `reason` is by language code; `statement` is what `stage_observation` takes (stated, value,
    qualifier, locator, …). Published at once by an actor who may publish, else left for approval.
    Raises StagingError naming the field.
    """
    with transaction.atomic():
        release = _release(series, period, kind, reason, actor, now)
        row = stage_observation(release, series=series, period=period, source=source, **statement)
        row.save()
        return _publish_or_leave(release, actor, now)


def withdraw_observation(
    observation: Observation,
    *,
    reason: dict[str, str],
    actor: Any,
    now: datetime,
    prefer: Source | None = None,
) -> Saved:
    """Withdraw a current observation: its slot shows “withdrawn” with the reason.

    A rival source takes its place only where the editor says so: `prefer` decides for it in the
    same step, which takes somebody who may publish. Raises PermissionDenied, or
    PreferenceError("source") where it states nothing for the period.
    """
    if prefer is not None and not may_publish(actor):
        raise PermissionDenied("This user may not decide which source is preferred.")
    with transaction.atomic():
        series = observation.series
        release = _release(series, observation.period, Release.Kind.WITHDRAWAL, reason, actor, now)
        stage_observation(
            release,
            series=series,
            period=observation.period,
            source=observation.source,
            locator=observation.locator,
            preferred=observation.preferred,
            action=StagedObservation.Action.WITHDRAW,
        ).save()
        if prefer is None:
            return _publish_or_leave(release, actor, now)
        periods = [observation.period]
        refuse_wrong(series, prefer, periods, reason)
        record = deciding(series, prefer, periods)
        change = publish_release(release, actor=actor, now=now, record=record)
        release.refresh_from_db()
        return Saved(release, change)


def reject_release(release: Release, *, actor: Any, now: datetime) -> None:
    """Close a release that will not be published; its rows stay for the record.

    Files that it would have imported are free again: to be handed in anew, or discarded.

    Raises PermissionDenied, or ReleaseStateError for one that is decided already.
    """
    if not may_publish(actor):
        raise PermissionDenied("This user may not decide on releases.")
    with transaction.atomic():
        locked = Release.objects.select_for_update().get(pk=release.pk)
        if not locked.is_open:
            raise ReleaseStateError(f"Release {release.pk} is decided already.")
        was_scheduled = locked.state == Release.State.SCHEDULED
        locked.state = Release.State.REJECTED
        locked.save(update_fields=["state"])
        locked.imports.filter(state=ImportBatch.State.STAGED).update(release=None)
        for participant in participants() if was_scheduled else ():
            participant.unscheduled(locked, actor=actor, now=now)


def _release(
    series: Series, period: str, kind: str, reason: dict[str, str], actor: Any, now: datetime
) -> Release:
    return Release.objects.create(
        title_zh_hans=f"{series.entity.name_zh_hans} · {series.indicator.name_zh_hans} {period}",
        title_en=f"{series.entity.name_en} · {series.indicator.name_en} {period}",
        reason_zh_hans=reason.get("zh-hans", ""),
        reason_en=reason.get("en", ""),
        kind=kind,
        created_at=now,
        created_by=actor,
    )


def _publish_or_leave(release: Release, actor: Any, now: datetime) -> Saved:
    if not may_publish(actor):
        propose(release)
        return Saved(release, None)
    change = publish_release(release, actor=actor, now=now)
    release.refresh_from_db()
    return Saved(release, change)
