"""Revisions of texts, and putting them live."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases.markup.references import pictures_of, series_of
from cases.models import CaseText, Picture, Publication, ReleaseText, Revision, TextAct
from cases.selectors.checklist import claim_faults
from cases.selectors.claims import claims_of
from cases.selectors.problems import text_problems
from metrics.models import Change, Release, Series
from metrics.participants import RefusedError
from metrics.services.publishing import may_publish, publish_release

MOST_FAULTS = 5  # told of one text
# Somebody has vouched for the words: they wait as they are.
LOCKED = (CaseText.State.APPROVED, CaseText.State.SCHEDULED)


class TextLockedError(RefusedError):
    """The text is approved: it is reopened before it is written on."""


class UnsettledError(RefusedError):
    """The release holds words whose claims are unbound or broken."""

    def __init__(self, revision: Revision, faults: list[str]) -> None:
        text = _("“%(text)s”: %(faults)s")
        super().__init__(text % {"text": revision, "faults": " ".join(faults)})


class NotApprovedError(RefusedError):
    """The release holds words that nobody has approved."""

    def __init__(self, revision: Revision) -> None:
        super().__init__(str(revision))
        self.revision = revision

    def __str__(self) -> str:
        """In the language of who reads it, who may not be who met it."""
        return _("“%(text)s” is not approved.") % {"text": self.revision}


def save_revision(
    text: CaseText,
    *,
    title: str,
    standfirst: str,
    body: str,
    actor: Any,
    now: datetime,
    note: str = "",
    source: Revision | None = None,
) -> Revision:
    """Keep what was written as the next revision; the latest one when nothing changed.

    It follows the revision `source` of the other language, or else what the one before followed.

    A text that readers see becomes a draft again; one in review stays there, and whoever saved is
    then its last editor. Raises TextLockedError for a text that is approved or scheduled; only the
    shipped content (`actor` None) is loaded over one.
    """
    with transaction.atomic():
        text = CaseText.objects.select_for_update().get(pk=text.pk)
        latest: Revision | None = text.revisions.order_by("-number").first()
        words = (title, standfirst, body)
        if latest is not None and (latest.title, latest.standfirst, latest.body) == words:
            return latest
        if actor is not None and text.state in LOCKED:
            raise TextLockedError(_("This text is approved. Reopen it to go on writing."))
        if text.state != CaseText.State.IN_REVIEW:
            CaseText.objects.filter(pk=text.pk).update(state=CaseText.State.DRAFT)
        revision = Revision.objects.create(
            text=text,
            number=latest.number + 1 if latest else 1,
            title=title,
            standfirst=standfirst,
            body=body,
            note=note,
            created_at=now,
            created_by=actor,
            source_revision_id=_followed(source, latest),
        )
        record_act(revision, TextAct.Kind.SAVED, actor=actor, now=now, note=note)
        return revision


def _followed(source: Revision | None, latest: Revision | None) -> int | None:
    """What a save follows: what it says, else what the one before it followed."""
    if source is not None:
        return source.pk
    return latest.source_revision_id if latest is not None else None


def record_act(
    revision: Revision, kind: str, *, actor: Any, now: datetime, note: str = ""
) -> TextAct:
    """Enter an act in the log of a text."""
    return TextAct.objects.create(
        text_id=revision.text_id, revision=revision, kind=kind, note=note, at=now, actor=actor
    )


def stage_text(release: Release, revision: Revision) -> ReleaseText:
    """Put a revision into a release that is still open."""
    return ReleaseText.objects.get_or_create(release=release, revision=revision)[0]


def publish_revision(revision: Revision, *, actor: Any, now: datetime, note: str = "") -> Release:
    """A one-text release: published at once by who may, else left for approval."""
    with transaction.atomic():
        first = not revision.text.publications.exists()
        release = Release.objects.create(
            title_zh_hans=revision.title,
            title_en=revision.title,
            reason_zh_hans=note,
            reason_en=note,
            kind=Release.Kind.NEW if first else Release.Kind.REVISION,
            created_at=now,
            created_by=actor,
        )
        stage_text(release, revision)
        if actor is None or may_publish(actor):
            publish_release(release, actor=actor, now=now)
            release.refresh_from_db()
        return release


def publish_texts(release: Release, change: Change) -> list[Publication]:
    """Make the revisions of a release the live ones, inside the publishing transaction.

    Raises NotApprovedError for words that nobody has approved, where a person made the release.
    """
    publications = []
    for item in release.texts.select_related("revision__text__case").order_by("id"):
        revision = item.revision
        if release.created_by_id is not None:
            refuse_unfit(revision)
        Publication.objects.current().filter(text=revision.text).update(seq_to=change.seq)
        publication = Publication.objects.create(
            text=revision.text, revision=revision, release=release, seq_from=change.seq
        )
        publication.quoted_series.set(quoted_series(revision))
        publication.pictures.set(Picture.objects.filter(slug__in=pictures_of(revision)))
        if not _has_newer(revision):  # what was written since stays what it is
            CaseText.objects.filter(pk=revision.text_id).update(state=CaseText.State.PUBLISHED)
        record_act(revision, TextAct.Kind.PUBLISHED, actor=change.actor, now=change.published_at)
        publications.append(publication)
    return publications


def refuse_unfit(revision: Revision) -> None:
    """Raise RefusedError for words that may not go to readers.

    What readers saw before was approved once; anything else is the approved latest words.
    """
    is_approved = revision.text.state in LOCKED and not _has_newer(revision)
    if not is_approved and not revision.publications.exists():
        raise NotApprovedError(revision)


def refuse_unsettled(release: Release) -> None:
    """Raise UnsettledError for texts that would not read right, now that their values stand.

    Figures that readers could not be shown, and claims that are unbound or broken and that nobody
    has vouched for. A withdrawal puts back what readers saw, whatever the data say of it since.
    """
    if release.created_by_id is None or release.withdraws_id is not None:
        return
    for item in release.texts.select_related("revision__text__case").order_by("id"):
        faults = _faults(item.revision)
        if faults:
            raise UnsettledError(item.revision, faults[:MOST_FAULTS])


def _faults(revision: Revision) -> list[str]:
    words = revision.title, revision.standfirst, revision.body
    faults = [fault.message for fault in text_problems(*words, waiting=False)]
    return faults or claim_faults(revision, claims_of(revision, revision.text.language))


def _has_newer(revision: Revision) -> bool:
    return Revision.objects.filter(text=revision.text_id, number__gt=revision.number).exists()


def quoted_series(revision: Revision) -> list[Series]:
    """The series a revision quotes, by tokens and exhibits."""
    keys = series_of(revision)
    return list(Series.objects.filter(key__in=keys))
