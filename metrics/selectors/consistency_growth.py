"""Stated growth rates beside the growth of observed levels."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from metrics.models import Series
from metrics.selectors.values import SeriesValues, Value
from metrics.stats.bounds import INPUT_MISSING, Figure
from metrics.stats.breaks import BREAK, NO_BREAKS, Breaks
from metrics.stats.calendars import Calendar, calendar_of
from metrics.stats.consistency import Verdict, Why, compare_stated, undecided
from metrics.stats.periods import Period
from metrics.stats.rules import difference, growth

Levels = Mapping[Period, Value]


@dataclass(frozen=True, slots=True)
class GrowthPair:
    """A growth series with the series of its level, None where there is none."""

    growth_id: int
    level_id: int | None
    is_in_points: bool
    is_on_previous: bool

    def base(self, period: Period, calendar: Calendar) -> Period | None:
        return (calendar.previous if self.is_on_previous else calendar.year_ago)(period)

    def implied(self, current: Figure, prior: Figure) -> Figure:
        return (difference if self.is_in_points else growth)(current, prior)


def growth_pairs(series_ids: Collection[int]) -> list[GrowthPair]:
    """Of the series those that state growth, with the level of the same entity. Two queries."""
    stating = Series.objects.filter(pk__in=series_ids, indicator__growth_of__isnull=False)
    rows = list(stating.select_related("indicator__unit"))
    levels = Series.objects.filter(
        indicator__in={row.indicator.growth_of_id for row in rows},
        entity__in={row.entity_id for row in rows},
    )
    named = {(one.entity_id, one.indicator_id, one.frequency): one.pk for one in levels}
    return [
        GrowthPair(
            row.pk,
            named.get((row.entity_id, row.indicator.growth_of_id or 0, row.frequency)),
            row.indicator.unit.kind == "points",
            row.indicator.growth_basis == "previous",
        )
        for row in rows
    ]


def growth_verdicts(
    pairs: Iterable[GrowthPair], observed: SeriesValues, breaks: Mapping[int, Breaks]
) -> Iterator[tuple[int, Value, Verdict]]:
    """(series, stated, verdict) of every stated growth rate; what decides nothing says why.

    Only observed levels count, and levels on both sides of a redefinition imply nothing.
    """
    for pair in pairs:
        pk = pair.level_id or 0
        levels: Levels = observed.get(pk, {})
        calendar = calendar_of({period: value.figure for period, value in levels.items()})
        for period, stated in observed.get(pair.growth_id, {}).items():
            base = pair.base(period, calendar)
            why = _obstacle(pair, period, base, levels)
            if why is not None or base is None:
                verdict = undecided(stated.figure, INPUT_MISSING, why or Why.NO_PRIOR_PERIOD)
            else:
                is_across = breaks.get(pk, NO_BREAKS).between(base, period)
                figures = levels[period].figure, levels[base].figure
                verdict = compare_stated(
                    stated.figure, BREAK if is_across else pair.implied(*figures)
                )
            yield pair.growth_id, stated, verdict


def _obstacle(pair: GrowthPair, period: Period, base: Period | None, levels: Levels) -> Why | None:
    """What keeps two levels from being compared, None where both are stated."""
    if pair.level_id is None:
        return Why.NO_LEVELS
    if base is None:
        return Why.NO_PRIOR_PERIOD
    if period not in levels or levels[period].figure.is_missing:
        return Why.LEVEL_MISSING
    is_known = base in levels and not levels[base].figure.is_missing
    return None if is_known else Why.PRIOR_MISSING
