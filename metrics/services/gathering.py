"""Gathering one open release into another."""

from typing import Any

from django.utils.translation import gettext as _

from metrics.models import Release, StagedObservation
from metrics.participants import participants
from metrics.services.composing import CompositionError, composed, refuse_closed


def gather(release: Release, other: Release, *, actor: Any) -> None:
    """Put all that another open release holds into this one; the other is closed as gathered.

    Their kinds must agree, because notices tell readers the kind: only what is new may go into
    any. Raises PermissionDenied, CompositionError.
    """
    with composed(release, actor) as locked:
        if release.pk == other.pk:
            raise CompositionError(_("A release is not gathered into itself."))
        other = Release.objects.select_for_update().get(pk=other.pk)
        refuse_closed(other)
        _refuse_other_kind(locked, other)
        _refuse_same_slots(locked, other)
        for participant in participants():
            participant.gather(locked, other)
        other.staged.update(release=locked)
        other.imports.update(release=locked)
        _take_over(locked, other)


def _take_over(release: Release, other: Release) -> None:
    """The earlier of both proposals, and a reason where this one has none."""
    seen = [one.proposed_seq for one in (release, other) if one.proposed_seq is not None]
    release.proposed_seq = min(seen, default=None)
    for name in ("reason_zh_hans", "reason_en"):
        setattr(release, name, getattr(release, name) or getattr(other, name))
    release.save(update_fields=["proposed_seq", "reason_zh_hans", "reason_en"])
    other.state, other.gathered_into = Release.State.GATHERED, release
    other.save(update_fields=["state", "gathered_into"])


def _refuse_other_kind(release: Release, other: Release) -> None:
    if other.kind not in (release.kind, Release.Kind.NEW):
        text = _("“%(other)s” is of the kind “%(kind)s”: gather it into a release of that kind.")
        raise CompositionError(text % {"other": other, "kind": other.get_kind_display()})


def _refuse_same_slots(release: Release, other: Release) -> None:
    slots = "series", "period", "source"
    held = set(release.staged.values_list(*slots))
    rows = other.staged.select_related("series")
    both = [f"{row.series.key} {row.period}" for row in rows if _slot(row) in held]
    if both:
        text = _("Both releases hold a value for %(slots)s.")
        raise CompositionError(text % {"slots": ", ".join(both[:5])})


def _slot(row: StagedObservation) -> tuple[int, str, int]:
    return row.series_id, row.period, row.source_id
