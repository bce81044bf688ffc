"""Specifications of charts from stored values; `metrics.charts` draws them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from cases.markup.exhibits import Chart
from cases.markup.tokens import Reference
from cases.selectors.chart_fitness import drawn_type
from cases.selectors.describing import described
from cases.selectors.exhibits import Row
from cases.selectors.figures import UNCHANGED, Figures
from cases.selectors.totals import total_points
from metrics.charts import ChartPoint, ChartSeries, ChartSpec
from metrics.models import Series
from metrics.selectors.printing import in_language
from metrics.stats.periods import Period
from metrics.stats.transforms import output_qualifier

# Transforms whose results are in the unit of the series.
IN_OWN_UNIT = frozenset({"lin", "chg", "ch1"})
WITHOUT_UNIT = frozenset({"log", "idx"})


def chart_spec(
    chart: Chart, rows: Sequence[Row], figures: Figures, labels: Mapping[str, str], *, title: str
) -> ChartSpec:
    """The drawing of a chart exhibit of such rows, described in words; titles are plain text."""
    kind = drawn_type(chart, [one for one, _ in rows])
    totals = total_points(rows, chart.units, figures) if kind == "stacked" else ()
    return rows_spec(rows, figures, labels, kind, chart.units, title=title, totals=totals)


def rows_spec(
    rows: Sequence[Row],
    figures: Figures,
    labels: Mapping[str, str],
    kind: str,
    units: str,
    *,
    title: str,
    totals: tuple[ChartPoint, ...] = (),
) -> ChartSpec:
    """As `chart_spec`, of any rows."""
    spec = ChartSpec(
        kind=kind,  # type: ignore[arg-type]  # the exhibit has checked it
        title=title,
        description="",
        language=figures.language,
        series=tuple(_series(one, shown, figures, labels[one.key]) for one, shown in rows),
        unit_text=unit_text([one for one, _ in rows], units, figures.language),
        totals=totals,
    )
    return replace(spec, description=described(spec))


def broken_periods(one: Series, shown: Sequence[Reference], figures: Figures) -> list[Period]:
    """The first period of each further definition among those of the series shown, in order."""
    breaks = figures.panel.breaks_of(one.key)
    if not breaks:
        return []
    periods = sorted({Period.parse(reference.period) for reference in shown})
    own = figures.panel.values_of(one.key)
    periods = [period for period in periods if period in own]
    return [after for before, after in pairwise(periods) if breaks.between(before, after)]


def _series(one: Series, shown: list[Reference], figures: Figures, label: str) -> ChartSeries:
    broken = {period.code for period in broken_periods(one, shown, figures)}
    points = tuple(
        _point(one, reference, figures, is_break=reference.period in broken) for reference in shown
    )
    return ChartSeries(one.key, label, points)


def _point(one: Series, reference: Reference, figures: Figures, *, is_break: bool) -> ChartPoint:
    figure = figures.figure(reference)
    period, bounds, value = figures.cell(reference)
    label = figure.period_label or (figures.moment(one, period, value) if period else "")
    if reference.transform != UNCHANGED:
        qualifier = str(output_qualifier(reference.transform, bounds))
    else:
        qualifier = str(value.qualifier) if value else "exact"
    return ChartPoint(
        period=figure.period_code,
        label=label or figure.period_code,
        value=figure.value,
        lower=bounds.lower,
        upper=bounds.upper,
        qualifier=qualifier,
        kind=str(figure.kind),  # type: ignore[arg-type]
        text=figure.formatted.text if figure.formatted else figure.null_text,
        null_reason=figure.null_reason,
        is_break=is_break,
    )


def unit_text(series: list[Series], units: str, language: str) -> str:
    """The unit of an axis; empty where the series differ in it."""
    if units not in IN_OWN_UNIT:
        return "" if units in WITHOUT_UNIT else "%"
    found = {one.indicator.unit_id: one.indicator.unit for one in series}
    if len(found) != 1:
        return ""
    unit = next(iter(found.values()))
    return in_language(unit, "symbol", language) or in_language(unit, "name", language)
