"""The drawing on a series' page: of what is stated, or of what was computed from it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext

from cases.markup.tokens import Reference
from cases.selectors.describing import described
from cases.selectors.drawings import WITHOUT_UNIT, broken_periods, rows_spec
from cases.selectors.exhibits import Cell, Grid, Line, rows_grid
from cases.selectors.figures import Figures
from metrics.charts import ChartPoint, ChartSeries, ChartSpec
from metrics.charts.thinning import shape_of
from metrics.models import NullReason, Series
from metrics.selectors.computed_record import Computed, ComputedRow
from metrics.selectors.printing import in_language, reason_text, series_name
from metrics.stats.periods import Period

LEAST_CHARTED = 2
MOST_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class SeriesChart:
    """A drawing, the data behind it, and of how many periods it is."""

    spec: ChartSpec
    grid: Grid
    total: int

    @property
    def drawn(self) -> int:
        return len(self.grid.lines)

    @property
    def is_thinned(self) -> bool:
        return self.drawn < self.total


def stated_chart(
    series: Series, figures: Figures, periods: Iterable[Period], label: str
) -> SeriesChart | None:
    """Columns for a few values, a line for many; None where there is no course to show."""
    known = figures.panel.figures_of(series.key)
    shown = _charted(series, periods, lambda period: known[period].value)
    if not shown:
        return None
    references = [Reference(series.key, period.code) for period in shown]
    broken = set(broken_periods(series, references, figures))
    places = _places(shown, [known[period].value for period in shown], broken)
    rows = [(series, [references[place] for place in places])]
    labels = {series.key: label}
    kind = _kind(known[period].value for period in shown)
    name = series_name(series, figures.language)
    spec = rows_spec(rows, figures, labels, kind, "lin", title=name)
    return SeriesChart(spec, rows_grid(rows, "lin", figures, labels), len(shown))


def computed_chart(
    computed: Computed, periods: Iterable[Period], label: str, language: str
) -> SeriesChart | None:
    """As `stated_chart`, of figures that a transform or an aggregation made."""
    series, known = computed.series, computed.figures
    shown = _charted(series, periods, lambda period: known[period].value)
    if not shown:
        return None
    places = _places(shown, [known[period].value for period in shown], set())
    rows = [computed.row(shown[place], language) for place in places]
    spec = ChartSpec(
        kind=_kind(known[period].value for period in shown),  # type: ignore[arg-type]
        title=series_name(series, language),
        description="",
        language=language,
        series=(ChartSeries(series.key, label, tuple(map(_point, rows))),),
        unit_text=_unit_text(computed, language),
    )
    spec = replace(spec, description=described(spec))
    lines = tuple(Line(row.label, (_cell(row),)) for row in rows)
    return SeriesChart(spec, Grid(gettext("Period"), (label,), lines), len(shown))


def emptied(chart: SeriesChart, language: str) -> SeriesChart:
    """The same chart without any of its values, which its sources keep from other sites."""
    told = reason_text(NullReason.RESTRICTED, language)
    (series,) = chart.spec.series
    points = tuple(
        ChartPoint(point.period, point.label, None, text=told, null_reason=NullReason.RESTRICTED)
        for point in series.points
    )
    spec = replace(chart.spec, series=(replace(series, points=points),))
    lines = tuple(replace(line, cells=(Cell("—", title=told),)) for line in chart.grid.lines)
    return replace(
        chart,
        spec=replace(spec, description=described(spec)),
        grid=replace(chart.grid, lines=lines),
    )


def _charted(
    series: Series, periods: Iterable[Period], value: Callable[[Period], Decimal | None]
) -> list[Period]:
    shown = sorted(period for period in periods if period.is_regular)
    present = sum(value(period) is not None for period in shown)
    is_rank = series.indicator.nature == "rank"
    return [] if present < LEAST_CHARTED or is_rank else shown


def _places(
    shown: Sequence[Period], values: Sequence[Decimal | None], broken: set[Period]
) -> list[int]:
    """What is drawn: of a change of definition the values on both sides."""
    at = [place for place, period in enumerate(shown) if period in broken]
    return shape_of(values, {*at, *(place - 1 for place in at)})


def _kind(values: Iterable[Decimal | None]) -> str:
    return "line" if sum(value is not None for value in values) > MOST_COLUMNS else "column"


def _point(row: ComputedRow) -> ChartPoint:
    return ChartPoint(
        period=row.period,
        label=row.label,
        value=row.figure.value,
        lower=row.figure.lower,
        upper=row.figure.upper,
        qualifier=row.qualifier,
        kind=row.kind,  # type: ignore[arg-type]
        text=row.number or row.null_text,
        null_reason=row.null_reason,
    )


def _cell(row: ComputedRow) -> Cell:
    return Cell(row.number, row.kind) if row.number else Cell("—", title=row.null_text)


def _unit_text(computed: Computed, language: str) -> str:
    unit = computed.unit
    if unit is None or computed.question.units in WITHOUT_UNIT:
        return ""
    return in_language(unit, "symbol", language) or in_language(unit, "name", language)
