"""The summary row of a series, from its merged values."""

from collections.abc import Mapping

from metrics.models import Series, SeriesSummary
from metrics.stats.bounds import Figure
from metrics.stats.natures import Nature
from metrics.stats.periods import Frequency, Period
from metrics.stats.summaries import Summary, summarise


def summary_row(series: Series, values: Mapping[Period, Figure]) -> SeriesSummary:
    """An unsaved SeriesSummary; `computed_seq` is set by whoever writes it."""
    made = summarise(
        values, frequency=Frequency(series.frequency), nature=Nature(series.indicator.nature)
    )
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
        volatility=made.volatility.value,
        volatility_reason=made.volatility.null_reason,
        count=made.count,
        nature=series.indicator.nature,
        first_period=made.first_period.code if made.first_period else "",
    )


def _previous_code(made: Summary) -> str:
    """The period before the latest, where it has a value."""
    previous = made.latest_period.previous() if made.latest_period else None
    return previous.code if previous and not made.previous.is_missing else ""
