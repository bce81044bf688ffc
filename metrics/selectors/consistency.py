"""Stated growth rates, shares and other figures against what independent levels imply."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from metrics.models import Observation, RuleInput, Series
from metrics.selectors.breaks import breaks_of
from metrics.selectors.independence import independent_values
from metrics.selectors.printing import (
    moment,
    printed_interval,
    printed_value,
    reason_text,
    series_name,
)
from metrics.selectors.values import (
    SeriesValues,
    Value,
    observed_values,
)
from metrics.stats.bounds import Figure
from metrics.stats.breaks import BREAK, NO_BREAKS, Breaks
from metrics.stats.calendars import Calendar, calendar_of
from metrics.stats.consistency import Consistency, Verdict, compare_stated
from metrics.stats.periods import Period
from metrics.stats.rules import difference, growth

GROWTH, RULE = "growth", "rule"


@dataclass(frozen=True, slots=True)
class Check:
    """A stated value beside what follows from levels that it has no part in.

    `basis` is "growth" (two observed levels) or "rule" (one computes the value as well).
    """

    series_id: int
    period: Period
    basis: str
    stated: Value
    verdict: Verdict

    @property
    def document(self) -> dict[str, str | None]:
        """What the API says: the verdict, the interval that the levels imply, or why none."""
        bounds = self.verdict.lower, self.verdict.upper
        lower, upper = (None if bound is None else format(bound, "f") for bound in bounds)
        return {
            "verdict": str(self.verdict.verdict),
            "lower": lower,
            "upper": upper,
            "null_reason": self.verdict.implied.null_reason or None,
        }


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check in words, for people."""

    check: Check
    series_key: str
    series_name: str
    period_label: str
    stated: str
    implied: str
    interval: str

    @property
    def verdict(self) -> Consistency:
        return self.check.verdict.verdict

    @property
    def gap(self) -> Decimal | None:
        return self.check.verdict.gap


@dataclass(frozen=True, slots=True)
class GrowthPair:
    """A growth series with the series of its level."""

    growth_id: int
    level_id: int
    is_in_points: bool
    is_on_previous: bool

    def base(self, period: Period, calendar: Calendar) -> Period | None:
        return (calendar.previous if self.is_on_previous else calendar.year_ago)(period)

    def implied(self, current: Figure, prior: Figure) -> Figure:
        return (difference if self.is_in_points else growth)(current, prior)


def checks_of(series_ids: Collection[int], seq: int | None = None) -> dict[tuple[int, str], Check]:
    """The checks of stated values by (series, period code), as of a seq (None: now).

    Six queries for now, three a rule level more for the past. A growth rate is compared with two
    observed levels only, and with a rule only as far as its levels are not implied by the rate
    itself: that is no witness for it.
    """
    pairs = _growth_pairs(series_ids)
    levels = {pair.level_id for pair in pairs}
    observed = observed_values({*series_ids, *levels}, seq)
    breaks = breaks_of(levels, seq)
    stating = set(series_ids) & set(observed)
    derived = independent_values(stating, seq)
    checks = {**_beside(observed, derived), **_growths(pairs, observed, breaks)}
    return {key: checks[key] for key in sorted(checks)}


def consistency(
    language: str, seq: int | None = None, *, verdicts: Collection[str] = ()
) -> tuple[CheckLine, ...]:
    """Every check there is, by series and period; `verdicts` keeps only those. Eight queries."""
    checks = checks_of(_checkable(), seq)
    ids = {check.series_id for check in checks.values()}
    series = Series.objects.with_definitions().in_bulk(ids)
    lines = [
        _line(check, series[check.series_id], language)
        for check in checks.values()
        if not verdicts or check.verdict.verdict in verdicts
    ]
    return tuple(sorted(lines, key=lambda line: (line.series_key, line.check.period)))


def _checkable() -> set[int]:
    """The series that have stated growth, or something stated that a rule computes. One query.

    Of ten thousand shares of a group nothing is stated: they are not even read.
    """
    made = RuleInput.objects.exclude(version__rule__kind="implied-prior").values("output_id")
    has_check = Q(indicator__growth_of__isnull=False) | Q(pk__in=made)
    stated = Exists(Observation.objects.filter(series=OuterRef("pk")))
    return set(Series.objects.filter(has_check, stated).values_list("pk", flat=True))


def _growth_pairs(series_ids: Collection[int]) -> list[GrowthPair]:
    """Two queries."""
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
            named[slot],
            row.indicator.unit.kind == "points",
            row.indicator.growth_basis == "previous",
        )
        for row in rows
        if (slot := (row.entity_id, row.indicator.growth_of_id or 0, row.frequency)) in named
    ]


def _growths(
    pairs: list[GrowthPair], observed: SeriesValues, breaks: Mapping[int, Breaks]
) -> dict[tuple[int, str], Check]:
    """Levels on both sides of a redefinition imply nothing."""
    checks = {}
    for pair in pairs:
        levels = observed.get(pair.level_id, {})
        calendar = calendar_of({period: value.figure for period, value in levels.items()})
        for period, value in observed.get(pair.growth_id, {}).items():
            base = pair.base(period, calendar)
            if base in levels and period in levels and base is not None:
                is_across = breaks.get(pair.level_id, NO_BREAKS).between(base, period)
                figures = levels[period].figure, levels[base].figure
                implied = BREAK if is_across else pair.implied(*figures)
                check = _check(pair.growth_id, GROWTH, value, implied)
                checks[pair.growth_id, period.code] = check
    return checks


def _beside(observed: SeriesValues, derived: SeriesValues) -> dict[tuple[int, str], Check]:
    """Stated values that a rule computes as well; the implied prior repeats what growth checks."""
    return {
        (series_id, period.code): _check(series_id, RULE, stated, value.figure)
        for series_id, cells in derived.items()
        for period, value in cells.items()
        if value.kind != "implied" and (stated := _stated(observed, series_id, period))
    }


def _stated(observed: SeriesValues, series_id: int, period: Period) -> Value | None:
    cells: Mapping[Period, Value] = observed.get(series_id, {})
    return cells.get(period)


def _check(series_id: int, basis: str, stated: Value, implied: Figure) -> Check:
    verdict = compare_stated(stated.figure, implied)
    return Check(series_id, stated.period, basis, stated, verdict)


def _line(check: Check, series: Series, language: str) -> CheckLine:
    unit, implied = series.indicator.unit, check.verdict.implied
    made = Value(check.period, implied, str(implied.qualifier), "derived", status="E")
    return CheckLine(
        check=check,
        series_key=series.key,
        series_name=series_name(series, language),
        period_label=moment(check.period, series.indicator, language),
        stated=str(printed_value(check.stated, unit, language) or "—"),
        implied=str(
            printed_value(made, unit, language) or reason_text(implied.null_reason, language)
        ),
        interval=printed_interval(implied, unit, language),
    )
