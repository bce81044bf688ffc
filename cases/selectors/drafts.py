"""Unsaved words, and what was saved since they were begun."""

from dataclasses import dataclass
from typing import Any

from cases.markup.text import tidied
from cases.models import CaseText, Draft, Revision
from cases.selectors.addresses import page_url
from cases.selectors.conflicts import words_of


@dataclass(frozen=True, slots=True)
class Offer:
    """Unsaved words to restore or discard, and the revision that was saved since, if any."""

    draft: Draft
    newer: Revision | None


@dataclass(frozen=True, slots=True)
class Preview:
    """Where the page of a text can be seen before it is published."""

    language: str
    name: str
    url: str


def previews_of(text: CaseText) -> tuple[Preview, ...]:
    """This text, and the other languages of the case in which something is written. One query."""
    rows = CaseText.objects.filter(case=text.case_id, revisions__isnull=False).exclude(pk=text.pk)
    return tuple(
        Preview(
            one.language,
            one.get_language_display(),
            page_url(one.language, "preview", text.case.slug),
        )
        for one in (text, *rows.distinct())
    )


def draft_of(text: CaseText, author: Any) -> Draft | None:
    """What an author has typed and not saved. One query."""
    return Draft.objects.filter(text=text, author=author).select_related("text").first()


def offer_of(draft: Draft) -> Offer | None:
    """The offer of unsaved words; None where the latest revision says the same. One query."""
    latest = latest_revision(draft.text)
    if latest is None:
        return Offer(draft, None)
    if tidied(draft.title, draft.standfirst, draft.body) == words_of(latest):
        return None
    return Offer(draft, latest if latest.number > draft.seen else None)


def latest_revision(text: CaseText) -> Revision | None:
    """The words that were saved last, with who saved them. One query."""
    rows = Revision.objects.filter(text=text).select_related("created_by")
    return rows.order_by("-number").first()
