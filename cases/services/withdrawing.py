"""Texts of a release that is withdrawn: back to the publication before it, or from readers."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cases.models import CaseText, Publication, Revision, TextAct
from cases.services.ledger import settle_taken
from cases.services.snapshots import drop_snapshots
from cases.services.texts import record_act, stage_text
from metrics.models import Change, Release

_State = CaseText.State
_Kind = TextAct.Kind


def texts_built_upon(change: Change) -> list[str]:
    """The texts of a change that were published or taken from readers since, in words."""
    since = Publication.objects.filter(text__in=_texts_of(change))
    since = since.filter(Q(seq_from__gt=change.seq) | Q(seq_to__gt=change.seq))
    rows = CaseText.objects.filter(publications__in=since).select_related("case").distinct()
    words = _("“%(text)s” was published or taken from readers since.")
    return [words % {"text": row} for row in rows.order_by("pk")]


def put_texts_back(of: Change, release: Release, change: Change) -> None:
    """Readers see of each text of the change `of` what they saw before it.

    Words that they saw before are staged, and so published with the release; words that were the
    first are taken from readers. The withdrawn words become a draft again unless somebody wrote
    on since.
    """
    published = {row.text_id: row for row in _publications(seq_from=of.seq)}
    before = {row.text_id: row for row in _publications(seq_to=of.seq)}
    for text_id, row in before.items():
        stage_text(release, row.revision)
        withdrawn = published.get(text_id)
        if withdrawn is None:  # it was taken from readers; what was written since is a draft
            _move_newer(row.revision)
        elif withdrawn.revision != row.revision and _move(withdrawn.revision, _State.DRAFT):
            _record(withdrawn.revision, _Kind.REOPENED, change)
    first = [row for text_id, row in published.items() if text_id not in before]
    _take_from_readers(first, change)


def _texts_of(change: Change) -> set[int]:
    rows = Publication.objects.filter(Q(seq_from=change.seq) | Q(seq_to=change.seq))
    return set(rows.values_list("text_id", flat=True))


def _publications(**which: int) -> Iterable[Publication]:
    return Publication.objects.filter(**which).select_related("revision", "text__case")


def _take_from_readers(rows: Iterable[Publication], change: Change) -> None:
    for row in rows:
        Publication.objects.filter(pk=row.pk).update(seq_to=change.seq)
        _move(row.revision, _State.ARCHIVED)
        _record(row.revision, _Kind.ARCHIVED, change)
    settle_taken([row.text_id for row in rows], change)
    slugs = {row.text.case.slug for row in rows}
    if slugs:
        drop_snapshots(change, case_slugs=slugs, texts=True)


def _move(revision: Revision, to: str) -> bool:
    """Move a published text to a state, unless somebody wrote on since; whether it was moved."""
    texts = CaseText.objects.filter(pk=revision.text_id, state=_State.PUBLISHED)
    return not _newer(revision).exists() and bool(texts.update(state=to))


def _move_newer(revision: Revision) -> None:
    if _newer(revision).exists():
        texts = CaseText.objects.filter(pk=revision.text_id, state=_State.ARCHIVED)
        texts.update(state=_State.DRAFT)


def _newer(revision: Revision) -> QuerySet[Revision]:
    return Revision.objects.filter(text=revision.text_id, number__gt=revision.number)


def _record(revision: Revision, kind: str, change: Change) -> None:
    release = change.release
    note = (release.reason_zh_hans or release.reason_en) if release else ""
    record_act(revision, kind, actor=change.actor, now=change.published_at, note=note[:1000])
