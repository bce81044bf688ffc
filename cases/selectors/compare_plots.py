"""The drawings of a comparison: one with a shared axis, or a panel for each series."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from cases.markup.exhibits import Chart
from cases.markup.tokens import Reference
from cases.selectors.compare_asked import Asked
from cases.selectors.compare_guard import Guard, guard_of, is_regular
from cases.selectors.compare_kinds import MOST_COLUMNS, TONED, drawn_kind, shown_periods
from cases.selectors.drawings import IN_OWN_UNIT, broken_periods
from cases.selectors.exhibits import SEPARATORS, Grid, Row, chart_rows, rows_grid, series_labels
from cases.selectors.figures import Figures
from cases.selectors.totals import total_points, with_totals
from metrics.charts import ChartPoint
from metrics.charts.thinning import MOST_DRAWN, shape_of
from metrics.models import Series
from metrics.selectors.methods import transform_names
from metrics.selectors.printing import in_language, series_name
from metrics.stats.periods import Period

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Plot:
    """One drawing with the data behind it; an empty `kind` is not drawn: ranks, whose up is down.

    `breaks` say where the definition of a series changes; `drawn` of `total` periods are shown.
    `totals`: what the parts of a stack come to. `unfit`: why it is not of the type asked for.
    """

    kind: str
    title: str
    subtitle: str
    rows: tuple[Row, ...]
    labels: Mapping[str, str]
    grid: Grid
    breaks: tuple[str, ...]
    total: int
    totals: tuple[ChartPoint, ...] = ()
    unfit: str = ""

    @property
    def drawn(self) -> int:
        return len(self.grid.lines)

    @property
    def is_thinned(self) -> bool:
        return self.drawn < self.total


@dataclass(frozen=True, slots=True)
class Plots:
    """All drawings of a comparison, and what keeps its series apart."""

    drawn: tuple[Plot, ...]
    guard: Guard
    is_shared: bool

    @property
    def has_tones(self) -> bool:
        """Whether each series has a colour of its own, in the order of the list."""
        return self.is_shared and self.drawn[0].kind in TONED and len(self.drawn[0].rows) > 1


def compare_plots(asked: Asked, figures: Figures) -> Plots:
    """No query. Levels of different units and different frequencies never share an axis."""
    rows = chart_rows(Chart("line", "", asked.keys, units=asked.units), figures)
    guard = guard_of(rows, asked.units, figures.language)
    is_shared = guard.allows_sharing and asked.layout != "panels"
    parts = [rows] if is_shared else [[_framed(row, rows)] for row in rows]
    drawn = tuple(_plot(part, asked, figures, is_shared=is_shared) for part in parts)
    return Plots(drawn, guard, is_shared)


def told_apart(series: Sequence[Series], language: str) -> dict[str, str]:
    """Short names, with the frequency where one measure is there by several."""
    measures = [(one.entity_id, one.indicator_id) for one in series]
    labels = series_labels(series, language)
    return {
        one.key: f"{labels[one.key]} ({one.get_frequency_display()})"
        if measures.count(measure) > 1
        else labels[one.key]
        for one, measure in zip(series, measures, strict=True)
    }


def _plot(whole: Sequence[Row], asked: Asked, figures: Figures, *, is_shared: bool) -> Plot:
    kind = drawn_kind(asked.type, whole, asked.units, is_shared=is_shared)
    if kind.type == "slope":
        whole = chart_rows(Chart("slope", "", asked.keys, units=asked.units), figures)
    rows = _thinned(whole, figures)
    series, language = [one for one, _ in rows], figures.language
    labels = told_apart(series, language)
    totals = total_points(rows, asked.units, figures) if kind.type == "stacked" else ()
    return Plot(
        kind=kind.type,
        title=_title(series, labels, language),
        subtitle=_subtitle(series, asked, language),
        rows=tuple(rows),
        labels=labels,
        grid=with_totals(rows_grid(rows, asked.units, figures, labels), totals, language),
        breaks=tuple(
            gettext(
                "%(series)s: measured by another definition from %(period)s on. "
                "Values before and since are not joined."
            )
            % {"series": labels[one.key], "period": figures.moment(one, period, None)}
            for one, shown in rows
            for period in broken_periods(one, shown, figures)
        ),
        total=len(shown_periods(whole)),
        totals=totals,
        unfit=kind.reason,
    )


def _thinned(rows: Sequence[Row], figures: Figures) -> Sequence[Row]:
    """Of very many periods, about as many as a lone series is drawn by.

    Those that keep the shape of one series are drawn of all: a period in the table has the value
    of every series.
    """
    if len(shown_periods(rows)) <= MOST_DRAWN:
        return rows
    most = MOST_DRAWN // len(rows)
    kept = {shown[at].period for one, shown in rows for at in _shape(one, shown, figures, most)}
    return [(one, [part for part in shown if part.period in kept]) for one, shown in rows]


def _shape(one: Series, shown: list[Reference], figures: Figures, most: int) -> list[int]:
    """The places to keep: of a change of definition the values on both sides."""
    broken = {period.code for period in broken_periods(one, shown, figures)}
    at = [place for place, reference in enumerate(shown) if reference.period in broken]
    values = [figures.cell(reference)[1].value for reference in shown]
    return shape_of(values, {*at, *(place - 1 for place in at)}, most=most)


def _framed(row: Row, rows: Sequence[Row]) -> Row:
    """A panel over the time of all panels of its frequency, so that they are read across.

    Columns stand for every period; a line reaches from the first to the last.
    """
    one, shown = row
    if not is_regular(row):
        return row
    codes = {
        reference.period
        for other in rows
        if other[0].frequency == one.frequency and is_regular(other)
        for reference in other[1]
    }
    periods = sorted(map(Period.parse, codes))
    own = {reference.period for reference in shown}
    if len(periods) > MOST_COLUMNS:
        periods = [p for p in periods if p.code in own or p in (periods[0], periods[-1])]
    return one, [Reference(one.key, period.code, shown[0].transform) for period in periods]


def _title(series: Sequence[Series], labels: Mapping[str, str], language: str) -> str:
    if len(series) == 1:
        return series_name(series[0], language)
    if len(series) <= MOST_NAMED:
        return SEPARATORS[language].join(labels.values())
    return gettext("%d series compared") % len(series)


def _subtitle(series: Sequence[Series], asked: Asked, language: str) -> str:
    """What is measured, by which transform, in which unit."""
    indicators = {in_language(one.indicator, "name", language): None for one in series}
    entities = {in_language(one.entity, "name", language): None for one in series}
    parts = [*entities] if len(entities) == 1 and len(series) > 1 else []
    parts += [*indicators] if len(indicators) == 1 and len(series) > 1 else []
    if asked.index_base is not None:
        base = asked.index_base.label(language) or asked.index_base.code
        parts.append(gettext("Index, %(period)s = 100") % {"period": base})
    elif asked.units != "lin":
        parts.append(transform_names(language)[asked.units])
    units = {in_language(one.indicator.unit, "name", language): None for one in series}
    if asked.units in IN_OWN_UNIT and len(units) == 1:
        parts += units
    return SEPARATORS[language].join(parts)
