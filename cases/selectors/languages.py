"""The languages of cases side by side: what is live, what was saved last, and which one lags."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.paginator import Page, Paginator

from cases.models import Case, CaseText, Publication, Revision
from cases.selectors.conflicts import words_of
from cases.selectors.word_changes import AsWritten, Compared, compared

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a text stands: what was saved last, and what readers have of it."""

    text: CaseText
    latest: Revision | None
    live: Publication | None

    @property
    def follows(self) -> Revision | None:
        """The revision of the other language that the latest words follow."""
        return self.latest.source_revision if self.latest else None


@dataclass(frozen=True, slots=True)
class Translation:
    """A text beside the one it follows, or could follow (`other`)."""

    mine: Standing
    other: Standing | None

    @property
    def follows(self) -> Revision | None:
        return self.mine.follows

    @property
    def newest(self) -> Revision | None:
        """What was saved last in the other language."""
        return self.other.latest if self.other else None

    @property
    def newer(self) -> int:
        """How many revisions the other text is ahead of the one that this follows."""
        if self.follows is None or self.newest is None:
            return 0
        return max(0, self.newest.number - self.follows.number)

    @property
    def is_source(self) -> bool:
        """Whether the other text follows this one."""
        follows = self.other.follows if self.other else None
        return follows is not None and follows.text_id == self.mine.text.pk

    @property
    def is_behind_for_readers(self) -> bool:
        """Whether readers of the other language have newer words than those followed here."""
        if self.other is None or self.mine.live is None or self.other.live is None:
            return False
        follows = self.mine.live.revision.source_revision
        there = self.other.live.revision
        return bool(follows and follows.text_id == there.text_id and follows.number < there.number)


@dataclass(frozen=True, slots=True)
class Cell:
    """A case in one language; None where there is no text."""

    language: str
    translation: Translation | None


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """A case in each language of the site."""

    case: Case
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """What changed in the other language since the revision that a text follows, as typed.

    `to_live` where readers there have another revision than the latest.
    """

    translation: Translation
    to_latest: Compared | None
    to_live: Compared | None


def language_rows(page: str | None, *, is_lagging: bool = False) -> Page[Any]:
    """Cases in their order, or those of which a text lags, as LanguageRows. Five queries."""
    cases = Case.objects.all()
    if is_lagging:
        lagging = Revision.objects.newest().lagging()
        cases = cases.filter(pk__in=lagging.values("text__case"))
    shown: Page[Any] = Paginator(cases, SHOWN).get_page(page)
    standings = _standings(CaseText.objects.filter(case__in=list(shown.object_list)))
    shown.object_list = [_row(case, standings) for case in shown.object_list]
    return shown


def translation_of(text: CaseText) -> Translation:
    """Three queries."""
    return _translation(text, _standings(CaseText.objects.filter(case=text.case_id)))


def source_changes(text: CaseText) -> SourceChanges:
    """Four queries at most."""
    found = translation_of(text)
    if found.follows is None or found.newest is None or found.other is None:
        return SourceChanges(found, None, None)
    live = found.other.live.revision if found.other.live else None
    numbers = {one.pk for one in (found.follows, found.newest, live) if one}
    whole = Revision.objects.in_bulk(numbers)
    base = words_of(whole[found.follows.pk])
    shown = AsWritten()
    to_latest = compared(base, words_of(whole[found.newest.pk]), shown)
    if live is None or live.pk in (found.newest.pk, found.follows.pk):
        return SourceChanges(found, to_latest, None)
    return SourceChanges(found, to_latest, compared(base, words_of(whole[live.pk]), shown))


def _standings(texts: Iterable[CaseText]) -> dict[int, Standing]:
    """Where texts stand, by key. Three queries; the words themselves are not loaded."""
    known = list(texts)
    words = ("standfirst", "body")
    revisions = Revision.objects.newest().filter(text__in=known)
    revisions = revisions.select_related("source_revision").defer(
        *words, *(f"source_revision__{name}" for name in words)
    )
    latest = {row.text_id: row for row in revisions}
    publications = Publication.objects.current().filter(text__in=known)
    publications = publications.select_related(
        "revision__source_revision", "release__change"
    ).defer(
        *(f"revision__{name}" for name in words),
        *(f"revision__source_revision__{name}" for name in words),
    )
    live = {row.text_id: row for row in publications}
    return {text.pk: Standing(text, latest.get(text.pk), live.get(text.pk)) for text in known}


def _row(case: Case, standings: Mapping[int, Standing]) -> LanguageRow:
    texts = {
        one.text.language: one.text for one in standings.values() if one.text.case_id == case.pk
    }
    cells = (
        Cell(name, _translation(texts[code], standings) if code in texts else None)
        for code, name in settings.LANGUAGES
    )
    return LanguageRow(case, tuple(cells))


def _translation(text: CaseText, standings: Mapping[int, Standing]) -> Translation:
    """Beside the text that it follows; else beside the first other one that is written."""
    mine = standings[text.pk]
    if mine.follows is not None:
        return Translation(mine, standings.get(mine.follows.text_id))
    others = [
        one
        for one in standings.values()
        if one.text.case_id == text.case_id and one.text.pk != text.pk and one.latest
    ]
    return Translation(mine, others[0] if others else None)
