"""Figures side by side: as they stood at a seq, and now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cases.markup.resolver import ResolvedFigure
from cases.markup.tokens import ALL_PERIODS, Reference
from cases.selectors.figures import UNCHANGED, Figures
from metrics.selectors.lineage_lines import STEPS
from metrics.stats.periods import Period

Pair = tuple[ResolvedFigure, ResolvedFigure]


@dataclass(frozen=True, slots=True)
class FigureState:
    """A figure at one of the two times: its period in words, its number or why there is none."""

    period_label: str
    text: str
    is_missing: bool


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that is another one now; `url` leads to the present one."""

    name: str
    before: FigureState
    after: FigureState
    url: str

    @property
    def label(self) -> str:
        """The period, where it is one; relative periods ("latest") may have moved on."""
        labels = {self.before.period_label, self.after.period_label} - {""}
        return labels.pop() if len(labels) == 1 else ""


def figure_changes(cells: Iterable[Reference], then: Figures, now: Figures) -> list[FigureChange]:
    """The cells that show another number now, each once and in order. No query.

    Compared are periods, values and how they print; of a cell that means every period, those that
    an exhibit draws.
    """
    found: dict[tuple[str, ...], FigureChange] = {}
    for cell in cells:
        for reference in _single(cell, then, now):
            pair = then.figure(reference), now.figure(reference)
            key = (cell.series, cell.transform, *(one.period_code for one in pair))
            if key not in found and _differ(*pair):
                found[key] = _change(reference, pair, then, now)
    return list(found.values())


def series_changes(key: str, then: Figures, now: Figures) -> list[FigureChange]:
    """The periods of a series that have another value now, the latest first. No query."""
    periods = {*then.panel.values_of(key), *now.panel.values_of(key)}
    cells = [Reference(key, period.code) for period in sorted(periods, reverse=True)]
    return figure_changes(cells, then, now)


def _single(cell: Reference, then: Figures, now: Figures) -> Iterator[Reference]:
    if cell.period != ALL_PERIODS:
        yield cell
        return
    drawn = {*_drawn(cell, then), *_drawn(cell, now)}
    for period in sorted(drawn):
        yield Reference(cell.series, period.code, cell.transform)


def _drawn(cell: Reference, figures: Figures) -> list[Period]:
    """Spans and undated values stand in a chart only where there is nothing else."""
    periods = figures.periods(cell)
    return [period for period in periods if period.is_regular] or periods


def _differ(before: ResolvedFigure, after: ResolvedFigure) -> bool:
    return _read(before) != _read(after)


def _read(figure: ResolvedFigure) -> tuple[object, ...]:
    text = figure.formatted.text if figure.formatted else figure.null_reason
    return figure.period_code, figure.value, text


def _change(reference: Reference, pair: Pair, then: Figures, now: Figures) -> FigureChange:
    before, after = pair
    texts = _text(before), _text(after)
    if texts[0] == texts[1] and before.period_code == after.period_code:
        # They differ only in digits that are rounded away.
        texts = _digits(before), _digits(after)
    return FigureChange(
        name=_name(reference, then),
        before=FigureState(_label(before, reference, then), texts[0], before.value is None),
        after=FigureState(_label(after, reference, now), texts[1], after.value is None),
        url=after.url or now.url(reference.series),
    )


def _text(figure: ResolvedFigure) -> str:
    return figure.formatted.text if figure.formatted else figure.null_text


def _digits(figure: ResolvedFigure) -> str:
    return figure.null_text if figure.value is None else format(figure.value, "f")


def _label(figure: ResolvedFigure, reference: Reference, figures: Figures) -> str:
    """The period in the words of the series, also where it has no value."""
    period = figures.panel.period(reference.series, reference.period)
    if figure.period_label or period is None or reference.series not in figures.panel.series:
        return figure.period_label
    value = figures.panel.values_of(reference.series).get(period)
    return figures.moment(figures.panel.series[reference.series], period, value)


def _name(reference: Reference, figures: Figures) -> str:
    name = figures.figure(reference).series_name
    if reference.transform == UNCHANGED:
        return name
    return f"{name} · {STEPS[f'units:{reference.transform}'].name[figures.language]}"
