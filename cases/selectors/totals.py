"""What stacked parts come to: the sum of the series shown, period by period.

By the arithmetic of the rule "sum" (`metrics.stats.members.sum_of`): with a part that is "over" the
sum is over its lower bounds, and without a part there is none.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext, override

from cases.markup.tokens import Reference
from cases.selectors.exhibits import Cell, Grid, Row, period_heading, periods_of_rows
from cases.selectors.figures import UNCHANGED, Figures
from metrics.charts import ChartPoint
from metrics.models import Unit
from metrics.selectors.printing import printed_total, printed_transform, reason_text
from metrics.stats.bounds import Figure
from metrics.stats.members import sum_of
from metrics.stats.periods import Period
from metrics.stats.wording import Qualifier

LEAST_PARTS = 2
# The least certain of the parts says what the sum is.
KINDS = ("forecast", "implied")


def total_points(rows: Sequence[Row], units: str, figures: Figures) -> tuple[ChartPoint, ...]:
    """The sum of some series at each period that any of them shows; of one series, none."""
    if len(rows) < LEAST_PARTS:
        return ()
    return tuple(_total(period, rows, units, figures) for period in periods_of_rows(rows))


def _total(period: Period, rows: Sequence[Row], units: str, figures: Figures) -> ChartPoint:
    parts = [Reference(one.key, period.code, units) for one, _ in rows]
    total = sum_of(figures.cell(part)[1] for part in parts)
    kinds = {str(figures.figure(part).kind) for part in parts}
    kind = next((kind for kind in KINDS if kind in kinds), "derived")
    qualifier = total.qualifier
    if kind in KINDS and qualifier is Qualifier.EXACT:
        qualifier = Qualifier.ABOUT
    unit, language = rows[0][0].indicator.unit, figures.language
    return ChartPoint(
        period=period.code,
        label=period_heading(period, [one for one, _ in rows], figures),
        value=total.value,
        lower=total.lower,
        upper=total.upper,
        qualifier=str(qualifier),
        kind=kind,  # type: ignore[arg-type]  # one of KINDS, or derived
        text=_printed(total, qualifier, units, unit, language),
        null_reason=total.null_reason,
    )


def _printed(total: Figure, qualifier: Qualifier, units: str, unit: Unit, language: str) -> str:
    """As values of a rule print; why there is none."""
    if total.is_missing:
        return reason_text(total.null_reason, language)
    if units == UNCHANGED:
        return printed_total(total, qualifier, unit, language).text
    printed = printed_transform(total, units, unit, language)
    return printed.text if printed else ""


def total_name(language: str) -> str:
    with override(language):
        return gettext("Total (sum of the series shown)")


def with_totals(grid: Grid, totals: Sequence[ChartPoint], language: str) -> Grid:
    """The data of a stack with its totals, a line for each; without totals as it is."""
    if not totals:
        return grid
    lines = tuple(
        replace(line, cells=(*line.cells, _cell(total)))
        for line, total in zip(grid.lines, totals, strict=True)
    )
    return replace(grid, columns=(*grid.columns, total_name(language)), lines=lines)


def _cell(total: ChartPoint) -> Cell:
    if total.value is None:
        return Cell("—", title=total.text)
    return Cell(total.text, total.kind)
