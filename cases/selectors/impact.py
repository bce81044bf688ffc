"""Texts as readers see them, side by side: before and after a release."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from cases.markup.difference import Pair, paragraph_pairs
from cases.markup.paragraphs import paragraphs
from cases.markup.references import cells_of
from cases.markup.render import plain_line, plain_text
from cases.models import CaseText, LedgerEntry, Publication
from cases.selectors.changed_figures import FigureChange, figure_changes
from cases.selectors.figures import Figures, text_figures
from cases.selectors.texts import LiveText, live_texts
from metrics.models import Release
from metrics.participants import Impact

MOST_LINES: Final = 40
NOTHING: Final = "—"


# what a sentence says, what readers get in its place, and how it stands
Broken = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class SeenText:
    """A live text with the figures that it quotes, as loaded at one moment.

    `broken` are its sentences that do not hold: by key what they say and how they stand.
    """

    live: LiveText
    figures: Figures
    broken: Mapping[str, Broken]

    def read(self, source: str, as_line: bool = False) -> str:
        """A part of the text as it reads, figures put in."""
        plain = plain_line if as_line else plain_text
        return plain(source, language=self.live.language, resolver=self.figures)

    @property
    def heads(self) -> list[str]:
        text = self.live.text
        return [self.read(one, as_line=True) for one in (text.title, text.standfirst)]

    @property
    def parts(self) -> list[str]:
        parts = [self.read(part.source) for part in paragraphs(self.live.text.body)]
        return [part for part in parts if part]


# (case id, language) → what readers see of it
Seen = Mapping[tuple[int, str], SeenText]


def seen_texts(release: Release, series_ids: Collection[int]) -> Seen:
    """The live texts that quote one of the series, and those of the release that are live.

    Two queries, and up to nine for each language.
    """
    own = set(release.texts.values_list("revision__text_id", flat=True))
    quoting = Publication.objects.current().filter(quoted_series__in=series_ids)
    ids = own | set(quoting.values_list("text_id", flat=True))
    seen: dict[tuple[int, str], SeenText] = {}
    for language, _name in settings.LANGUAGES:
        texts = live_texts(language, text__in=ids)
        figures = text_figures([text.parsed for text in texts], language)
        broken = _broken([text.publication_id for text in texts])
        for text in texts:
            said = broken.get(text.publication_id, {})
            seen[text.case.pk, language] = SeenText(text, figures, said)
    return seen


def _broken(publications: Collection[int]) -> dict[int, dict[str, Broken]]:
    """By publication the sentences that are withheld from readers. One query."""
    rows = LedgerEntry.objects.withheld().filter(publication__in=publications)
    found: dict[int, dict[str, Broken]] = defaultdict(dict)
    for row in rows:
        found[row.publication_id][row.key] = row.printed, row.held, str(row.get_state_display())
    return found


def text_impacts(before: Seen, after: Seen) -> list[Impact]:
    """The texts that read otherwise, each with its paragraphs and its figures. One query."""
    keys = [*after, *(key for key in before if key not in after)]
    cases = {case_id for case_id, _language in keys}
    rows = CaseText.objects.filter(case__in=cases).select_related("case")
    texts = {(text.case_id, text.language): text for text in rows}
    impacts = []
    for key in keys:
        lines = list(_lines(before.get(key), after.get(key)))
        if lines:
            impacts.append(_impact(texts[key], lines))
    return impacts


def _impact(text: CaseText, lines: list[tuple[str, str, str]]) -> Impact:
    return Impact(
        title=str(text),
        page="cases_casetext_review",
        page_key=text.pk,
        language=text.language,
        lines=tuple(lines[:MOST_LINES]),
        further=max(0, len(lines) - MOST_LINES),
    )


def _lines(before: SeenText | None, after: SeenText | None) -> Iterator[tuple[str, str, str]]:
    heads = [seen.heads if seen else ["", ""] for seen in (before, after)]
    parts = [seen.parts if seen else [] for seen in (before, after)]
    pairs = [Pair(*pair) for pair in zip(*heads, strict=True)]
    for pair in (*pairs, *paragraph_pairs(*parts)):
        if not pair.is_same:
            yield "", pair.before or NOTHING, pair.after or NOTHING
    if after is not None:
        yield from _withheld(before, after)
    if before is None or after is None:
        return
    cells = dict.fromkeys([*cells_of(before.live.parsed), *cells_of(after.live.parsed)])
    for change in figure_changes(cells, before.figures, after.figures):
        yield _what(change), change.before.text or NOTHING, change.after.text or NOTHING


def _withheld(before: SeenText | None, after: SeenText) -> Iterator[tuple[str, str, str]]:
    """Sentences that will hold no longer: what they would say, and what readers get instead."""
    known = before.broken if before else {}
    for key, broken in after.broken.items():
        if known.get(key) != broken:
            said, held, state = broken
            yield state, said, held or NOTHING


def _what(change: FigureChange) -> str:
    return f"{change.name} · {change.label}" if change.label else change.name
