"""What changes did to a text that readers saw: to its words, and to the values that it quoted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cases.markup.difference import words_changed
from cases.markup.text import Text
from cases.models import Publication
from cases.selectors.addresses import as_of, text_url
from cases.selectors.conflicts import words_of
from cases.selectors.figures import Figures
from cases.selectors.notice_lines import MOST_LINES, NoticeLine, Told, either
from cases.selectors.word_changes import AsRead, word_changes
from metrics.models import Change

_NOTHING: Final = Text("", "", "")


@dataclass(frozen=True, slots=True)
class Words:
    """The words that a change brought, against those of the revision `before` (None: the first).

    Added and removed count words, in Chinese characters.
    """

    revision: int
    before: int | None
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What one change did; `title` is that of a release of more than these words.

    `url` is the page as of then, `url_before` that of the moment before; empty where there was
    none. `is_taken`: the text left its readers.
    """

    seq: int
    at: datetime
    kind: str
    title: str
    reason: str
    words: Words | None
    is_taken: bool
    lines: tuple[NoticeLine, ...]
    further: int
    url: str
    url_before: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Publications of a text, the newest first, and what was put right while they stood."""

    rows: Sequence[Publication]
    told: Told
    figures: Figures
    before: int | None = None

    @property
    def taken(self) -> set[int]:
        """The changes by which the text left its readers, and no other words took its place."""
        begun = {row.seq_from for row in self.rows}
        ends = {row.seq_to for row in self.rows if row.seq_to is not None} - begun
        return {seq for seq in ends if self.before is None or seq < self.before}

    @property
    def seqs(self) -> list[int]:
        """All changes, the newest first."""
        published = {row.seq_from for row in self.rows}
        return sorted({*published, *self.taken, *self.told}, reverse=True)

    def entries(self, seqs: Sequence[int]) -> tuple[Entry, ...]:
        """What some of the changes did. One query."""
        rows = Change.objects.filter(seq__in=seqs).select_related("release")
        changes = {change.seq: change for change in rows}
        return tuple(self._entry(changes[seq]) for seq in seqs)

    def _entry(self, change: Change) -> Entry:
        seq, language = change.seq, self.figures.language
        words, is_taken = self._words(seq), seq in self.taken
        lines = self.told[seq][1] if seq in self.told else []
        case = self.rows[0].text.case
        page = text_url(case.kind, case.slug, language)
        is_first = words is not None and words.before is None
        return Entry(
            seq=seq,
            at=change.published_at,
            kind=change.kind,
            title=self._title(change),
            reason=words_of_release(change, "reason", language),
            words=words,
            is_taken=is_taken,
            lines=tuple(lines[:MOST_LINES]),
            further=max(0, len(lines) - MOST_LINES),
            url="" if is_taken else as_of(page, seq),
            url_before="" if is_first else as_of(page, seq - 1),
        )

    def _published(self, seq: int) -> tuple[Publication | None, Publication | None]:
        """What a change published of the text, and the publication before that."""
        for at, row in enumerate(self.rows):
            if row.seq_from == seq:
                older = self.rows[at + 1] if at + 1 < len(self.rows) else None
                return row, older
        return None, None

    def _words(self, seq: int) -> Words | None:
        """Both sides are read with the figures of now: these are no author's words."""
        row, older = self._published(seq)
        if row is None:
            return None
        shown = AsRead(self.figures)
        old = words_of(older.revision) if older else _NOTHING
        changes = word_changes(old, words_of(row.revision), shown, shown)
        added, removed = words_changed(piece for change in changes for piece in change.pieces)
        return Words(row.revision.number, older.revision.number if older else None, added, removed)

    def _title(self, change: Change) -> str:
        """Of a release that published the text; empty where it is named after these words alone."""
        row, _older = self._published(change.seq)
        title = words_of_release(change, "title", self.figures.language) if row else ""
        return "" if row and title == row.revision.title[: len(title)] else title


def words_of_release(change: Change, name: str, language: str) -> str:
    """A text of the release of a change, in the language or else in the other."""
    release = change.release
    if release is None:
        return ""
    return either(
        {"zh-hans": getattr(release, f"{name}_zh_hans"), "en": getattr(release, f"{name}_en")},
        language,
    )
