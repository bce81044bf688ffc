"""What stands between a text and its readers: each point met or not, and which step it blocks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.markup.claims import TypedNumber
from cases.models import CaseText, Comment, LedgerEntry, Publication, Revision, TextAct
from cases.selectors.claims import Claims, SentenceReading, claims_of
from cases.selectors.problems import text_problems
from metrics.models import Change

_Kind = TextAct.Kind
_FALSE = LedgerEntry.State.FALSE
_TO_READERS = frozenset({_Kind.SUBMITTED, _Kind.APPROVED, _Kind.PUBLISHED})


@dataclass(frozen=True, slots=True)
class Check:
    """One point: its words, whether it is met, what is wrong, and the steps that wait for it."""

    key: str
    label: str
    is_met: bool
    blocks: frozenset[str] = frozenset()
    details: tuple[str, ...] = ()


def checklist(
    text: CaseText, revision: Revision, user: Any, *, claims: Claims | None = None
) -> tuple[Check, ...]:
    """Every point, for the person who looks at it. At most 15 queries.

    `claims` are those of the revision, where the caller has them.
    """
    return tuple(_checks(text, revision, user, claims))


def blocking(checks: Iterable[Check], kind: str) -> list[Check]:
    """The points that forbid a step."""
    return [check for check in checks if not check.is_met and kind in check.blocks]


def _checks(
    text: CaseText, revision: Revision, user: Any, claims: Claims | None
) -> Iterator[Check]:
    faults = text_problems(revision.title, revision.standfirst, revision.body)
    details = tuple(fault.message for fault in faults)
    yield Check("shown", _("Every figure and block can be shown"), not faults, _TO_READERS, details)
    if not faults:
        yield _claims(text, revision, claims)
    yield _check(
        "standfirst",
        _("A standfirst"),
        "" if revision.standfirst.strip() else _("There is none."),
    )
    yield _new(text, revision)
    yield _settled(text)
    yield _by_another(revision, user)
    yield _other_language(text)


def _claims(text: CaseText, revision: Revision, claims: Claims | None) -> Check:
    """Numbers bound, wordings true; or somebody with the right to publish has vouched for them."""
    details = claim_faults(revision, claims or claims_of(revision, text.language))
    label = _("Every number bound and every wording true")
    return Check("claims", label, not details, frozenset({_Kind.PUBLISHED}), tuple(details))


def claim_faults(revision: Revision, claims: Claims, *, is_strict: bool = False) -> list[str]:
    """What keeps the claims of a text from its readers, each in words.

    What a publisher let pass, with a reason, is none, unless `is_strict`; but they vouched for how
    it stood then, not for what other data made of it since.
    """
    vouched = None if is_strict else _vouched(revision)
    if vouched is None:
        return [*map(_unbound_words, claims.unbound), *map(_broken_words, claims.broken)]
    if not claims.broken:
        return []
    then = claims_of(revision, revision.text.language, Change.objects.seq_as_of(vouched.at))
    known = {one.sentence.key: one.state for one in then.broken}
    return [_broken_words(one) for one in claims.broken if _is_worse(one, known)]


def _vouched(revision: Revision) -> TextAct | None:
    acts = revision.acts.filter(kind=_Kind.OVERRIDDEN)
    found: TextAct | None = acts.order_by("-at", "-id").first()
    return found


def _is_worse(one: SentenceReading, known: Mapping[str, str]) -> bool:
    """A sentence that held, or that was open and is false now; a value that came may leave open."""
    before = known.get(one.sentence.key)
    return before is None or (one.state == _FALSE and before != _FALSE)


def _unbound_words(one: TypedNumber) -> str:
    words = _("Line %(line)d: “%(text)s” is typed, not bound to a value.")
    return words % {"line": one.line, "text": one.text}


def _broken_words(one: SentenceReading) -> str:
    state = LedgerEntry.State(one.state).label
    values = {"line": one.sentence.line, "text": one.printed, "state": state}
    return _("Line %(line)d: “%(text)s”: %(state)s.") % values


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
