"""Somebody else saved a text while it was written on: what differs, and what both make together."""

from dataclasses import dataclass
from itertools import groupby

from cases.markup.joining import Change, Kind, differences, line_difference
from cases.markup.merging import Merged, merged
from cases.markup.text import Text
from cases.models import CaseText, Revision


@dataclass(frozen=True, slots=True)
class Passage:
    """Changed paragraphs, or how many in a row are the same on both sides."""

    changes: tuple[Change, ...] = ()
    same: int = 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """The revision that was saved meanwhile, and what leads from its words to mine.

    `is_joined`: mine hold its changes already.
    """

    latest: Revision
    is_joined: bool
    title: Change
    standfirst: Change
    passages: tuple[Passage, ...]

    @property
    def has_other_title(self) -> bool:
        return self.title.kind != Kind.SAME

    @property
    def has_other_standfirst(self) -> bool:
        return self.standfirst.kind != Kind.SAME


def conflict_with(latest: Revision, mine: Text, *, is_joined: bool = False) -> Conflict:
    """How words that are not saved differ from the latest revision. No query."""
    return Conflict(
        latest=latest,
        is_joined=is_joined,
        title=line_difference(latest.title, mine.title),
        standfirst=line_difference(latest.standfirst, mine.standfirst),
        passages=_passages(differences(latest.body, mine.body)),
    )


def joined_words(text: CaseText, *, seen: int, mine: Text, latest: Revision) -> Merged:
    """My words with what was changed in the latest revision since the one I began from.

    Where that one is not known, every paragraph is taken for changed by both. One query.
    """
    begun = text.revisions.filter(number=seen).first()
    base = words_of(begun) if begun is not None else Text("", "", "")
    return merged(base, mine, words_of(latest))


def words_of(revision: Revision) -> Text:
    """The three parts of a revision."""
    return Text(revision.title, revision.standfirst, revision.body)


def _passages(changes: tuple[Change, ...]) -> tuple[Passage, ...]:
    return tuple(
        Passage(same=len(run)) if is_same else Passage(run)
        for is_same, run in ((key, tuple(group)) for key, group in groupby(changes, _is_same))
    )


def _is_same(change: Change) -> bool:
    return change.kind == Kind.SAME
