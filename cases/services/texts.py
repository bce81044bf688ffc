"""Revisions of texts, and putting them live."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cases.markup.references import series_of
from cases.models import CaseText, Publication, ReleaseText, Revision
from metrics.models import Change, Release, Series
from metrics.services.publishing import may_publish, publish_release


def save_revision(
    text: CaseText,
    *,
    title: str,
    standfirst: str,
    body: str,
    actor: Any,
    now: datetime,
    note: str = "",
) -> Revision:
    """Keep what was written as the next revision; the latest one when nothing changed."""
    with transaction.atomic():
        text = CaseText.objects.select_for_update().get(pk=text.pk)
        latest: Revision | None = text.revisions.order_by("-number").first()
        words = (title, standfirst, body)
        if latest is not None and (latest.title, latest.standfirst, latest.body) == words:
            return latest
        return Revision.objects.create(
            text=text,
            number=latest.number + 1 if latest else 1,
            title=title,
            standfirst=standfirst,
            body=body,
            note=note,
            created_at=now,
            created_by=actor,
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
    """Make the revisions of a release the live ones, inside the publishing transaction."""
    publications = []
    for item in release.texts.select_related("revision__text__case").order_by("id"):
        revision = item.revision
        Publication.objects.current().filter(text=revision.text).update(seq_to=change.seq)
        publication = Publication.objects.create(
            text=revision.text, revision=revision, release=release, seq_from=change.seq
        )
        publication.quoted_series.set(quoted_series(revision))
        CaseText.objects.filter(pk=revision.text_id).update(state=CaseText.State.PUBLISHED)
        publications.append(publication)
    return publications


def quoted_series(revision: Revision) -> list[Series]:
    """The series a revision quotes, by tokens and exhibits."""
    keys = series_of(revision)
    return list(Series.objects.filter(key__in=keys))
