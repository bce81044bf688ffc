"""The history of a text for its readers: what was published, and what was put right between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cases.markup.render import plain_line
from cases.markup.text import Text
from cases.models import Case, Publication
from cases.querysets import PublicationQuerySet
from cases.selectors.addresses import history_url, text_url
from cases.selectors.conflicts import words_of
from cases.selectors.figures import Figures, text_figures
from cases.selectors.history_entries import Entry, Timeline
from cases.selectors.notice_lines import Found, Stands, found_lines
from cases.selectors.noticed_cells import Cells, inputs_of, quoted_cells, with_inputs
from cases.selectors.redactions import RedactedPassage, redacted_passages
from cases.selectors.texts import NotPublishedError, parsed
from cases.selectors.withheld import withheld_of
from cases.selectors.word_changes import AsRead, Compared, compared

SHOWN: Final = 20
# How many publications the form offers for a comparison, the latest ones.
MOST_OFFERED: Final = 200


@dataclass(frozen=True, slots=True)
class Edition:
    """A revision that was published, and when it was last."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """What stands above every page of a history; `url` is the page of the text, if readers have it.

    `languages` are those in which readers ever had the text.
    """

    case: Case
    title: str
    url: str
    address: str
    languages: tuple[str, ...]
    editions: tuple[Edition, ...]


@dataclass(frozen=True, slots=True)
class History:
    """A page of a history, the newest first; `older`: the further ones are before this seq."""

    record: Record
    entries: tuple[Entry, ...]
    older: int | None
    redactions: tuple[RedactedPassage, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two published revisions side by side, each with the figures of its own time."""

    record: Record
    before: Edition
    after: Edition
    words: Compared


def history_of(slug: str, kind: str, language: str, *, before: int | None = None) -> History:
    """What readers saw of a text, before a change where one is named; raises NotPublishedError.

    A fixed number of queries; names of series that are only computed from take one more.
    """
    published, languages = _published(slug, kind, language)
    earlier = published if before is None else published.filter(seq_from__lt=before)
    rows = list(earlier.with_words().order_by("-seq_from")[: SHOWN + 1])
    figures = text_figures([parsed(words_of(row.revision)) for row in rows], language)
    found = _put_right(rows, figures, None if before is None else before - 1)
    timeline = Timeline(rows, found.told, figures, before)
    seqs = [seq for seq in timeline.seqs if seq >= found.complete_from]
    shown = seqs[:SHOWN]
    return History(
        record=_record(published, languages, language),
        entries=timeline.entries(shown),
        redactions=redacted_passages(slug, language) if before is None else (),
        older=shown[-1] if len(seqs) > SHOWN else found.complete_from or None,
    )


def comparison_of(
    slug: str, kind: str, language: str, *, first: int | None, second: int
) -> Comparison:
    """From one published revision (None: the one that readers had before) to another.

    Raises NotPublishedError, and Publication.DoesNotExist for a number that was never published.
    """
    published, languages = _published(slug, kind, language)
    after = _of_revision(published, second)
    before = _one_before(published, after) if first is None else _of_revision(published, first)
    words = compared(
        words_of(before.revision),
        words_of(after.revision),
        _as_read_then(before, language),
        _as_read_then(after, language),
    )
    record = _record(published, languages, language)
    return Comparison(record, _edition(before), _edition(after), words)


def _published(slug: str, kind: str, language: str) -> tuple[PublicationQuerySet, tuple[str, ...]]:
    """The publications of a text, and the languages that ever had one. One query."""
    every = Publication.objects.ever_read(slug, kind)
    languages = set(every.order_by().values_list("text__language", flat=True))
    found = tuple(sorted(languages, reverse=True))
    if language not in languages:
        raise NotPublishedError(found)
    return every.filter(text__language=language), found


def _of_revision(published: PublicationQuerySet, number: int) -> Publication:
    """The latest publication of a revision. One query."""
    return _last(published.filter(revision__number=number))


def _one_before(published: PublicationQuerySet, row: Publication) -> Publication:
    return _last(published.filter(seq_from__lt=row.seq_from))


def _last(rows: PublicationQuerySet) -> Publication:
    dated = rows.with_words().select_related("release__change")
    found: Publication = dated.order_by("-seq_from")[:1].get()
    return found


def _as_read_then(row: Publication, language: str) -> AsRead:
    words = parsed(words_of(row.revision))
    return AsRead(text_figures([words], language, row.seq_from))


def _record(published: PublicationQuerySet, languages: tuple[str, ...], language: str) -> Record:
    """Three queries, and those of the figures in the title: of a text that is live, in the words
    that its readers have."""
    latest = published.with_words().order_by("-seq_from")[0]
    title, case = latest.revision.title, latest.text.case
    figures = text_figures([parsed(Text(title, "", ""))], language)
    withheld = withheld_of([latest.pk], language).get(latest.pk, {})
    return Record(
        case=case,
        title=plain_line(title, language=language, resolver=figures, withheld=withheld),
        url=text_url(case.kind, case.slug, language) if latest.seq_to is None else "",
        address=history_url(case.kind, case.slug, language),
        languages=languages,
        editions=_editions(published),
    )


def _editions(published: PublicationQuerySet) -> tuple[Edition, ...]:
    """The published revisions, the one published last first."""
    rows = published.order_by("-seq_from").values_list(
        "revision__number", "release__change__published_at"
    )
    latest: dict[int, datetime] = {}
    for number, at in rows[:MOST_OFFERED]:
        latest.setdefault(number, at)
    return tuple(Edition(number, at) for number, at in latest.items())


def _edition(row: Publication) -> Edition:
    return Edition(row.revision.number, row.release.change.published_at)


def _put_right(rows: Sequence[Publication], figures: Figures, until: int | None) -> Found:
    """What was put right of the values that the words of each time quoted. Four queries or five."""
    quoted = [quoted_cells(parsed(words_of(row.revision)), figures) for row in rows]
    every: Cells = {}
    for cells in quoted:
        for series_id, codes in cells.items():
            every.setdefault(series_id, set()).update(codes)
    inputs = inputs_of(every, figures)
    whole = Stands(every, with_inputs(every, figures, inputs))
    stood = [Stands(cells, with_inputs(cells, figures, inputs)) for cells in quoted]

    def at(seq: int) -> Stands | None:
        """Of the words that readers had until the change, which may have brought others."""
        for row, stands in zip(rows, stood, strict=True):
            if row.seq_from < seq:
                return stands if row.seq_to is None or seq <= row.seq_to else None
        return None

    after = rows[-1].seq_from if rows else 0
    return found_lines(whole, figures, after=after, until=until, at=at)
