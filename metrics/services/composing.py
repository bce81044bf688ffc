"""Composing a release: files and values are gathered to go live together.

What a release holds of upper apps (texts) those add themselves; they begin with `composed`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from metrics.models import ImportBatch, Release, Series, Source, StagedObservation
from metrics.participants import RefusedError
from metrics.services.imports.layout import thaw_layout
from metrics.services.proposals import propose
from metrics.services.staging import stage_observation

Texts = Mapping[str, str]  # by language code
# What may be put together by hand; the other kinds are made by what they are named for.
KINDS = (Release.Kind.NEW, Release.Kind.REVISION, Release.Kind.CORRECTION)
_WORDS = ("title_zh_hans", "title_en", "reason_zh_hans", "reason_en")


class CompositionError(RefusedError):
    """A release cannot be composed so; the words say why, in the language in force."""


def may_compose(user: Any) -> bool:
    """Whether the user puts releases together; when they go live a publisher decides."""
    return bool(user is not None and user.has_perm("metrics.change_release"))


def compose_release(
    *, title: Texts, reason: Texts, kind: str, actor: Any, now: datetime
) -> Release:
    """An open release that holds nothing yet. Raises PermissionDenied, CompositionError."""
    _refuse_reader(actor)
    if kind not in KINDS:
        raise CompositionError(_("Only new values, revisions and corrections are composed."))
    return Release.objects.create(
        title_zh_hans=title.get("zh-hans", "")[:200],
        title_en=title.get("en", "")[:200],
        reason_zh_hans=reason.get("zh-hans", ""),
        reason_en=reason.get("en", ""),
        kind=kind,
        created_at=now,
        created_by=actor,
    )


def describe_release(
    release: Release, *, title: Texts, reason: Texts, kind: str, actor: Any
) -> None:
    """Give an open release other words, or another kind of those that are composed.

    Raises PermissionDenied, CompositionError.
    """
    with composed(release, actor) as locked:
        if kind != locked.kind and not {kind, locked.kind} <= set(KINDS):
            raise CompositionError(_("A release of this kind keeps it."))
        locked.kind = kind
        locked.title_zh_hans, locked.title_en = title["zh-hans"][:200], title["en"][:200]
        locked.reason_zh_hans, locked.reason_en = reason["zh-hans"], reason["en"]
        locked.save(update_fields=["kind", *_WORDS])


@contextmanager
def composed(release: Release, actor: Any) -> Iterator[Release]:
    """The release, locked, while what it holds is changed; its preview no longer holds.

    Raises PermissionDenied, and CompositionError for one that is scheduled or decided.
    """
    _refuse_reader(actor)
    with transaction.atomic():
        locked: Release = Release.objects.select_for_update().get(pk=release.pk)
        refuse_closed(locked)
        yield locked
        recompose(locked)


def recompose(release: Release) -> None:
    """Note that what a release holds was changed: its preview no longer holds."""
    Release.objects.filter(pk=release.pk).update(composition=F("composition") + 1)


def add_import(release: Release, batch: ImportBatch, *, actor: Any) -> None:
    """Put a checked file into a release. Raises PermissionDenied, CompositionError."""
    with composed(release, actor) as locked:
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state != ImportBatch.State.STAGED:
            raise CompositionError(_("Only a file that was checked can be put into a release."))
        if batch.release_id:
            raise CompositionError(_("The file is in a release already."))
        if thaw_layout(batch.layout_frozen).is_backfill:
            raise CompositionError(_("A file of past vintages goes live by itself."))
        batch.release = locked
        batch.save(update_fields=["release"])


def take_import_out(release: Release, batch: ImportBatch, *, actor: Any) -> None:
    """Take a file out; it is free again, to be published or discarded."""
    with composed(release, actor) as locked:
        locked.imports.filter(pk=batch.pk).update(release=None)


def add_value(
    release: Release,
    *,
    series: Series,
    period: str,
    source: Source,
    actor: Any,
    **statement: Any,
) -> StagedObservation:
    """Stage a value in a release; `statement` is what `stage_observation` takes.

    Raises PermissionDenied, CompositionError, StagingError naming the field.
    """
    with composed(release, actor) as locked:
        row = stage_observation(locked, series=series, period=period, source=source, **statement)
        same = locked.staged.filter(series=series, period=row.period, source=source)
        if same.exists():
            raise CompositionError(
                _("The release holds a value of this source for %(slot)s already.")
                % {"slot": f"{series.key} {row.period}"}
            )
        row.save()
        _remember_seen(locked)
        return row


def take_value_out(
    release: Release, row: StagedObservation, *, actor: Any, now: datetime
) -> Release:
    """Take a value out into a release of its own, which waits; there it may be rejected."""
    with composed(release, actor) as locked:
        row = locked.staged.select_for_update().get(pk=row.pk)
        own = Release.objects.create(
            title_zh_hans=_name(row, "zh_hans"),
            title_en=_name(row, "en"),
            reason_zh_hans=locked.reason_zh_hans,
            reason_en=locked.reason_en,
            kind=locked.kind,
            proposed_seq=locked.proposed_seq,
            created_at=now,
            created_by=actor,
        )
        row.release = own
        row.save(update_fields=["release"])
        return own


def _refuse_reader(actor: Any) -> None:
    if actor is not None and not may_compose(actor):
        raise PermissionDenied("This user may not compose releases.")


def refuse_closed(release: Release) -> None:
    """Raise CompositionError for a release that is scheduled or decided."""
    if release.state == Release.State.SCHEDULED:
        text = _("“%(title)s” is scheduled: take it off the schedule first.")
        raise CompositionError(text % {"title": release})
    if not release.is_open:
        raise CompositionError(_("“%(title)s” was already decided.") % {"title": release})


def _remember_seen(release: Release) -> None:
    """What stands now was seen; of several moments the first counts."""
    if release.proposed_seq is None:
        propose(release)


def _name(row: StagedObservation, suffix: str) -> str:
    entity, indicator = row.series.entity, row.series.indicator
    names = getattr(entity, f"name_{suffix}"), getattr(indicator, f"name_{suffix}")
    return f"{names[0]} · {names[1]} {row.period}"[:200]
