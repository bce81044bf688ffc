"""What was known of a series when: each value of each period with the days it was known."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from metrics.selectors.observation_page import AskedSeries
from metrics.selectors.observation_rows import Names, computed_rows, stated_fields
from metrics.selectors.question import Question
from metrics.selectors.vintages import Vintage, Vintages, figure_of, known_on, vintage_days
from metrics.stats.breaks import Breaks
from metrics.stats.periods import Period

# How many values a transform or an aggregation may compute for one answer, over all vintages.
MOST_COMPUTED = 500_000


class TooManyVintagesError(ValueError):
    """A transform of every vintage would compute more than MOST_COMPUTED values."""


@dataclass(frozen=True, slots=True)
class Run:
    """A row known from `start` until before `end` (None: still).

    `fields` makes its fields, which of 100,000 vintages only the rows of a page need. `says` is
    what is compared to tell a revision from a repetition.
    """

    fields: Callable[[], Mapping[str, Any]]
    start: date
    end: date | None
    says: object

    def is_known(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


# Of a series, by period, in the order of their days.
Runs = dict[Period, list[Run]]


def stated_runs(series: AskedSeries, vintages: Vintages) -> Runs:
    """Every vintage, as its source states it."""
    return {period: [_stated(series, one) for one in slot] for period, slot in vintages.items()}


def _stated(series: AskedSeries, one: Vintage) -> Run:
    fields = partial(stated_fields, series, one.statement)
    return Run(fields, one.realtime_from, one.realtime_to, figure_of(one.statement))


def computed_runs(
    series: AskedSeries, vintages: Vintages, question: Question, names: Names, breaks: Breaks
) -> Runs:
    """Each vintage aggregated and transformed with what was known on its day.

    Equal results of days on end are one run. Raises TooManyVintagesError.
    """
    refuse_too_many(vintages)
    found: Runs = defaultdict(list)
    for day in vintage_days([vintages]):
        values = {p: one.statement.value for p, one in known_on(vintages, day).items()}
        for row in computed_rows(series, values, question, names, breaks):
            fields = dict(zip(question.columns, row.row, strict=True))
            _continue(found[Period.parse(row.position.period)], fields, day)
    return found


def refuse_too_many(vintages: Vintages) -> None:
    """Raise TooManyVintagesError where the vintages are more than an answer may compute."""
    days = vintage_days([vintages])
    firsts = sorted(slot[0].realtime_from for slot in vintages.values())
    known = total = 0
    for day in days:
        while known < len(firsts) and firsts[known] <= day:
            known += 1
        total += known
        if total > MOST_COMPUTED:
            raise TooManyVintagesError


def _continue(runs: list[Run], fields: dict[str, Any], day: date) -> None:
    """Let the last run go on, or end it on a day and begin the next."""
    if runs and runs[-1].says == fields:
        return
    if runs:
        last = runs.pop()
        runs.append(Run(last.fields, last.start, day, last.says))
    runs.append(Run(lambda: fields, day, None, fields))
