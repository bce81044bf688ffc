"""Publishing: the one way by which data, texts and definitions reach readers."""

from collections.abc import Callable, Mapping
from datetime import datetime
from time import monotonic
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from metrics.models import Change, Release, Rule
from metrics.nudge import nudge
from metrics.participants import participants
from metrics.services.clock import date_definitions, lock_clock, publishing, settle, tick
from metrics.services.groups import fill_groups
from metrics.services.imports.released import define_imported, record_imported
from metrics.services.observations import record_observations
from metrics.services.proposals import StaleProposalError, changed_since_proposed
from metrics.services.quoted import refresh_targets
from metrics.services.redacted import refuse_redacted
from metrics.services.rules import RuleError, save_definition, sync_rules
from metrics.services.stale import Targets, affected
from metrics.stats.phrases import Phrase

REFRESH_TASK = "metrics.refresh_derived"
FAILURE = ("failure_zh_hans", "failure_en", "failed_at", "retry_at")


class ReleaseStateError(Exception):
    """The release is already published or was rejected."""


def may_publish(user: Any) -> bool:
    """Whether the user publishes at once; anybody else leaves a release for approval."""
    return bool(user is not None and user.has_perm("metrics.publish_release"))


# rule key → definition
Definitions = Mapping[str, dict[str, Any]]
# writes what a release holds; the series that changed, and what that affects
Record = Callable[[Release, Change], tuple[set[int], Targets]]


def publish_release(
    release: Release,
    *,
    actor: Any,
    now: datetime,
    definitions_changed: bool = False,
    rule_definitions: Definitions | None = None,
    record: Record = record_imported,
    despite_changes: bool = False,
) -> Change:
    """Publish a release: observations, texts and quoted derived values in one transaction.

    `actor` is a user with the permission "metrics.publish_release", or None for the system.
    `definitions_changed` says that definitions were saved in this transaction before the call;
    `rule_definitions` are new definitions of rules by key; `record` writes what the release holds
    beside its staged rows: the files it imports. `despite_changes` publishes values whose slots
    changed since they were proposed. Returns the change that was written; its summary counts what
    was done. Raises PermissionDenied, RuleError, ReleaseStateError for a release that is no longer
    open, StaleProposalError, TwoPersonError for a value in a redacted slot, and what `record`
    raises (ImportConflictsError, RowsLostError). Anything that fails takes everything back.
    """
    if actor is not None and not may_publish(actor):
        raise PermissionDenied("This user may not publish releases.")
    started = monotonic()
    with transaction.atomic():
        lock_clock()
        release = _open_release(release)
        if not despite_changes and (slots := changed_since_proposed(release)):
            raise StaleProposalError(slots)
        change = tick(release.kind, now=now, release=release, actor=actor)
        is_defining = definitions_changed or bool(rule_definitions)
        publish_open(
            release,
            change,
            definitions_changed=is_defining,
            rule_definitions=rule_definitions,
            record=record,
        )
        settle(change, started)
        nudge(REFRESH_TASK)
    return change


def publish_open(
    release: Release,
    change: Change,
    *,
    definitions_changed: bool = False,
    rule_definitions: Definitions | None = None,
    record: Record = record_imported,
) -> set[int]:
    """Publish a locked release as a change that was just made; the series readers see differently.

    The caller holds the publishing lock and has checked that it may. Raises what
    `publish_release` does.
    """
    redefined = define_imported(release) or definitions_changed
    targets = _redefine(change, rule_definitions or {}) if redefined else Targets()
    changed = _apply(release, change, targets, record)
    release.state = Release.State.PUBLISHED
    if redefined:
        date_definitions(change)
    release.failure_zh_hans = release.failure_en = ""
    release.failed_at = release.retry_at = None
    release.save(update_fields=["state", *FAILURE])
    change.save(update_fields=["summary"])
    return changed


def publish_definitions(
    *, actor: Any, now: datetime, what: str, rule_definitions: Definitions | None = None
) -> Change:
    """Tell the clock that definitions were edited, in the caller's transaction.

    Call it after saving them; new definitions of rules are passed by key. Rules are expanded anew,
    what depends on them is evaluated or marked, and snapshots of pages are dropped.
    """
    with publishing(Change.Kind.DEFINITION, now=now, actor=actor) as change:
        change.summary = {"edited": what}
        targets = _redefine(change, rule_definitions or {})
        _tell_participants(refresh_targets(targets, change), change)
        nudge(REFRESH_TASK)
    return change


def _open_release(release: Release) -> Release:
    locked: Release = Release.objects.select_for_update().get(pk=release.pk)
    if not locked.is_open:
        raise ReleaseStateError(f"Release {locked.pk} is {locked.state}.")
    return locked


def _apply(release: Release, change: Change, targets: Targets, record: Record) -> set[int]:
    staged = list(release.staged.order_by("id"))
    refuse_redacted(staged)
    recorded = record_observations(staged, change)
    change.summary = {"inserted": recorded.inserted, "closed": recorded.closed}
    changed, also = record(release, change)
    targets.add(also)
    for participant in participants():
        change.summary.update(participant.publish(release, change))
    targets.add(affected(recorded.touched))
    changed |= {series_id for series_id, _ in recorded.touched}
    changed |= refresh_targets(targets, change)
    for participant in participants():
        participant.verify(release)
    _tell_participants(changed, change)
    return changed


def _redefine(change: Change, definitions: Definitions) -> Targets:
    """Expand the rules anew; what that affects."""
    rules = {rule.key: rule for rule in Rule.objects.filter(key__in=definitions)}
    for key, definition in definitions.items():
        if key not in rules:
            raise RuleError(Phrase("unknown rule “%(key)s”", key=key))
        save_definition(rules[key], definition, change)
    fill_groups()
    targets = sync_rules(change)
    for participant in participants():
        participant.definitions_changed(change)
    return targets


def _tell_participants(series_ids: set[int], change: Change) -> None:
    for participant in participants():
        participant.series_changed(series_ids, change)
