"""Keeping what somebody has typed and not saved."""

from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from cases.markup.text import Text, tidied
from cases.models import CaseText, Draft
from cases.models.draft import MOST_CHARACTERS
from metrics.participants import RefusedError

MOST_IN_A_LINE: Final = 300


class DraftElsewhereError(RefusedError):
    """Other unsaved words are kept for this text, which this window has not seen."""


class DraftTooLongError(RefusedError):
    """More than is kept."""


def keep_draft(
    text: CaseText,
    *,
    title: str,
    standfirst: str,
    body: str,
    note: str = "",
    seen: int,
    known: str,
    author: Any,
    now: datetime,
) -> Draft | None:
    """Keep what an author has typed in place of the words marked `known` ("": there were none).

    None where it is what the latest revision says, and nothing needs to be kept. Raises
    DraftElsewhereError where other words are kept meanwhile, and DraftTooLongError. Three queries.
    """
    long, short = max(len(body), len(standfirst)), max(len(title), len(note))
    if long > MOST_CHARACTERS or short > MOST_IN_A_LINE:
        raise DraftTooLongError(_("The text is too long to be kept; shorten it before you go on."))
    rows = Draft.objects.filter(text=text, author=author)
    mine = _marked(rows, known)
    if _says_nothing_new(text, title, standfirst, body):
        mine.delete()
        return None
    words = {"title": title, "standfirst": standfirst, "body": body, "note": note}
    kept = words | {"seen": seen, "saved_at": now}
    if not mine.update(**kept):
        draft, is_new = rows.get_or_create(defaults=kept, text=text, author=author)
        if not is_new:
            raise DraftElsewhereError(
                _(
                    "Other unsaved words of yours on this text are kept already; what you type "
                    "here is not. Open the page again to see them, or save."
                )
            )
        return draft
    return rows.get()


def discard_draft(text: CaseText, *, author: Any, known: str) -> bool:
    """Throw unsaved words away; False where those marked are not there any more."""
    rows = _marked(Draft.objects.filter(text=text, author=author), known)
    return bool(rows.delete()[0])


def _marked(rows: QuerySet[Draft], known: str) -> QuerySet[Draft]:
    """The words that a page knows of; none where it knows of none."""
    mark = parsed_mark(known)
    return rows.none() if mark is None else rows.filter(saved_at=mark)


def clear_drafts(text: CaseText, *, author: Any, but: str = "") -> None:
    """After a save: nothing is unsaved but words marked `but`, which their author has not seen."""
    rows = Draft.objects.filter(text=text, author=author)
    offered = parsed_mark(but)
    (rows.exclude(saved_at=offered) if offered else rows).delete()


def parsed_mark(mark: str) -> datetime | None:
    """The moment in a mark; None for "" and for what is no mark."""
    try:
        moment = parse_datetime(mark)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _says_nothing_new(text: CaseText, title: str, standfirst: str, body: str) -> bool:
    latest = text.revisions.order_by("-number").first()
    if latest is None:
        return not (title.strip() or standfirst.strip() or body.strip())
    words = tidied(title, standfirst, body)
    return words == Text(latest.title, latest.standfirst, latest.body)
