"""Withdrawing a release: a compensating one puts back the values and texts before it."""

from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from metrics.models import (
    Change,
    ImportBatch,
    Observation,
    Preference,
    Redefinition,
    Release,
)
from metrics.participants import RefusedError, participants
from metrics.selectors.written_rows import Written, rows_written_by
from metrics.services.imports.layout import thaw_layout
from metrics.services.publishing import may_publish, publish_release
from metrics.services.refusals import slots_in_words
from metrics.services.restoring import put_back, slots_changed_since
from metrics.services.stale import Targets

SLOTS_TOLD: Final = 10


class WithdrawalError(RefusedError):
    """A release cannot be withdrawn; the words say why, in the language in force."""


def withdrawal_blocks(release: Release) -> list[str]:
    """What keeps a release from being withdrawn, in words; empty where nothing does."""
    change = Change.objects.filter(release=release).first()
    if change is None:
        return [_("Only a published release can be withdrawn.")]
    by = Release.objects.filter(withdraws=release).first()
    if by is not None:
        return [_("It was withdrawn by “%(release)s” already.") % {"release": by}]
    return _built_upon(release, change, rows_written_by(change.seq))


def withdraw_release(
    release: Release, *, reason: dict[str, str], actor: Any, now: datetime
) -> Change:
    """Publish a release that puts back what stood before this one; the change that was made.

    Values that stood before stand again, what it brought first shows as withdrawn, texts go back
    to the publication before. Entities and series stay, and so does the record of what readers
    saw. `reason` is by language code, in one language at least. Raises PermissionDenied, and
    WithdrawalError where a later release has built upon it.
    """
    if actor is not None and not may_publish(actor):
        raise PermissionDenied("This user may not withdraw releases.")
    if not any(text.strip() for text in reason.values()):
        raise WithdrawalError(_("Give a reason in at least one language."))

    def record(own: Release, change: Change) -> tuple[set[int], Targets]:
        if blocks := withdrawal_blocks(release):
            raise WithdrawalError(" ".join(blocks))
        own.withdraws = release
        own.save(update_fields=["withdraws"])
        return _put_back(release, own, change)

    with transaction.atomic():
        compensation = _compensation(release, reason, actor, now)
        return publish_release(compensation, actor=actor, now=now, record=record)


def _put_back(release: Release, own: Release, change: Change) -> tuple[set[int], Targets]:
    of = Change.objects.get(release=release)
    restored = put_back(rows_written_by(of.seq), own, change)
    for participant in participants():
        participant.put_back(of, own, change)
    published = release.imports.filter(state=ImportBatch.State.PUBLISHED)
    published.update(state=ImportBatch.State.UNDONE, undo_release=own)
    return restored


def _built_upon(release: Release, change: Change, written: Written) -> list[str]:
    blocks = []
    if slots := slots_changed_since(written, SLOTS_TOLD):
        text = _("These values were changed since: %(slots)s.")
        blocks.append(text % {"slots": slots_in_words(slots)})
    if _decided_since(change, written):
        blocks.append(_("Since then it was decided which source speaks for some of its values."))
    ticks = Q(seq_from=change.seq) | Q(seq_to=change.seq)
    if Preference.objects.filter(ticks).exists():
        blocks.append(_("It decided which source speaks: decide anew instead."))
    if Redefinition.objects.filter(ticks).exists():
        blocks.append(_("It redefined an indicator: take that back on the page of the indicator."))
    if any(thaw_layout(batch.layout_frozen).is_backfill for batch in release.imports.all()):
        blocks.append(_("Past vintages stay: they tell what a source said."))
    for participant in participants():
        blocks += participant.built_upon(change)
    return blocks


def _decided_since(change: Change, written: Written) -> bool:
    rows = Observation.objects.filter(pk__gt=written.after, pk__lte=written.until)
    return bool(
        Preference.objects.current()
        .filter(series__in=rows.values("series"), seq_from__gt=change.seq)
        .exists()
    )


def _compensation(release: Release, reason: dict[str, str], actor: Any, now: datetime) -> Release:
    return Release.objects.create(
        title_zh_hans=f"撤回：{release.title_zh_hans}"[:200],
        title_en=f"Withdrawn: {release.title_en}"[:200],
        reason_zh_hans=reason.get("zh-hans", ""),
        reason_en=reason.get("en", ""),
        kind=Release.Kind.WITHDRAWAL,
        created_at=now,
        created_by=actor,
    )
