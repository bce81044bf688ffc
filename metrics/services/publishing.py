"""Publishing: the one way by which data, texts and definitions reach readers."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from metrics.models import Change, Release
from metrics.nudge import nudge
from metrics.participants import participants
from metrics.services.clock import lock_clock, publishing, tick
from metrics.services.observations import record_observations
from metrics.services.quoted import refresh_targets
from metrics.services.rules import sync_rules
from metrics.services.stale import Targets, affected

REFRESH_TASK = "metrics.refresh_derived"


class ReleaseStateError(Exception):
    """The release is already published or was rejected."""


def may_publish(user: Any) -> bool:
    """Whether the user publishes at once; anybody else leaves a release for approval."""
    return bool(user is not None and user.has_perm("metrics.publish_release"))


def publish_release(
    release: Release, *, actor: Any, now: datetime, definitions_changed: bool = False
) -> Change:
    """Publish a release: observations, texts and quoted derived values in one transaction.

    `actor` is a user with the permission "metrics.publish_release", or None for the system.
    Returns the change that was written; its summary counts what was done. Raises
    PermissionDenied, or ReleaseStateError for a release that is no longer open. Anything that
    fails takes everything back.
    """
    if actor is not None and not may_publish(actor):
        raise PermissionDenied("This user may not publish releases.")
    with transaction.atomic():
        lock_clock()
        release = _open_release(release)
        change = tick(release.kind, now=now, release=release, actor=actor)
        _apply(release, change, definitions_changed=definitions_changed)
        release.state = Release.State.PUBLISHED
        release.save(update_fields=["state"])
        change.save(update_fields=["summary"])
        nudge(REFRESH_TASK)
    return change


def publish_definitions(*, actor: Any, now: datetime, what: str) -> Change:
    """Tell the clock that definitions were edited, in the caller's transaction.

    Call it after saving them. Rules are expanded anew, what depends on them is marked, and
    snapshots of pages are dropped.
    """
    with publishing(Change.Kind.DEFINITION, now=now, actor=actor) as change:
        change.summary = {"edited": what}
        _tell_participants(refresh_targets(_redefine(change), change), change)
        nudge(REFRESH_TASK)
    return change


def _open_release(release: Release) -> Release:
    locked: Release = Release.objects.select_for_update().get(pk=release.pk)
    if locked.state in (Release.State.PUBLISHED, Release.State.REJECTED):
        raise ReleaseStateError(f"Release {locked.pk} is {locked.state}.")
    return locked


def _apply(release: Release, change: Change, *, definitions_changed: bool) -> None:
    recorded = record_observations(list(release.staged.order_by("id")), change)
    change.summary = {"inserted": recorded.inserted, "closed": recorded.closed}
    targets = _redefine(change) if definitions_changed else Targets()
    for participant in participants():
        change.summary.update(participant.publish(release, change))
    targets.add(affected(recorded.touched))
    changed = {series_id for series_id, _ in recorded.touched}
    _tell_participants(changed | refresh_targets(targets, change), change)


def _redefine(change: Change) -> Targets:
    """Expand the rules anew; what that affects."""
    targets = sync_rules(change)
    for participant in participants():
        participant.definitions_changed(change)
    return targets


def _tell_participants(series_ids: set[int], change: Change) -> None:
    for participant in participants():
        participant.series_changed(series_ids, change)
