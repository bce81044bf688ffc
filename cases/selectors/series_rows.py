"""Which periods of a series a page shows: those of a range, cut into pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.selectors.series_asked import SeriesAsked
from metrics.selectors.question_checks import QuestionError
from metrics.selectors.row_pages import is_within
from metrics.stats.periods import Period

MOST_ROWS = 250


@dataclass(frozen=True, slots=True)
class PeriodsPage:
    """The periods of one page of a table, the latest first, of `total` in the range.

    `newer` and `older` are the queries of the pages beside it; empty at the ends.
    """

    periods: tuple[Period, ...]
    total: int
    number: int
    pages: int
    newer: str
    older: str


def periods_in_range(periods: Iterable[Period], asked: SeriesAsked) -> list[Period]:
    """Those that touch the range, the latest first."""
    start = asked.first.start if asked.first else None
    end = asked.last.end if asked.last else None
    return sorted((one for one in periods if is_within(one, start, end)), reverse=True)


def periods_page(periods: Sequence[Period], asked: SeriesAsked) -> PeriodsPage:
    """The page asked for, else that of the chosen period, else the first.

    Raises QuestionError for a page that is not there.
    """
    pages = max(1, -(-len(periods) // MOST_ROWS))
    number = asked.page or _page_of(asked.period, periods)
    if number > pages:
        raise QuestionError("page", "no_such_page", _("Expected a page from 1 to %d.") % pages)
    start = (number - 1) * MOST_ROWS
    return PeriodsPage(
        periods=tuple(periods[start : start + MOST_ROWS]),
        total=len(periods),
        number=number,
        pages=pages,
        newer=asked.but(page=number - 1) if number > 1 else "",
        older=asked.but(page=number + 1) if number < pages else "",
    )


def _page_of(period: Period | None, periods: Sequence[Period]) -> int:
    if period is None or period not in periods:
        return 1
    return periods.index(period) // MOST_ROWS + 1
