"""Pages of rows that are made slot by slot, in the order that observation_sql has.

Where a period has many rows, one a vintage, only those of the page are made.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from metrics.selectors.observation_page import PageRequest, Position
from metrics.selectors.row_pages import Placed, RowsPage, page_of, position_of
from metrics.stats.periods import Period


@dataclass(frozen=True, slots=True)
class Slot:
    """A period of a series; `rows` makes its rows, in the order of their tails."""

    series: str
    period: Period
    rows: Callable[[], Iterable[Placed]]

    @property
    def position(self) -> Position:
        return position_of(self.series, self.period)


def slots_page(slots: Iterable[Slot], request: PageRequest) -> RowsPage:
    """The page of the slots' rows, as `rows_page` cuts it out of all of them."""
    rows: list[Placed] = []
    for row in _read(slots, request):
        rows.append(row)
        if len(rows) > request.limit:
            break
    return page_of(rows, request)


def _read(slots: Iterable[Slot], request: PageRequest) -> Iterator[Placed]:
    """Rows after the request's position, in the direction in which it reads."""
    is_falling = request.is_descending != request.is_backward
    ordered = sorted(slots, key=lambda one: one.position.place, reverse=is_falling)
    ordered.sort(key=lambda one: one.series, reverse=request.is_backward)  # stable
    for slot in ordered:
        if _is_read(slot.position, request):
            continue
        rows = list(slot.rows())
        for row in reversed(rows) if is_falling else rows:
            if not _is_read(row.position, request, with_tail=True):
                yield row


def _is_read(place: Position, request: PageRequest, *, with_tail: bool = False) -> bool:
    """Whether the place comes before, or is, the request's position; of a slot, its last row."""
    wanted = request.position
    if wanted is None:
        return False
    if place.series != wanted.series:
        return (place.series < wanted.series) != request.is_backward
    size = 4 if with_tail else 3
    here, there = place.place[:size], wanted.place[:size]
    if here == there:
        return with_tail
    return (here < there) != (request.is_descending != request.is_backward)
