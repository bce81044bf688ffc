"""What a series' page shows of its values: rows and a drawing, stated or computed."""

from dataclasses import dataclass

from cases.markup.resolver import ResolvedFigure
from cases.markup.tokens import Reference
from cases.selectors.exhibits import SEPARATORS
from cases.selectors.figures import Figures
from cases.selectors.series_asked import SeriesAsked, based, completed
from cases.selectors.series_chart import SeriesChart, computed_chart, emptied, stated_chart
from cases.selectors.series_form import question_words
from cases.selectors.series_rows import PeriodsPage, periods_in_range, periods_page
from metrics.models import Series, Unit
from metrics.selectors.computed_record import ComputedRow, before_index, computed, first_base
from metrics.selectors.panel import Panel, panel_of
from metrics.selectors.printing import in_language, series_name
from metrics.selectors.restricted import is_held_back, offered_panel
from metrics.stats.periods import Period


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows of one page, stated or computed, and the drawing of all that was asked for.

    `asked` names the base of an index where the address left it open. `stated` are the periods of
    rows that are shown as stated.
    """

    asked: SeriesAsked
    paging: PeriodsPage
    stated: tuple[Period, ...]
    computed: tuple[ComputedRow, ...]
    chart: SeriesChart | None
    unit: Unit | None


def series_shown(series: Series, panel: Panel, asked: SeriesAsked, language: str) -> Shown:
    """No query for what is stated; two for what is computed, four for an index without a base."""
    label = in_language(series.indicator, "name", language)
    if not asked.question.is_computed:
        periods = periods_in_range(panel.values_of(series.key), asked)
        paging = periods_page(periods, asked)
        figures = Figures(panel, language, seq=asked.question.seq)
        chart = stated_chart(series, figures, periods, label)
        return Shown(asked, paging, paging.periods, (), chart, series.indicator.unit)
    if asked.question.units == "idx" and asked.question.index_base is None:
        levels = computed(series, panel, before_index(asked.question))
        asked = based(asked, first_base(levels.figures))
    made = computed(series, panel, asked.question)
    periods = periods_in_range(made.figures, asked)
    paging = periods_page(periods, asked)
    rows = tuple(made.row(period, language) for period in paging.periods)
    return Shown(asked, paging, (), rows, computed_chart(made, periods, label, language), made.unit)


def shown_subtitle(series: Series, shown: Shown, language: str) -> str:
    """Measure, what was computed, unit."""
    steps = question_words(shown.asked.question, language)
    unit = in_language(shown.unit, "name", language) if shown.unit else ""
    parts = [in_language(series.indicator, "name", language), *steps, unit]
    return SEPARATORS[language].join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class SeriesDrawing:
    """The chart of a series, None where it has no course to show, and its latest value.

    Both are for other sites: values that sources keep from them (`is_held_back`) are in neither.
    """

    name: str
    figures: Figures
    chart: SeriesChart | None
    subtitle: str
    latest: ResolvedFigure
    is_held_back: bool


def series_drawing(key: str, language: str, asked: SeriesAsked) -> SeriesDrawing:
    """The chart that a page of the same question has.

    Six queries or so, more for the past. Raises Series.DoesNotExist, and QuestionError where the
    question does not suit the series.
    """
    series = Series.objects.with_definitions().get(key=key)
    asked = completed(asked, series)
    panel = panel_of({key: series}, asked.question.seq)
    offered = offered_panel(panel, asked.question.seq)
    shown = series_shown(series, offered, asked, language)
    chart, figures = shown.chart, Figures(panel, language, seq=asked.question.seq)
    if chart is None and offered is not panel:
        whole = series_shown(series, panel, asked, language).chart
        chart = emptied(whole, language) if whole else None
    return SeriesDrawing(
        name=series_name(series, language),
        figures=figures,
        chart=chart,
        subtitle=shown_subtitle(series, shown, language),
        is_held_back=is_held_back(panel, offered, [key]),
        latest=Figures(offered, language, seq=figures.seq).figure(Reference(key, "latest")),
    )
