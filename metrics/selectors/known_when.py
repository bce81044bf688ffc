"""What was known of periods when: what readers here were shown, and what sources said before.

A series has two histories, by the seqs of the public clock and by the sources' own days
(selectors.vintages). A reader is told both as one story: each statement in the order in which it
was told here, and those that were filled in later (backfilled) before what took their place.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from metrics.models import Change, Observation, Series, Source
from metrics.selectors.statements import Statement, loaded_statements
from metrics.selectors.vintages import WAS_TOLD, figure_of
from metrics.stats.periods import Period


@dataclass(frozen=True, slots=True)
class Telling:
    """One statement of a period, with what stood there before it (None: nothing).

    `happened`: "new" for the first, "backfill" for a vintage that was filled in later, "repeated"
    where it says what stood there, else the kind of the change: revision, correction, withdrawal,
    redefinition. `source_on` is the day of the source's own publication, where it is recorded;
    `at`, `seq` and `reason` (by language code) are those of the change that told it here.
    """

    period: Period
    before: Statement | None
    statement: Statement
    source: Source | None
    happened: str
    source_on: date | None
    at: datetime | None
    seq: int
    reason: Mapping[str, str]
    is_current: bool


def known_when(
    series: Series, periods: Collection[Period], seq: int | None = None
) -> dict[Period, list[Telling]]:
    """The story of each period that a source states, as told at a seq (None: now). Four queries."""
    codes = [period.code for period in periods]
    rows = Observation.objects.filter(WAS_TOLD, series=series, period__in=codes)
    if seq is not None:
        rows = rows.filter(seq_from__lte=seq)
    slots: dict[Period, list[Statement]] = defaultdict(list)
    for statement in loaded_statements(rows):
        slots[statement.value.period].append(statement)
    changes = _changes({one.value.seq for told in slots.values() for one in told})
    sources = Source.objects.in_bulk(
        {one.value.source_id for told in slots.values() for one in told}
    )
    return {
        period: _story(_in_order(slots[period]), changes, sources, seq)
        for period in sorted(slots, reverse=True)
    }


def _changes(seqs: Collection[int]) -> dict[int, Change]:
    return {one.seq: one for one in Change.objects.filter(seq__in=seqs).select_related("release")}


def _in_order(told: Sequence[Statement]) -> list[Statement]:
    """As told here; a backfilled one stands before the first of a later day of its source."""
    ordered = [one for one in told if not one.is_backfilled]
    for one in sorted((o for o in told if o.is_backfilled), key=lambda o: o.known_on):
        later = (n for n, other in enumerate(ordered) if other.known_on > one.known_on)
        ordered.insert(next(later, len(ordered)), one)
    return ordered


def _story(
    told: Sequence[Statement],
    changes: Mapping[int, Change],
    sources: Mapping[int, Source],
    seq: int | None,
) -> list[Telling]:
    story: list[Telling] = []
    for one in told:
        before = story[-1].statement if story else None
        change = changes.get(one.value.seq)
        story.append(
            Telling(
                period=one.value.period,
                before=before,
                statement=one,
                source=sources.get(one.value.source_id or 0),
                happened=_happened(one, before, change),
                source_on=one.value.vintage_on,
                at=change.published_at if change else None,
                seq=one.value.seq,
                reason=_reason(change),
                is_current=one.seq_to is None or (seq is not None and one.seq_to > seq),
            )
        )
    return story


def _happened(one: Statement, before: Statement | None, change: Change | None) -> str:
    if one.is_backfilled:
        return "backfill"
    if before is None:
        return "new"
    if figure_of(one) == figure_of(before):
        return "repeated"
    kind = str(change.kind) if change else ""
    return kind if kind not in ("", Change.Kind.NEW) else str(Change.Kind.REVISION)


def _reason(change: Change | None) -> Mapping[str, str]:
    release = change.release if change else None
    if release is None:
        return {}
    return {"zh-hans": release.reason_zh_hans, "en": release.reason_en}
