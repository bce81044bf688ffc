"""An earlier revision made the newest draft."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import CaseText, Revision
from cases.services.texts import save_revision
from metrics.participants import RefusedError


class RestoreError(RefusedError):
    """Nothing to restore, or not before somebody has looked."""


def restore_revision(
    text: CaseText, number: int, *, seen: int, actor: Any, now: datetime
) -> Revision:
    """Save the words of a revision anew, on top of all others; restoring the former undoes it.

    `seen` is the revision that was the latest as `actor` looked. Raises PermissionDenied, as a
    save does TextLockedError, and RestoreError. Readers and unsaved words are left as they are.
    """
    if not actor.has_perm("cases.change_casetext"):
        raise PermissionDenied("This takes cases.change_casetext.")
    with transaction.atomic():
        text = CaseText.objects.select_for_update().get(pk=text.pk)
        old = text.revisions.select_related("source_revision").filter(number=number).first()
        latest = text.revisions.order_by("-number").first()
        if old is None or latest is None:
            raise RestoreError(_("There is no revision %(number)d.") % {"number": number})
        if latest.number != seen:
            words = _("Somebody saved revision %(number)d meanwhile: look at it first.")
            raise RestoreError(words % {"number": latest.number})
        revision = save_revision(
            text,
            title=old.title,
            standfirst=old.standfirst,
            body=old.body,
            actor=actor,
            now=now,
            note=_("Restored from revision %(number)d") % {"number": number},
        )
        if revision == latest:
            words = _("These are the words of revision %(number)d, the latest, already.")
            raise RestoreError(words % {"number": latest.number})
        # Old words follow what they followed.
        Revision.objects.filter(pk=revision.pk).update(source_revision=old.source_revision)
        return revision
