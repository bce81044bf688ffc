"""Pages of rows that are made in Python, in the order that observation_sql has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from metrics.selectors.observation_page import PageRequest, Position, Row
from metrics.stats.periods import Period


@dataclass(frozen=True, slots=True)
class Placed:
    """A row and its place in the order."""

    position: Position
    row: Row


@dataclass(frozen=True, slots=True)
class RowsPage:
    """Rows in reading order; `has_more` in the direction of the request."""

    rows: list[Row]
    has_more: bool
    first: Position | None
    last: Position | None


def position_of(series: str, period: Period, tail: str = "") -> Position:
    """The place of a row; `tail` orders several rows of one period (by vintage, by source)."""
    end, start, code = period.sort_key
    return Position(series, end, start, code, tail)


def is_within(period: Period, start: date | None, end: date | None) -> bool:
    """Whether the period touches the range; undated ones touch none."""
    if start is None and end is None:
        return True
    if period.start is None:
        return False
    starts_in_time = end is None or period.start <= end
    return starts_in_time and (start is None or period.end is None or period.end >= start)


def rows_page(rows: Sequence[Placed], request: PageRequest) -> RowsPage:
    """Cut the page out of all rows: by series, then by place in the order asked for."""
    ordered = sorted(rows, key=lambda row: row.position.place, reverse=request.is_descending)
    ordered.sort(key=lambda row: row.position.series)  # stable
    if request.position is None:
        return page_of(ordered[: request.limit + 1], request)
    wanted = request.position
    before = sum(_precedes(row.position, wanted, request.is_descending) for row in ordered)
    if request.is_backward:
        taken = ordered[max(0, before - request.limit - 1) : before]
        return page_of(taken[::-1], request)
    after = before + any(row.position == wanted for row in ordered)
    return page_of(ordered[after : after + request.limit + 1], request)


def page_of(rows: Sequence[Placed], request: PageRequest) -> RowsPage:
    """The page of rows read away from the position, one more than the limit where there are."""
    page = list(rows[: request.limit])
    if request.is_backward:
        page.reverse()
    ends = (page[0].position, page[-1].position) if page else (None, None)
    return RowsPage([one.row for one in page], len(rows) > request.limit, *ends)


def _precedes(place: Position, other: Position, is_descending: bool) -> bool:
    if place.series != other.series or not is_descending:
        return (place.series, place.place) < (other.series, other.place)
    return place.place > other.place
