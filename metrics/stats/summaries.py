"""The summary of one series: what lists and series pages show at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from metrics.stats.bounds import INSUFFICIENT, NOT_DETERMINABLE, Figure
from metrics.stats.breaks import BREAK, NO_BREAKS, Breaks
from metrics.stats.calendars import Calendar, calendar_of
from metrics.stats.means import mean_of
from metrics.stats.natures import NATURES, GrowthKind, Nature
from metrics.stats.periods import Frequency, Period
from metrics.stats.rules import difference, growth
from metrics.stats.transform_bases import compound_annual_growth
from metrics.stats.volatility import volatility


@dataclass(frozen=True, slots=True)
class Summary:
    """Statistics of a series, all as Figures with a null reason where there is none.

    ``latest``, ``previous`` (the previous period's value), ``minimum``, ``maximum``, ``mean`` and
    ``change`` (latest - previous) are in the unit of the series, ``change`` of a percentage in
    points. ``year_on_year`` and ``volatility`` are in percent, for ratios in percentage points;
    ``cagr`` in percent a year. ``count`` counts values. Spans and undated values enter count,
    minimum, maximum and mean only.
    ``next_due`` is the last day on which the value after the latest is not yet late: one whole
    period after its own has ended. None where the latest is no regular period.
    """

    latest_period: Period | None
    latest: Figure
    previous_period: Period | None
    previous: Figure
    change: Figure
    year_on_year: Figure
    cagr: Figure
    minimum: Figure
    minimum_period: Period | None
    maximum: Figure
    maximum_period: Period | None
    mean: Figure
    volatility: Figure
    count: int
    first_period: Period | None
    last_period: Period | None
    next_due: date | None


def summarise(
    values: Mapping[Period, Figure],
    frequency: Frequency,
    nature: Nature | str,
    breaks: Breaks = NO_BREAKS,
) -> Summary:
    """Summarise a series; missing figures do not count.

    ``latest`` is the value of the last regular period that has one, else of the last span or
    undated one. What compares or averages values of different definitions (``breaks``) is missing,
    break; the volatility leaves out a change across one.
    """
    kind = NATURES[Nature(nature)].growth_kind
    across = _Across(breaks)
    present = dict(sorted(_valued(values), key=_order))
    calendar = calendar_of(present)
    regular = [p for p in present if p.ordinal is not None]
    latest_period = next(reversed(regular or list(present)), None)
    latest = _at(present, latest_period)
    before = latest_period and calendar.previous(latest_period)
    year_before = latest_period and calendar.year_ago(latest_period)
    prior, year_ago = _at(present, before), _at(present, year_before)
    lowest, highest = _extremes(present)
    return Summary(
        latest_period=latest_period,
        latest=latest,
        previous_period=before,
        previous=prior,
        change=across.unless(
            INSUFFICIENT if prior.is_missing else difference(latest, prior), before, latest_period
        ),
        year_on_year=across.unless(change_of(latest, year_ago, kind), year_before, latest_period),
        cagr=across.unless(
            _compound(present, regular, calendar, frequency, kind), *regular[:1], *regular[-1:]
        ),
        minimum=_at(present, lowest),
        minimum_period=lowest,
        maximum=_at(present, highest),
        maximum_period=highest,
        mean=across.unless(mean(present.values()), *present),
        volatility=volatility(present, kind, breaks, calendar),
        count=len(present),
        first_period=next(iter(present), None),
        last_period=next(reversed(present), None),
        next_due=_next_due(latest_period, calendar),
    )


def _next_due(latest: Period | None, calendar: Calendar) -> date | None:
    if latest is None or latest.ordinal is None:
        return None
    late = calendar.previous(latest, -2)
    return late.end if late else None


@dataclass(frozen=True, slots=True)
class _Across:
    breaks: Breaks

    def unless(self, figure: Figure, *periods: Period | None) -> Figure:
        """The figure, or break where it compares periods of different definitions."""
        if not self.breaks or figure.is_missing:
            return figure
        return BREAK if self.breaks.within(p for p in periods if p and p.end) else figure


def _valued(values: Mapping[Period, Figure]) -> list[tuple[Period, Figure]]:
    return [item for item in values.items() if item[1].value is not None]


def _order(item: tuple[Period, Figure]) -> tuple[date, date, str]:
    return item[0].sort_key


def _extremes(present: Mapping[Period, Figure]) -> tuple[Period | None, Period | None]:
    """The periods of the least and the greatest value, the earliest of equals."""
    if not present:
        return None, None
    numbers = [figure.value for figure in present.values() if figure.value is not None]
    periods = list(present)
    return periods[numbers.index(min(numbers))], periods[numbers.index(max(numbers))]


def change_of(current: Figure, prior: Figure, kind: GrowthKind) -> Figure:
    """Return the change as the nature tells it: percent, percentage points, or none.

    Gaps: insufficient_history where the earlier value is not there; not_determinable for ranks.
    Example: a ratio from 16.7% to 18.3% changes by 1.6 points. Source: rules growth, difference.
    """
    if kind is GrowthKind.NONE:
        return NOT_DETERMINABLE
    if current.is_missing or prior.is_missing:
        return INSUFFICIENT
    return growth(current, prior) if kind is GrowthKind.PERCENT else difference(current, prior)


def mean(figures: Iterable[Figure]) -> Figure:
    """Return the arithmetic mean of the figures.

    Unit: that of the figures. Minimum data: one. Gaps: missing figures are left out. Example: mean
    of 2, 4, 9 is 5. Source: definition; bounds and reason as for a sum.
    """
    present = [figure for figure in figures if figure.value is not None]
    if not present:
        return INSUFFICIENT
    return mean_of(present)


def _compound(
    present: Mapping[Period, Figure],
    regular: list[Period],
    calendar: Calendar,
    frequency: Frequency,
    kind: GrowthKind,
) -> Figure:
    if kind is not GrowthKind.PERCENT:
        return NOT_DETERMINABLE
    if not regular:
        return INSUFFICIENT
    first, last = regular[0], regular[-1]
    span = calendar.number(first), calendar.number(last)
    return compound_annual_growth(present[last], present[first], span, calendar.per_year(frequency))


def _at(values: Mapping[Period, Figure], period: Period | None) -> Figure:
    return INSUFFICIENT if period is None else values.get(period, INSUFFICIENT)
