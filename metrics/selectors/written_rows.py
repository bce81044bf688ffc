"""Which observations a change wrote."""

from dataclasses import dataclass

from django.db.models import Max, Min

from metrics.models import Observation


@dataclass(frozen=True, slots=True)
class Written:
    """The ids of the observations that a change wrote: those in (after, until]."""

    after: int
    until: int


def rows_written_by(seq: int) -> Written:
    """The observations of a change, among them rivals' that it gave another preference.

    Rows are only written under the publishing lock, so ids rise with seq and no index on seq is
    needed: two binary searches, some 50 queries for ten million rows.
    """
    low, high = _ends()
    return Written(_first_from(seq, low, high) - 1, _first_from(seq + 1, low, high) - 1)


def last_row_before(seq: int) -> int:
    """An id up to which every observation is of an earlier change. Some 25 queries at most."""
    return _first_from(seq, *_ends()) - 1


def _ends() -> tuple[int, int]:
    ends = Observation.objects.aggregate(low=Min("pk"), high=Max("pk"))
    return ends["low"] or 1, (ends["high"] or 0) + 1


def _first_from(seq: int, low: int, high: int) -> int:
    """An id before which every row is of an earlier change, and from which on none is."""
    while low < high:
        middle = (low + high) // 2
        rows = Observation.objects.filter(pk__gte=middle).order_by("pk")
        found = rows.values_list("pk", "seq_from").first()
        if found is None or found[1] >= seq:
            high = middle
        else:
            low = found[0] + 1
    return low
