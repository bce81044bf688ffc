"""The summary of a series: as stored, or made of its values where none is kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from metrics.models import DerivedValue, Group, NullReason, Rule, RuleInput, Series, SeriesSummary
from metrics.selectors.breaks import breaks_of
from metrics.selectors.restricted import has_restricted
from metrics.selectors.values import figures_of, series_values
from metrics.stats.bounds import Figure
from metrics.stats.breaks import NO_BREAKS, Breaks
from metrics.stats.natures import Nature
from metrics.stats.periods import Frequency, Period
from metrics.stats.summaries import Summary, summarise


def series_summary(series: Series) -> SeriesSummary | None:
    """What is stored, or for an output of a rule member by member what its values give now.

    None until anything is computed. Four queries where none is stored.
    """
    stored: SeriesSummary | None = getattr(series, "summary", None)
    if stored is not None or not memberwise_outputs([series.pk]):
        return stored
    values = figures_of(series_values([series.pk]))[series.pk]
    return summary_row(series, values, breaks_of([series.pk]).get(series.pk, NO_BREAKS))


def offered_summary(series: Series) -> SeriesSummary | None:
    """The same, without its figures where any value of the series is restricted."""
    summary = series_summary(series)
    if summary is None or not has_restricted(series.pk):
        return summary
    hidden = SeriesSummary(
        series=series,
        latest_period=summary.latest_period,
        previous_period=summary.previous_period,
        count=summary.count,
        nature=summary.nature,
        first_period=summary.first_period,
        next_due=summary.next_due,
    )
    for name in ("change", "year_on_year", "cagr", "mean", "volatility"):
        setattr(hidden, f"{name}_reason", NullReason.RESTRICTED)
    return hidden


@dataclass(frozen=True, slots=True)
class Rank:
    """The place of a series among the members of a group, and the series that holds it."""

    group: Group
    series: Series
    period: str
    value: Decimal


def ranks_of(series: Series, period: str) -> tuple[Rank, ...]:
    """The ranks of a series for a period, by rules that rank a group it is in. Two queries.

    They are values of series of their own, kept by the refresh like any other. A copy in the
    summary would have to be written anew for every member when one of them changes.
    """
    edges = list(
        RuleInput.objects.current()
        .filter(input=series, role="part", version__rule__kind=Rule.Kind.RANK)
        .select_related("output", "version__rule__group")
        .order_by("version__rule__key", "output__key")
    )
    rows = DerivedValue.objects.filter(series__in=[edge.output_id for edge in edges], period=period)
    values = {row.series_id: row.value for row in rows}
    ranks = []
    for edge in edges:
        group, value = edge.version.rule.group, values.get(edge.output_id)
        if group is not None and value is not None:
            ranks.append(Rank(group, edge.output, period, value))
    return tuple(ranks)


def memberwise_outputs(series_ids: Collection[int]) -> set[int]:
    """Outputs that a group-wide rule makes member by member (shares, ranks, peer indexes).

    A summary of each would be made anew whenever one member changes, so none is stored.
    """
    rows = RuleInput.objects.current().filter(
        output__any=series_ids, role="part", version__rule__group__isnull=False
    )
    return set(rows.order_by().values_list("output_id", flat=True))


def summary_row(
    series: Series, values: Mapping[Period, Figure], breaks: Breaks = NO_BREAKS
) -> SeriesSummary:
    """An unsaved SeriesSummary; `computed_seq` is set by whoever writes it."""
    made = summarise(values, Frequency(series.frequency), Nature(series.indicator.nature), breaks)
    return SeriesSummary(
        series=series,
        latest_period=made.latest_period.code if made.latest_period else "",
        latest_value=made.latest.value,
        previous_period=_previous_code(made),
        previous_value=made.previous.value,
        change=made.change.value,
        change_reason=made.change.null_reason,
        year_on_year=made.year_on_year.value,
        year_on_year_reason=made.year_on_year.null_reason,
        cagr=made.cagr.value,
        cagr_reason=made.cagr.null_reason,
        minimum=made.minimum.value,
        maximum=made.maximum.value,
        mean=made.mean.value,
        mean_reason=made.mean.null_reason,
        volatility=made.volatility.value,
        volatility_reason=made.volatility.null_reason,
        count=made.count,
        nature=series.indicator.nature,
        first_period=made.first_period.code if made.first_period else "",
        next_due=made.next_due,
    )


def _previous_code(made: Summary) -> str:
    """The period before the latest, where it has a value."""
    previous = made.previous_period
    return previous.code if previous and not made.previous.is_missing else ""
