"""Periods × series as a grid: what stands in each cell, and since which change."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from metrics.models import GroupMember, NullReason, Observation, Series, StagedObservation
from metrics.selectors.printing import in_language, printed_value, reason_text
from metrics.selectors.values import Cell, cached_values
from metrics.stats.periods import Frequency, Period
from metrics.stats.wording import QUALIFIER_WORDS, Qualifier

MOST_PERIODS = 60
MOST_SERIES = 50
USUAL_PERIODS = 12
# Of whatever size a group is, only so many of its series are looked at to find the frequency.
SAMPLE = 2000


@dataclass(slots=True)
class Slot:
    """The current rows of a series and period, by source; `seq` is the slot's last change."""

    seq: int = 0
    preferred: Observation | None = None
    by_source: dict[int, Observation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell: its text, and what can be said of it without changing it.

    `kind` is "stated", "absent" (a reason in place of a value), "withdrawn", "derived" or "empty".
    `seq` is what an edit is based on; `waiting` is the text of a release not yet published.
    """

    series_id: int
    period: str
    kind: str
    text: str = ""
    seq: int = 0
    qualifier: str = Qualifier.EXACT
    origin: str = ""
    waiting: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of some series (with their definitions) and periods, in the order given."""

    series: Sequence[Series]
    periods: Sequence[Period]
    cells: Mapping[Cell, GridCell]


def chosen_series(
    *, keys: Iterable[str] = (), ids: Iterable[int] = (), **narrowed: int | None
) -> QuerySet[Series]:
    """The series named, or those of a group, an entity and an indicator (each narrows the rest).

    `narrowed` holds ids under "group", "entity" and "indicator". A group keeps its order.
    """
    rows = Series.objects.with_definitions()
    given = {_PATHS[name]: pk for name, pk in narrowed.items() if pk is not None}
    if not given:
        return rows.filter(Q(key__in=[*keys]) | Q(pk__in=[*ids])).order_by("key")
    place = GroupMember.objects.filter(group=narrowed.get("group"), series=OuterRef("pk"))
    ordered = rows.annotate(place=Subquery(place.values("position")[:1]))
    return ordered.filter(**given).order_by("place", "key")


_PATHS = {"group": "groups", "entity": "entity", "indicator": "indicator"}


def usual_frequency(series: QuerySet[Series]) -> Frequency:
    """The frequency that most of the series have; annual where there is none."""
    counted = Counter(series.order_by().values_list("frequency", flat=True)[:SAMPLE])
    return Frequency(max(counted, key=lambda code: counted[code])) if counted else Frequency.ANNUAL


def latest_period(series: Collection[Series], frequency: Frequency, today: date) -> Period:
    """The last period that any of the series has a value for; today's where none has."""
    rows = Observation.objects.current().filter(series__in=series)
    last: date | None = rows.aggregate(last=Max("period_end"))["last"]
    return Period.containing(last or today, frequency)


def window(latest: Period, start: Period | None, end: Period | None) -> list[Period]:
    """The periods from start to end, at most MOST_PERIODS.

    What is not given follows from the other: USUAL_PERIODS of them, ending one after the latest.
    """
    if end is None:
        after = latest.previous(-1) or latest
        far = start.previous(1 - MOST_PERIODS) if start is not None else None
        end = after if start is None else min(max(after, start), far or after)
    first = start or end.previous(USUAL_PERIODS - 1) or end
    count = (end.ordinal or 0) - (first.ordinal or 0) + 1
    shown = (first.previous(-step) for step in range(min(count, MOST_PERIODS)))
    return [period for period in shown if period is not None]


def current_slots(series_ids: Collection[int], periods: Collection[str]) -> dict[Cell, Slot]:
    """The slots in which something stands. One query."""
    rows = Observation.objects.current().filter(series__in=series_ids, period__in=periods)
    slots: dict[Cell, Slot] = defaultdict(Slot)
    for row in rows.select_related("source"):
        slot = slots[row.series_id, row.period]
        slot.seq = max(slot.seq, row.seq_from)
        slot.by_source[row.source_id] = row
        if row.preferred:
            slot.preferred = row
    return slots


def texts_as_of(bases: Mapping[Cell, int], language: str) -> dict[Cell, str]:
    """What stood in each cell as of its own seq; nothing where the cell was empty. One query."""
    rows = Observation.objects.preferred().filter(
        series__in={series_id for series_id, _ in bases}, period__in={code for _, code in bases}
    )
    return {
        cell: cell_text(row, language)
        for row in rows
        if (base := bases.get(cell := (row.series_id, row.period))) is not None
        and row.seq_from <= base
        and (row.seq_to is None or row.seq_to > base)
    }


def cell_text(row: Observation | StagedObservation | None, language: str) -> str:
    """What the cell of a row reads: the stated text, the plain number or why there is none.

    What is read back from it is the row's statement again, but for a withdrawn one, which is empty.
    """
    if row is None or row.null_reason == NullReason.WITHDRAWN:
        return ""
    if row.null_reason:
        return reason_text(row.null_reason, language)
    if row.stated or row.value is None:
        return row.stated
    word = QUALIFIER_WORDS[language][Qualifier(row.qualifier)]
    return f"{word} {row.value:f}".strip() if language == "en" else f"{word}{row.value:f}"


def grid_of(series: Sequence[Series], periods: Sequence[Period], language: str) -> Grid:
    """The grid of some series that have their definitions loaded. Three queries."""
    ids, codes = [one.pk for one in series], [period.code for period in periods]
    slots, waiting = current_slots(ids, codes), _waiting(ids, codes, language)
    derived = _derived_texts(series, codes, language)
    cells = {}
    for cell in ((pk, code) for pk in ids for code in codes):
        cells[cell] = _cell(cell, slots.get(cell), derived.get(cell), waiting.get(cell), language)
    return Grid(series, periods, cells)


def _cell(
    cell: Cell, slot: Slot | None, derived: str | None, waiting: str | None, language: str
) -> GridCell:
    row = slot.preferred if slot is not None else None
    seq = slot.seq if slot is not None else 0
    if row is None:
        kind = "empty" if derived is None else "derived"
        return GridCell(*cell, kind, derived or "", seq, waiting=waiting)
    return GridCell(
        *cell,
        _kind(row),
        cell_text(row, language),
        seq,
        row.qualifier if row.value is not None else Qualifier.EXACT,
        " · ".join(filter(None, (in_language(row.source, "title", language), row.locator))),
        waiting,
    )


def _kind(row: Observation) -> str:
    if row.null_reason == NullReason.WITHDRAWN:
        return "withdrawn"
    return "absent" if row.null_reason else "stated"


def _derived_texts(
    series: Sequence[Series], codes: Collection[str], language: str
) -> dict[Cell, str]:
    """Derived values as they print. One query."""
    values = cached_values([one.pk for one in series], codes)
    return {
        (one.pk, period.code): str(printed)
        for one in series
        for period, value in values.get(one.pk, {}).items()
        if (printed := printed_value(value, one.indicator.unit, language)) is not None
    }


def _waiting(ids: Collection[int], codes: Collection[str], language: str) -> dict[Cell, str]:
    """What releases that wait for approval would put into the cells. One query."""
    rows = StagedObservation.objects.filter(
        release__state__in=["draft", "scheduled"], series__in=ids, period__in=codes
    ).order_by("id")
    return {
        (row.series_id, row.period): cell_text(row, language) if row.action == "record" else ""
        for row in rows
    }
