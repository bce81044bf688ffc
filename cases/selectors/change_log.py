"""The public record of changes: what each release brought, for lists, pages and feeds.

Refreshes of derived values are left out: they follow from what stands here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from cases.markup.render import plain_title
from cases.markup.text import Text, parse_text
from cases.models import Publication
from cases.selectors.addresses import history_url, page_url
from cases.selectors.cards import Link
from cases.selectors.figures import text_figures
from cases.selectors.history_entries import words_of_release
from cases.selectors.notice_lines import NoticeLine, definition_line, value_line
from cases.selectors.withheld import withheld_of
from metrics.models import Change, Redefinition, Series
from metrics.selectors.changed_values import (
    ChangedValue,
    changes_of_series,
    values_of_changes,
)
from metrics.selectors.notices import NOTICED, definition_notices
from metrics.selectors.restricted import NOTHING, Restricted, restricted_of
from metrics.selectors.values import Value

SHOWN: Final = 20
MOST_LINES: Final = 10
MOST_VALUES: Final = 200


@dataclass(frozen=True, slots=True)
class Logged:
    """One change: `title` is that of its release; `texts` are what it published, with their
    histories; `values` counts what it recorded, of which `lines` are the first.
    """

    seq: int
    at: datetime
    kind: str
    title: str
    reason: str
    texts: tuple[Link, ...]
    values: int
    lines: tuple[NoticeLine, ...]
    url: str

    @property
    def further(self) -> int:
        """How many values are not among the lines."""
        return max(0, self.values - len(self.lines)) if self.lines else 0


@dataclass(frozen=True, slots=True)
class ChangeLog:
    """Changes, the newest first; `older`: the further ones are before this seq."""

    entries: tuple[Logged, ...]
    older: int | None = None


class NoChangeError(LookupError):
    """No change of that number that readers are told of."""


def releases_log(language: str, *, kind: str = "", before: int | None = None) -> ChangeLog:
    """What went live, of one kind or of all. A fixed number of queries."""
    changes = _told()
    return _page(changes.filter(kind=kind) if kind else changes, language, before)


def corrections_log(language: str, *, before: int | None = None) -> ChangeLog:
    """What was put right, withdrawn or redefined, with the values before and after."""
    return _page(_told().filter(kind__in=NOTICED), language, before, most=MOST_LINES)


def change_entry(seq: int, language: str) -> Logged:
    """One change with its values. Raises NoChangeError."""
    found = _entries(list(_told().filter(seq=seq)), language, MOST_VALUES)
    if not found:
        raise NoChangeError(seq)
    return found[0]


def log_of(series_ids: Collection[int], cases: Collection[int], language: str) -> ChangeLog:
    """The changes that stated values of some series or published texts of some cases, for feeds:
    without the values that sources keep from other sites."""
    seqs = set(changes_of_series(series_ids, most=SHOWN + 1)) if series_ids else set()
    published = Publication.objects.filter(text__case__in=cases, text__language=language)
    if cases:
        seqs |= set(published.order_by("-seq_from").values_list("seq_from", flat=True)[: SHOWN + 1])
    changes = _told().filter(seq__in=sorted(seqs, reverse=True)[: SHOWN + 1])
    only = _Only(frozenset(series_ids), frozenset(cases), restricted_of(()))
    return _page(changes, language, None, most=MOST_LINES, only=only)


@dataclass(frozen=True, slots=True)
class _Only:
    """What a log is about, where it is not about everything, and what of it is hidden."""

    series: frozenset[int]
    cases: frozenset[int]
    restricted: Restricted


def _told() -> QuerySet[Change]:
    rows = Change.objects.exclude(kind=Change.Kind.REFRESH)
    return rows.select_related("release").order_by("-seq")


def _page(
    changes: QuerySet[Change],
    language: str,
    before: int | None,
    *,
    most: int = 0,
    only: _Only | None = None,
) -> ChangeLog:
    """One change more is read than is shown: it tells whether there are older ones."""
    rows = list((changes if before is None else changes.filter(seq__lt=before))[: SHOWN + 1])
    shown = rows[:SHOWN]
    older = shown[-1].seq if len(rows) > SHOWN else None
    return ChangeLog(_entries(shown, language, most, only), older)


def _entries(
    changes: Sequence[Change], language: str, most: int, only: _Only | None = None
) -> tuple[Logged, ...]:
    """`most` values a change; none are asked for where that is 0."""
    seqs = [change.seq for change in changes]
    texts = _texts(seqs, language, only.cases if only else None)
    lines = _lines(seqs, language, most, only) if most else {}
    return tuple(
        _logged(change, language, texts.get(change.seq, ()), lines.get(change.seq, ()), only)
        for change in changes
    )


def _logged(
    change: Change,
    language: str,
    texts: Iterable[Link],
    lines: Iterable[NoticeLine],
    only: _Only | None,
) -> Logged:
    lines = tuple(lines)
    return Logged(
        seq=change.seq,
        at=change.published_at,
        kind=change.kind,
        title=words_of_release(change, "title", language),
        reason=words_of_release(change, "reason", language),
        texts=tuple(texts),
        # of some series only those that are read are known
        values=len(lines) if only else int(change.summary.get("inserted", 0)),
        lines=lines,
        url=page_url(language, "release", str(change.seq)),
    )


# -- what a change published ---------------------------------------------------------------------
def _texts(
    seqs: Collection[int], language: str, cases: Collection[int] | None
) -> Mapping[int, list[Link]]:
    """Titles with the figures of now, or where these belie them as they last held; linked to
    their histories, which stay when a text goes."""
    rows = Publication.objects.filter(seq_from__in=seqs, text__language=language).with_words()
    if cases is not None:
        rows = rows.filter(text__case__in=cases)
    found = list(rows.order_by("text__case__position", "text__case__slug"))
    parsed = [parse_text(Text(row.revision.title, "", "")) for row in found]
    figures = text_figures(parsed, language)
    withheld = withheld_of([row.pk for row in found], language) if found else {}
    texts: dict[int, list[Link]] = defaultdict(list)
    for row in found:
        case = row.text.case
        title = plain_title(
            row.revision.title,
            language=language,
            resolver=figures,
            withheld=withheld.get(row.pk, {}),
        )
        url = history_url(case.kind, case.slug, language)
        texts[row.seq_from].append(
            Link(title or case.slug, f"{url}#change-{row.seq_from}", case.slug)
        )
    return texts


def _lines(
    seqs: Sequence[int], language: str, most: int, only: _Only | None
) -> Mapping[int, list[NoticeLine]]:
    """Five queries: definitions first, each told by the first series that is measured by it."""
    series, restricted = (only.series, only.restricted) if only else (None, NOTHING)
    values = values_of_changes(seqs, most=most, series_ids=series)
    redefined = Redefinition.objects.filter(seq_from__in=seqs).values_list("indicator", flat=True)
    definitions = [one for one in definition_notices(set(redefined)) if one.telling.seq in seqs]
    measured = _measured([one.indicator_id for one in definitions], series)
    known = Series.objects.with_definitions().in_bulk({value.series_id for value in values})
    lines: dict[int, list[NoticeLine]] = defaultdict(list)
    for one in definitions:
        if one.indicator_id in measured:
            line = definition_line(one, measured[one.indicator_id], language)
            lines[one.telling.seq].append(line)
    for value in values:
        before, after = _offered(value, restricted)
        lines[value.seq].append(value_line(before, after, known[value.series_id], language))
    return lines


def _offered(value: ChangedValue, restricted: Restricted) -> tuple[Value | None, Value]:
    """Before and after, without what is restricted; that is said once where both are."""
    before, after = value.before, value.after
    offered = restricted.value(value.series_id, after)
    if before is None or (offered is not after and restricted.is_hidden(value.series_id, before)):
        return None, offered
    return restricted.value(value.series_id, before), offered


def _measured(indicators: Collection[int], only: Collection[int] | None) -> dict[int, Series]:
    rows = Series.objects.with_definitions().filter(indicator__in=indicators)
    if only is not None:
        rows = rows.filter(pk__any=only)
    first = rows.order_by("indicator", "pk").distinct("indicator")
    return {series.indicator_id: series for series in first}
