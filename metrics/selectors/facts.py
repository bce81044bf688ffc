"""A series at a glance: the few facts beside its latest value."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, override

from metrics.models import Unit
from metrics.selectors.panel import Panel
from metrics.selectors.printing import in_language, printed_transform, printed_value
from metrics.selectors.summaries import Rank
from metrics.stats.bounds import Figure
from metrics.stats.natures import NATURES, GrowthKind, Nature
from metrics.stats.periods import Frequency
from metrics.stats.summaries import Summary, summarise
from metrics.stats.wording import Qualifier


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and a printed number."""

    name: str
    text: str


def series_facts(
    panel: Panel, key: str, language: str, ranks: Iterable[Rank] = ()
) -> tuple[Fact, ...]:
    """Count, previous period, change on a year before and ranks; what is unknown is left out."""
    series = panel.series[key]
    values = panel.values_of(key)
    summary = summarise(
        panel.figures_of(key),
        Frequency(series.frequency),
        series.indicator.nature,
        panel.breaks_of(key),
    )
    unit = series.indicator.unit
    with override(language):
        facts = [
            Fact(gettext("Values"), str(summary.count)),
            *(
                Fact(gettext("Previous period"), str(printed_value(values[p], unit, language)))
                for p in [summary.previous_period]
                if p in values and not values[p].figure.is_missing
            ),
            *_growth(summary, Nature(series.indicator.nature), unit, language),
        ]
        for rank in ranks:
            name = gettext("Rank in %(group)s") % {
                "group": in_language(rank.group, "name", language)
            }
            facts.append(Fact(name, f"{rank.value.normalize():f}"))
    return tuple(facts)


def _growth(summary: Summary, nature: Nature, unit: Unit, language: str) -> list[Fact]:
    kind = NATURES[nature].growth_kind
    figure = summary.year_on_year
    if figure.is_missing or kind is GrowthKind.NONE:
        return []
    is_percent = kind is GrowthKind.PERCENT
    number = printed_transform(figure, "pc1" if is_percent else "ch1", unit, language)
    return [Fact(gettext("On a year before"), signed(figure, str(number)))]


def signed(figure: Figure, text: str) -> str:
    """A change that is known to be a rise says so by its sign."""
    is_rise = figure.value is not None and figure.value > 0
    return f"+{text}" if is_rise and figure.qualifier is Qualifier.EXACT else text
