"""Texts in releases: put in once approved, taken out, moved along, scheduled."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cases.models import CaseText, ReleaseText, Revision, TextAct
from cases.services.texts import record_act, refuse_unfit, stage_text
from metrics.models import Release
from metrics.services.composing import CompositionError, composed

_State = CaseText.State


def may_compose_texts(user: Any) -> bool:
    return bool(user is not None and user.has_perm("cases.add_releasetext"))


def add_text(release: Release, text: CaseText, *, actor: Any) -> ReleaseText:
    """Put the approved words of a text into a release.

    Raises PermissionDenied, CompositionError for one that is not approved or stands in an open
    release already.
    """
    _refuse_reader(actor)
    with composed(release, actor) as locked:
        text = CaseText.objects.select_for_update().select_related("case").get(pk=text.pk)
        if text.state != _State.APPROVED:
            state = text.get_state_display()
            raise CompositionError(
                _("“%(text)s” is in the state “%(state)s”; only approved texts are added.")
                % {"text": text, "state": state}
            )
        revision = text.revisions.order_by("-number")[:1].get()
        if (other := open_release_of(revision)) is not None:
            raise CompositionError(
                _("“%(text)s” stands in the release “%(release)s”.")
                % {"text": text, "release": other}
            )
        return stage_text(locked, revision)


def take_text_out(release: Release, item: ReleaseText, *, actor: Any) -> None:
    """Take a text out of a release; it stays approved."""
    _refuse_reader(actor)
    with composed(release, actor) as locked:
        locked.texts.filter(pk=item.pk).delete()


def move_texts(release: Release, other: Release) -> None:
    """Put the texts of another open release into this one; its caller locks both."""
    held = {item.revision.text_id for item in release.texts.select_related("revision")}
    for item in other.texts.select_related("revision__text__case"):
        if item.revision.text_id in held:
            text = _("Both releases hold “%(text)s”.")
            raise CompositionError(text % {"text": item.revision.text})
    other.texts.update(release=release)


def open_release_of(revision: Revision) -> Release | None:
    """The open release that holds a revision."""
    return Release.objects.open().filter(texts__revision=revision).first()


def schedule_texts(release: Release, *, actor: Any, now: datetime) -> None:
    """Mark the texts of a release as scheduled. Raises RefusedError for one not fit for readers."""
    for item in release.texts.select_related("revision__text__case").order_by("id"):
        if release.created_by_id is not None:
            refuse_unfit(item.revision)
        _move(item.revision, _State.APPROVED, _State.SCHEDULED)
        note = release.scheduled_at.isoformat() if release.scheduled_at else ""
        record_act(item.revision, TextAct.Kind.SCHEDULED, actor=actor, now=now, note=note)


def unschedule_texts(release: Release, *, actor: Any, now: datetime) -> None:
    """Texts of a release that was taken off the schedule are approved as before."""
    for item in release.texts.select_related("revision__text").order_by("id"):
        _move(item.revision, _State.SCHEDULED, _State.APPROVED)
        record_act(item.revision, TextAct.Kind.UNSCHEDULED, actor=actor, now=now)


def _move(revision: Revision, state: str, to: str) -> None:
    """What was written since a revision that readers saw before stays what it is."""
    CaseText.objects.filter(pk=revision.text_id, state=state).update(state=to)


def _refuse_reader(actor: Any) -> None:
    if actor is not None and not may_compose_texts(actor):
        raise PermissionDenied("This user may not put texts into releases.")
