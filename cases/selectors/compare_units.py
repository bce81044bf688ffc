"""The transforms that a comparison offers, and the base that its index takes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cases.selectors.compare_asked import COMPARED_UNITS, Asked
from metrics.models import Series
from metrics.selectors.lineage_steps import asked_of
from metrics.selectors.methods import transform_names
from metrics.selectors.panel import Panel
from metrics.selectors.question import Question, allowed_transforms
from metrics.selectors.question_checks import QuestionError, check_question
from metrics.stats.aggregation import average_over
from metrics.stats.periods import Frequency, Period


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A transform, by the query that asks for it."""

    code: str
    name: str
    query: str
    is_chosen: bool


def unit_choices(
    asked: Asked, series: Sequence[Series], panel: Panel, language: str
) -> tuple[UnitChoice, ...]:
    """Those that all the series allow; the index where they have a base in common. No query."""
    allowed = allowed_transforms({one.indicator.nature for one in series})
    names = transform_names(language)
    base = asked.index_base or (common_base(asked, series, panel) if "idx" in allowed else None)
    return tuple(
        UnitChoice(
            code,
            names[code],
            asked.but(units=code, index_base=base if code == "idx" else None),
            code == asked.units,
        )
        for code in COMPARED_UNITS
        if code in allowed and (code != "idx" or base is not None)
    )


def common_base(asked: Asked, series: Sequence[Series], panel: Panel) -> Period | None:
    """The first period that can be 100 for each series: of the longest frequency among them."""
    longest = min(series, key=lambda one: Frequency(one.frequency).per_year)
    candidates = [period for period in panel.values_of(longest.key) if period.is_regular]
    for base in candidates:
        question = replace(asked.question, units="idx", index_base=base)
        if all(_is_base(base, one, panel) for one in series) and suits(question, series):
            return base
    return None


def _is_base(base: Period, series: Series, panel: Panel) -> bool:
    """Whether there is something to divide by: no zero, and neither "over" nor "under"."""
    figures = panel.figures_of(series.key)
    figure = figures.get(base)
    if base.kind != series.frequency:
        frequency, breaks = Frequency(series.frequency), panel.breaks_of(series.key)
        figure = average_over(figures, base, frequency, breaks)
    return figure is not None and bool(figure.value) and not figure.is_one_sided


def suits(question: Question, series: Sequence[Series]) -> bool:
    try:
        check_question(question, [asked_of(one) for one in series])
    except QuestionError:
        return False
    return True
