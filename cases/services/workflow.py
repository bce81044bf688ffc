"""A text's way to its readers: handed in, approved by another, published, archived."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import CaseText, Publication, Revision, TextAct
from cases.selectors.checklist import (
    Check,
    blocking,
    checklist,
    claim_faults,
)
from cases.selectors.claims import claims_of
from cases.services.composing import open_release_of
from cases.services.ledger import settle_taken
from cases.services.snapshots import drop_snapshots
from cases.services.texts import publish_revision, record_act
from metrics.models import Change, Release
from metrics.participants import RefusedError
from metrics.services.clock import lock_clock
from metrics.services.publishing import publish_release
from metrics.services.stale import Targets

_State: Final = CaseText.State
_Kind: Final = TextAct.Kind


class StepError(RefusedError):
    """A text does not take this step now; the words say why, in the language in force."""


@dataclass(frozen=True, slots=True)
class Step:
    """From which states to which, with what right, and whether a reason has to be given."""

    kind: str
    states: tuple[str, ...]
    to: str
    permission: str
    needs_note: bool = False
    # The note is told to readers, as the reason of the release that the step makes.
    is_told: bool = False


_WRITE: Final = "cases.change_casetext"
_APPROVE: Final = "cases.approve_casetext"
_PUBLISH: Final = "metrics.publish_release"
_ANY: Final = tuple(_State.values)
_SEEN_BY_READERS: Final = (_Kind.PUBLISHED, _Kind.ARCHIVED)

STEPS: Final = {
    step.kind: step
    for step in (
        Step(_Kind.SUBMITTED, (_State.DRAFT, _State.ARCHIVED), _State.IN_REVIEW, _WRITE),
        Step(_Kind.TAKEN_BACK, (_State.IN_REVIEW,), _State.DRAFT, _WRITE),
        Step(_Kind.SENT_BACK, (_State.IN_REVIEW,), _State.DRAFT, _APPROVE, needs_note=True),
        Step(_Kind.APPROVED, (_State.IN_REVIEW,), _State.APPROVED, _APPROVE),
        Step(_Kind.REOPENED, (_State.APPROVED,), _State.DRAFT, _WRITE, needs_note=True),
        Step(_Kind.OVERRIDDEN, (_State.APPROVED,), _State.APPROVED, _PUBLISH, needs_note=True),
        Step(_Kind.PUBLISHED, (_State.APPROVED,), _State.PUBLISHED, _PUBLISH, is_told=True),
        Step(_Kind.ARCHIVED, _ANY, _State.ARCHIVED, _PUBLISH, needs_note=True, is_told=True),
    )
}


def take_step(
    text: CaseText,
    kind: str,
    *,
    actor: Any,
    now: datetime,
    note: str = "",
    seen: int | None = None,
) -> Release | None:
    """Move a text one step of its way; the release that made, if the step is one readers see.

    `seen` is the revision that was the latest as `actor` looked; None: whatever is the latest.
    Raises PermissionDenied, and StepError where the state, a newer revision, the checklist, an
    open release or a missing reason forbids it. Nothing is changed then.
    """
    step = STEPS[kind]
    if not actor.has_perm(step.permission):
        raise PermissionDenied(f"This takes {step.permission}.")
    with transaction.atomic():
        if kind in _SEEN_BY_READERS:
            lock_clock()  # before the text, as whoever publishes a release with it does
        text = CaseText.objects.select_for_update().select_related("case").get(pk=text.pk)
        revision = _latest(text)
        if seen is not None and revision.number != seen:
            words = _("Somebody saved revision %(number)d meanwhile: look at it first.")
            raise StepError(words % {"number": revision.number})
        _refuse(text, step, revision, actor, note)
        if kind == _Kind.PUBLISHED:
            # the note of the revision is for colleagues; readers are told what is meant for them
            return publish_revision(revision, actor=actor, now=now, note=note)
        if kind == _Kind.ARCHIVED:
            return _archive(text, revision, actor=actor, now=now, note=note)
        CaseText.objects.filter(pk=text.pk).update(state=step.to)
        record_act(revision, kind, actor=actor, now=now, note=note)
        return None


def _latest(text: CaseText) -> Revision:
    latest: Revision | None = text.revisions.order_by("-number").first()
    if latest is None:
        raise StepError(_("Nothing is written yet."))
    return latest


def _refuse(text: CaseText, step: Step, revision: Revision, actor: Any, note: str) -> None:
    if text.state not in step.states:
        state = text.get_state_display()
        raise StepError(_("The text is in the state “%(state)s” now.") % {"state": state})
    if step.needs_note and not note.strip():
        raise StepError(_("Say why."))
    if step.kind == _Kind.ARCHIVED and not text.publications.current().exists():
        raise StepError(_("Readers do not see this text."))
    if step.kind in (_Kind.REOPENED, _Kind.PUBLISHED):
        _refuse_in_release(revision)
    if step.kind == _Kind.OVERRIDDEN and not _needs_vouching(text, revision):
        raise StepError(_("There is nothing to vouch for."))
    for check in blocking(checklist(text, revision, actor), step.kind):
        raise StepError(_words(check))


def _needs_vouching(text: CaseText, revision: Revision) -> bool:
    """Whether claims of these words are unbound or broken, and nobody has vouched for them."""
    return bool(claim_faults(revision, claims_of(revision, text.language)))


def _words(check: Check) -> str:
    return " ".join(check.details)


def _refuse_in_release(revision: Revision) -> None:
    release = open_release_of(revision)
    if release is not None:
        text = _("It stands in the release “%(release)s”: take it out there first.")
        raise StepError(text % {"release": release})


def _archive(
    text: CaseText, revision: Revision, *, actor: Any, now: datetime, note: str
) -> Release:
    """Take a text from its readers, by a release of its own."""
    release = Release.objects.create(
        title_zh_hans=revision.title,
        title_en=revision.title,
        reason_zh_hans=note,
        reason_en=note,
        kind=Release.Kind.WITHDRAWAL,
        created_at=now,
        created_by=actor,
    )

    def close(_release: Release, change: Change) -> tuple[set[int], Targets]:
        Publication.objects.current().filter(text=text).update(seq_to=change.seq)
        CaseText.objects.filter(pk=text.pk).update(state=_State.ARCHIVED)
        settle_taken([text.pk], change)
        record_act(revision, _Kind.ARCHIVED, actor=actor, now=change.published_at, note=note)
        drop_snapshots(change, case_slugs={text.case.slug}, texts=True)
        return set(), Targets()

    publish_release(release, actor=actor, now=now, record=close)
    return release


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that a person may take now, or would but for the reasons."""

    step: Step
    reasons: tuple[str, ...] = ()


def offers(text: CaseText, checks: tuple[Check, ...], user: Any) -> list[Offer]:
    """The steps from where a text stands that the person has the right to take."""
    is_live = text.publications.current().exists()
    found = []
    for step in STEPS.values():
        if text.state not in step.states or not user.has_perm(step.permission):
            continue
        if step.kind == _Kind.ARCHIVED and not is_live:
            continue
        if step.kind == _Kind.OVERRIDDEN and all(c.is_met for c in checks if c.key == "claims"):
            continue
        reasons = tuple(_words(check) for check in blocking(checks, step.kind))
        found.append(Offer(step, reasons))
    return found
