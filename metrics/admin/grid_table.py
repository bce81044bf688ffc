"""A grid as a table of cells, with what was typed and how it was judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.models import Series
from metrics.selectors.grid import Grid, GridCell
from metrics.selectors.printing import in_language, series_name
from metrics.selectors.values import Cell
from metrics.services.grid_cells import Judged, State
from metrics.stats.periods import Period
from metrics.stats.wording import Qualifier

# A sign and its words, beside the text: what a plain number does not say by itself.
QUALIFIERS = {
    Qualifier.OVER: ("≥", gettext_lazy("more than")),
    Qualifier.UNDER: ("≤", gettext_lazy("less than")),
    Qualifier.NEARLY: ("≲", gettext_lazy("nearly")),
    Qualifier.ABOUT: ("≈", gettext_lazy("about")),
}
KINDS = {
    "absent": gettext_lazy("no value, for this reason"),
    "withdrawn": gettext_lazy("withdrawn"),
    "derived": gettext_lazy("derived by a rule"),
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A row or column: `id` labels its cells."""

    id: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TableCell:
    """An input: its value, what stands there now (`was`), and marks with their words.

    `state` is a State of the judgement or empty; `note` is read with the cell.
    """

    id: str
    name: str
    labels: str
    kind: str
    value: str
    was: str
    state: str
    sign: str
    note: str
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class GridTable:
    columns: Sequence[Heading]
    rows: Sequence[tuple[Heading, Sequence[TableCell]]]


def grid_table(
    grid: Grid, judged: Sequence[Judged], language: str, *, periods_across: bool
) -> GridTable:
    """Periods down and series across, or the other way round."""
    by_cell = {one.typed.cell: one for one in judged}
    periods = [_period_heading(period) for period in grid.periods]
    series = [_series_heading(one, language) for one in grid.series]
    down = [
        (
            heading,
            [
                _cell(grid.cells[one.pk, period.code], by_cell, f"{heading.id} {column.id}")
                for one, column in zip(grid.series, series, strict=True)
            ],
        )
        for period, heading in zip(grid.periods, periods, strict=True)
    ]
    if not periods_across:
        return GridTable(series, down)
    turned = zip(*(cells for _, cells in down), strict=True)
    return GridTable(periods, list(zip(series, map(list, turned), strict=True)))


def _period_heading(period: Period) -> Heading:
    return Heading(f"p-{period.code}", period.code)


def _series_heading(series: Series, language: str) -> Heading:
    unit = in_language(series.indicator.unit, "name", language)
    return Heading(f"s-{series.pk}", series_name(series, language), f"{series.key} · {unit}")


def _cell(cell: GridCell, judged: Mapping[Cell, Judged], labels: str) -> TableCell:
    found = judged.get((cell.series_id, cell.period))
    state = found.state if found is not None and found.state != State.SAME else ""
    sign, words = QUALIFIERS.get(Qualifier(cell.qualifier), ("", ""))
    return TableCell(
        id=f"c-{cell.series_id}-{cell.period}",
        name=f"cell.{cell.series_id}.{cell.period}.{cell.seq}",
        labels=labels,
        kind=cell.kind,
        value=found.typed.text if found is not None and state else cell.text,
        was=cell.text,
        state=state or ("waiting" if cell.waiting is not None else ""),
        sign=sign,
        note=_note(cell, str(words), found.message if found is not None else ""),
        is_fixed=cell.kind == "derived",
    )


def _note(cell: GridCell, qualifier: str, message: str) -> str:
    """What is to be said of a cell, the most urgent first."""
    waiting = ""
    if cell.waiting is not None:
        text = cell.waiting or _("a withdrawal")
        waiting = _("Waiting for approval: %(text)s") % {"text": text}
    parts = [message, waiting, str(KINDS.get(cell.kind, "")), qualifier, cell.origin]
    return " · ".join(part for part in parts if part)
