"""A series aggregated and transformed, as a reader's table and chart show it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from metrics.models import Series, Unit
from metrics.selectors.lineage_steps import asked_of
from metrics.selectors.observation_rows import computed_figures, known_units
from metrics.selectors.panel import Panel
from metrics.selectors.printing import moment, printed_interval, printed_transform, reason_text
from metrics.selectors.question import Question
from metrics.stats.bounds import Figure
from metrics.stats.periods import Period
from metrics.stats.transforms import output_qualifier


@dataclass(frozen=True, slots=True)
class ComputedRow:
    """One period of the result. `number` is empty where there is none, `null_text` then says why.

    `qualifier` is how the figure is hedged; `kind` is derived, or forecast where the period holds a
    forecast.
    """

    period: str
    label: str
    number: str
    plain_value: str
    qualifier: str
    kind: str
    null_reason: str
    null_text: str
    interval: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Computed:
    """The figures of a series as a question asks for them; `unit` None: they have none."""

    series: Series
    question: Question
    figures: dict[Period, Figure]
    unit: Unit | None
    forecasts: frozenset[str]

    def row(self, period: Period, language: str) -> ComputedRow:
        """The row of a period that the result has. No query."""
        figure, code = self.figures[period], self.question.units
        number = printed_transform(figure, code, self.series.indicator.unit, language)
        return ComputedRow(
            period=period.code,
            label=self.label(period, language),
            number=number.text if number else "",
            plain_value="" if figure.value is None else format(figure.value, "f"),
            qualifier=str(output_qualifier(code, figure)),
            kind="forecast" if period.code in self.forecasts else "derived",
            null_reason=figure.null_reason,
            null_text="" if number else reason_text(figure.null_reason, language),
            interval=printed_interval(figure, self.unit, language) if self.unit else "",
            figure=figure,
        )

    def label(self, period: Period, language: str) -> str:
        """The end of a year only where it is one: an average of months is of the whole year."""
        if self.question.aggregation_used in ("", "eop") or not period.is_regular:
            return moment(period, self.series.indicator, language)
        return period.label(language) or period.code


def computed(series: Series, panel: Panel, question: Question) -> Computed:
    """The whole series, its definitions loaded, as asked. Two queries.

    Raises AggregationError and TransformError where a nature refuses what is asked.
    """
    values, breaks = panel.values_of(series.key), panel.breaks_of(series.key)
    figures, key = computed_figures(asked_of(series), values, question, known_units(), breaks)
    return Computed(
        series=series,
        question=question,
        figures=figures,
        unit=Unit.objects.filter(key=key).first(),
        forecasts=frozenset(p.code for p, value in values.items() if value.status == "F"),
    )


def before_index(question: Question) -> Question:
    """The levels that an index is made of."""
    return replace(question, units="lin", index_base=None)


def first_base(figures: Mapping[Period, Figure]) -> Period | None:
    """The first period that an index can set to 100: neither zero nor "over" or "under"."""
    for period in sorted(figures):
        figure = figures[period]
        if period.is_regular and figure.value and not figure.is_one_sided:
            return period
    return None
