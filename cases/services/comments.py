"""Remarks on paragraphs of a text."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from cases.markup.paragraphs import paragraphs
from cases.models import Comment, Revision, TextAct
from cases.services.texts import record_act
from metrics.participants import RefusedError

MOST_CHARACTERS = 2000
MOST_OPEN = 200


class CommentError(RefusedError):
    """The remark cannot be taken; the words say why."""


def add_comment(
    revision: Revision, *, words: str, actor: Any, now: datetime, line: int | None = None
) -> Comment:
    """Remark on the paragraph that begins on a line of the body; None: on the whole text.

    Raises PermissionDenied, or CommentError for empty or too many words, a line on which no
    paragraph begins, or a text with MOST_OPEN open remarks.
    """
    if not actor.has_perm("cases.add_comment"):
        raise PermissionDenied("This user may not comment.")
    words = words.replace("\x00", "").strip()
    if not words:
        raise CommentError(_("Write what you have to say."))
    if len(words) > MOST_CHARACTERS:
        limit = {"limit": MOST_CHARACTERS, "length": len(words)}
        raise CommentError(_("Expected at most %(limit)d characters, not %(length)d.") % limit)
    if (
        Comment.objects.filter(revision__text=revision.text_id, settled_at=None).count()
        >= MOST_OPEN
    ):
        raise CommentError(_("Settle some of the open comments first."))
    with transaction.atomic():
        comment = Comment.objects.create(
            revision=revision,
            paragraph=_source(revision, line),
            words=words,
            written_at=now,
            author=actor,
        )
        record_act(revision, TextAct.Kind.COMMENTED, actor=actor, now=now, note=words[:1000])
    return comment


def settle_comment(comment: Comment, *, actor: Any, now: datetime) -> bool:
    """Close a remark; False where somebody did so before. Raises PermissionDenied."""
    if not actor.has_perm("cases.add_comment"):
        raise PermissionDenied("This user may not settle comments.")
    with transaction.atomic():
        still_open = Comment.objects.filter(pk=comment.pk, settled_at=None)
        if not still_open.update(settled_at=now, settled_by=actor):
            return False
        note = comment.words[:1000]
        record_act(comment.revision, TextAct.Kind.SETTLED, actor=actor, now=now, note=note)
    return True


def _source(revision: Revision, line: int | None) -> str:
    if line is None:
        return ""
    for paragraph in paragraphs(revision.body):
        if paragraph.line == line:
            return paragraph.source
    raise CommentError(_("No paragraph begins on line %(line)d.") % {"line": line})
