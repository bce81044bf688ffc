"""Which revision of the other language the words of a text follow."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import CaseText, Revision, TextAct
from cases.services.texts import record_act
from metrics.participants import RefusedError


class FollowError(RefusedError):
    """A text does not follow that revision."""


def follow(text: CaseText, source: Revision | None, *, actor: Any, now: datetime) -> bool:
    """Say that the latest words of a text say what `source` says in another language; None: no one.

    The words stay, so a text that is approved or published takes it too. False where it was said
    before. Raises PermissionDenied and FollowError.
    """
    if not actor.has_perm("cases.change_casetext"):
        raise PermissionDenied("This takes cases.change_casetext.")
    with transaction.atomic():
        texts = CaseText.objects.select_for_update().filter(case=text.case_id).order_by("pk")
        known = {one.pk: one for one in texts}  # locked, lest two texts follow each other
        latest = text.revisions.order_by("-number").first()
        if latest is None:
            raise FollowError(_("Nothing is written yet."))
        if source is not None:
            _refuse_unfit(text, source, known)
        if latest.source_revision_id == (source.pk if source else None):
            return False
        Revision.objects.filter(pk=latest.pk).update(source_revision=source)
        record_act(latest, TextAct.Kind.FOLLOWED, actor=actor, now=now, note=_note(source))
        return True


def _refuse_unfit(text: CaseText, source: Revision, known: dict[int, CaseText]) -> None:
    other = known.get(source.text_id)
    if other is None or other.pk == text.pk:
        raise FollowError(_("A text follows one of its own case in another language."))
    newest = other.revisions.select_related("source_revision").order_by("-number").first()
    followed = newest.source_revision if newest else None
    if followed is not None and followed.text_id == text.pk:
        words = _("The text in %(language)s follows this one already.")
        raise FollowError(words % {"language": other.get_language_display()})


def _note(source: Revision | None) -> str:
    return str(source) if source else _("follows no other text")
