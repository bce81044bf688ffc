"""What stands between a text and its readers: each point met or not, and which step it blocks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import CaseText, Comment, Publication, Revision, TextAct
from cases.selectors.problems import text_problems

_Kind = TextAct.Kind
_TO_READERS = frozenset({_Kind.SUBMITTED, _Kind.APPROVED, _Kind.PUBLISHED})


@dataclass(frozen=True, slots=True)
class Check:
    """One point: its words, whether it is met, what is wrong, and the steps that wait for it."""

    key: str
    label: str
    is_met: bool
    blocks: frozenset[str] = frozenset()
    details: tuple[str, ...] = ()


def checklist(text: CaseText, revision: Revision, user: Any) -> tuple[Check, ...]:
    """Every point, for the person who looks at it. At most 8 queries."""
    return tuple(_checks(text, revision, user))


def blocking(checks: Iterable[Check], kind: str) -> list[Check]:
    """The points that forbid a step."""
    return [check for check in checks if not check.is_met and kind in check.blocks]


def _checks(text: CaseText, revision: Revision, user: Any) -> Iterator[Check]:
    faults = text_problems(revision.title, revision.standfirst, revision.body)
    details = tuple(fault.message for fault in faults)
    yield Check("shown", _("Every figure and block can be shown"), not faults, _TO_READERS, details)
    yield _check(
        "standfirst",
        _("A standfirst"),
        "" if revision.standfirst.strip() else _("There is none."),
    )
    yield _new(text, revision)
    yield _settled(text)
    yield _by_another(revision, user)
    yield _other_language(text)


def _check(key: str, label: str, fault: str, blocks: frozenset[str] = frozenset()) -> Check:
    """A point that is met where nothing is wrong."""
    return Check(key, label, not fault, blocks, (fault,) if fault else ())


def _new(text: CaseText, revision: Revision) -> Check:
    live = text.publications.current().values_list("revision_id", flat=True).first()
    fault = _("Readers see these words already.") if live == revision.pk else ""
    return _check("new", _("Something new for readers"), fault, _TO_READERS)


def _settled(text: CaseText) -> Check:
    n = Comment.objects.filter(revision__text=text, settled_at=None).count()
    fault = ngettext("%(n)d comment is open.", "%(n)d comments are open.", n) % {"n": n}
    blocks = frozenset({_Kind.APPROVED})
    return _check("comments", _("All comments settled"), fault if n else "", blocks)


def _by_another(revision: Revision, user: Any) -> Check:
    """Four eyes: whoever saved last does not approve."""
    is_own = revision.created_by_id is not None and revision.created_by_id == user.pk
    fault = _("You saved it last: somebody else approves it.") if is_own else ""
    return _check("another", _("Approved by another"), fault, frozenset({_Kind.APPROVED}))


def _other_language(text: CaseText) -> Check:
    """Languages are published separately: this only tells."""
    others = Publication.objects.current().filter(text__case=text.case_id).exclude(text=text)
    fault = "" if others.exists() else _("Readers do not see the case in the other language.")
    return _check("languages", _("Both languages"), fault)
