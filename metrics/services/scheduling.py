"""Giving a release a time, and publishing those whose time has come, each exactly once.

Whoever notices publishes: beat, a worker, a web process. Visibility never looks at the clock, so
a release that is late is late as a whole.
"""

import logging
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from metrics.models import Change, Release
from metrics.nudge import nudge
from metrics.participants import RefusedError, participants
from metrics.parts import blocks_of
from metrics.services.clock import lock_clock, settle, tick
from metrics.services.proposals import (
    StaleProposalError,
    changed_since_proposed,
    propose,
)
from metrics.services.publishing import FAILURE, REFRESH_TASK, may_publish, publish_open
from metrics.services.refusals import REFUSALS, refusal_words

logger = logging.getLogger(__name__)

# What a busy database refuses is tried again by itself; what the release holds is not.
RETRY_AFTER: Final = timedelta(minutes=1)
_SCHEDULE: Final = ("scheduled_at", "scheduled_by", "state")


class ScheduleError(RefusedError):
    """A release cannot be given this time; the words say why, in the language in force."""


def schedule_release(
    release: Release, *, at: datetime, actor: Any, now: datetime, despite_changes: bool = False
) -> None:
    """Give an open release the instant (with its offset) at which it goes live, or another one.

    What it holds is then as the publisher saw it: slots that change before the time keep it from
    readers; `despite_changes` says that those which changed before were looked at. Raises
    PermissionDenied; ScheduleError for a time that is past or without an offset, and for what
    blocks the release.
    """
    _refuse_reader(actor)
    if timezone.is_naive(at):
        raise ScheduleError(_("Expected a time with its time zone."))
    if at <= now:
        raise ScheduleError(_("Expected a time that is yet to come."))
    with transaction.atomic():
        locked = _locked(release)
        if despite_changes:
            propose(locked)
        if blocks := blocks_of(locked):
            raise ScheduleError(" ".join(blocks))
        was_scheduled = locked.state == Release.State.SCHEDULED
        locked.state, locked.scheduled_at, locked.scheduled_by = Release.State.SCHEDULED, at, actor
        _forget_failure(locked)
        locked.save(update_fields=[*_SCHEDULE, *FAILURE])
        propose(locked)
        if not was_scheduled:
            for participant in participants():
                participant.scheduled(locked, actor=actor, now=now)


def unschedule_release(release: Release, *, actor: Any, now: datetime) -> None:
    """Take a release off the schedule: it waits again and may be changed.

    Raises PermissionDenied, ScheduleError for one that is not scheduled.
    """
    _refuse_reader(actor)
    with transaction.atomic():
        locked = _locked(release)
        if locked.state != Release.State.SCHEDULED:
            raise ScheduleError(_("“%(title)s” is not scheduled.") % {"title": locked})
        locked.state, locked.scheduled_at, locked.scheduled_by = Release.State.DRAFT, None, None
        _forget_failure(locked)
        locked.save(update_fields=[*_SCHEDULE, *FAILURE])
        for participant in participants():
            participant.unscheduled(locked, actor=actor, now=now)


def is_any_due(now: datetime) -> bool:
    """Whether a release waits for somebody to publish it. One query of the few that wait."""
    return Release.objects.due(now).exists()


def publish_due(now: datetime) -> list[Change]:
    """Publish every release whose time has come, in order; the changes that were made.

    Any number of processes may do this at once: each release goes live once. One that cannot is
    marked with the reason, stays scheduled and holds up no other. Call it outside a transaction.
    """
    changes = []
    for pk in list(Release.objects.due(now).values_list("pk", flat=True)):
        change = _publish_or_mark(pk, now)
        if change is not None:
            changes.append(change)
    return changes


def _publish_or_mark(pk: int, now: datetime) -> Change | None:
    try:
        return _publish(pk, now)
    except REFUSALS as error:
        _mark(pk, error, now, retry_at=None)
    except OperationalError as error:
        _mark(pk, error, now, retry_at=now + RETRY_AFTER)
    except Exception as error:  # whatever it is, it must not hold up the others
        logger.exception("scheduled_release_failed", extra={"release": pk})
        _mark(pk, error, now, retry_at=None)
    return None


def _publish(pk: int, now: datetime) -> Change | None:
    """None where somebody else has published, moved or taken it off meanwhile."""
    started = monotonic()
    with transaction.atomic():
        lock_clock()
        release = Release.objects.due(now).select_for_update().filter(pk=pk).first()
        if release is None:
            return None
        if slots := changed_since_proposed(release):
            raise StaleProposalError(slots)
        change = tick(release.kind, now=now, release=release, actor=release.scheduled_by)
        publish_open(release, change)
        settle(change, started)
        nudge(REFRESH_TASK)
        return change


def _mark(pk: int, error: Exception, now: datetime, *, retry_at: datetime | None) -> None:
    """Tell why a release did not go live, in both languages."""
    words = {}
    for language, suffix in (("zh-hans", "zh_hans"), ("en", "en")):
        with override(language):
            words[f"failure_{suffix}"] = refusal_words(error) or type(error).__name__
    logger.warning("scheduled_release_refused", extra={"release": pk, "error": words["failure_en"]})
    due = Release.objects.due(now).filter(pk=pk)
    due.update(failed_at=now, retry_at=retry_at, **words)


def _locked(release: Release) -> Release:
    locked: Release = Release.objects.select_for_update().get(pk=release.pk)
    if not locked.is_open:
        raise ScheduleError(_("“%(title)s” was already decided.") % {"title": locked})
    return locked


def _forget_failure(release: Release) -> None:
    release.failure_zh_hans = release.failure_en = ""
    release.failed_at = release.retry_at = None


def _refuse_reader(actor: Any) -> None:
    if actor is not None and not may_publish(actor):
        raise PermissionDenied("This user may not schedule releases.")
