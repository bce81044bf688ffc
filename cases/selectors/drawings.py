"""Specifications of charts from stored values; `metrics.charts` draws them."""

from collections.abc import Mapping

from cases.markup.exhibits import Chart
from cases.markup.tokens import Reference
from cases.selectors.exhibits import chart_rows
from cases.selectors.figures import Figures
from metrics.charts import ChartPoint, ChartSeries, ChartSpec
from metrics.models import Series
from metrics.selectors.printing import in_language


def chart_spec(
    chart: Chart, figures: Figures, labels: Mapping[str, str], *, title: str, description: str
) -> ChartSpec:
    """The drawing of a chart exhibit; titles are plain text."""
    rows = chart_rows(chart, figures)
    return ChartSpec(
        kind=chart.type,  # type: ignore[arg-type]  # the exhibit has checked it
        title=title,
        description=description,
        language=figures.language,
        series=tuple(_series(one, shown, figures, labels[one.key]) for one, shown in rows),
        unit_text=unit_text([one for one, _ in rows], chart.units, figures.language),
    )


def _series(one: Series, shown: list[Reference], figures: Figures, label: str) -> ChartSeries:
    points = tuple(_point(reference, figures) for reference in shown)
    return ChartSeries(one.key, label, points)


def _point(reference: Reference, figures: Figures) -> ChartPoint:
    figure = figures.figure(reference)
    _, bounds, value = figures.cell(reference)
    label = figure.period_label
    if not label and value is not None:
        label = figures.moment(figures.panel.series[reference.series], value.period, value)
    return ChartPoint(
        period=figure.period_code,
        label=label or figure.period_code,
        value=figure.value,
        lower=bounds.lower,
        upper=bounds.upper,
        qualifier=str(value.qualifier) if value and reference.transform == "lin" else "exact",
        kind=str(figure.kind),  # type: ignore[arg-type]
        text=figure.formatted.text if figure.formatted else figure.null_text,
        null_reason=figure.null_reason,
    )


def unit_text(series: list[Series], units: str, language: str) -> str:
    """The unit of an axis; empty where the series differ in it."""
    found = {one.indicator.unit_id: one.indicator.unit for one in series}
    if len(found) != 1:
        return ""
    if units not in ("lin", "chg", "ch1"):
        return "%" if units != "log" else ""
    unit = next(iter(found.values()))
    return in_language(unit, "symbol", language) or in_language(unit, "name", language)
