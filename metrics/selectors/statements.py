"""What sources state, as of a seq, with the interval in which readers saw it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import QuerySet

from metrics.models import Change, Observation
from metrics.selectors.values import OBSERVED_FIELDS, Value, observed_value

_FIELDS = (*OBSERVED_FIELDS, "preferred", "seq_to", "source__slug", "source__published_on")


@dataclass(frozen=True, slots=True)
class Statement:
    """An observation: readers saw it from `valid_from` until before `valid_to` (None: still).

    `known_on` is the day from which the source's world knew it: its `vintage_on`, else the day the
    source was published, else (and for what we withdrew) the day readers first saw it.
    """

    series_id: int
    value: Value
    source: str
    is_preferred: bool
    seq_to: int | None
    known_on: date
    valid_from: datetime | None
    valid_to: datetime | None

    @property
    def is_backfilled(self) -> bool:
        """Whether it was added as a past vintage, which readers never saw as the current value."""
        return self.seq_to == self.value.seq


def statements(
    series_ids: Collection[int], seq: int | None, *, every_source: bool = False
) -> list[Statement]:
    """What stood at a seq (None: now): of each period the preferred one, or all. Two queries."""
    rows = Observation.objects.at_seq(seq).filter(series__in=series_ids)
    return loaded_statements(rows if every_source else rows.preferred())


def loaded_statements(rows: QuerySet[Observation]) -> list[Statement]:
    """The statements of a queryset, in the order of their insertion. Two queries."""
    found = list(rows.order_by("seq_from", "pk").values_list(*_FIELDS))
    count = len(OBSERVED_FIELDS)
    moments = _moments(seq for row in found for seq in (row[count - 1], row[count + 1]))
    return [_statement(observed_value(*row[:count]), row, moments) for row in found]


def _moments(seqs: Iterable[int | None]) -> dict[int, datetime]:
    wanted = {seq for seq in seqs if seq is not None}
    rows = Change.objects.filter(seq__in=wanted)
    return dict(rows.values_list("seq", "published_at"))


def _statement(value: Value, row: tuple[Any, ...], moments: dict[int, datetime]) -> Statement:
    is_preferred, seq_to, source, published_on = row[len(OBSERVED_FIELDS) :]
    valid_from = moments.get(value.seq)
    is_withdrawn = value.figure.null_reason == "withdrawn"
    known_on = value.vintage_on or (None if is_withdrawn else published_on)
    return Statement(
        series_id=row[0],
        value=value,
        source=source,
        is_preferred=is_preferred,
        seq_to=seq_to,
        known_on=known_on or (valid_from.astimezone(UTC).date() if valid_from else date.min),
        valid_from=valid_from,
        valid_to=moments.get(seq_to) if seq_to is not None else None,
    )
