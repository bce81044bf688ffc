"""Where a transformed or aggregated value comes from: the periods it takes, and their lineage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from metrics.models import Series, Unit
from metrics.selectors.breaks import breaks_of
from metrics.selectors.lineage_node import MOST_INPUTS, MOST_NODES, LineageNode
from metrics.selectors.lineage_tree import lineage_trees
from metrics.selectors.observation_page import AskedSeries
from metrics.selectors.observation_rows import computed_figures, known_units
from metrics.selectors.question import Question
from metrics.selectors.restricted import NOTHING, Restricted
from metrics.selectors.values import Value, series_values
from metrics.stats.bounds import Figure
from metrics.stats.breaks import NO_BREAKS, Breaks
from metrics.stats.periods import Frequency, Period
from metrics.stats.taken import taken_by_aggregation, taken_by_transform
from metrics.stats.transforms import output_qualifier

Figures = Mapping[Period, Figure]


def lineage_of(
    series: Series, period: Period, question: Question, restricted: Restricted = NOTHING
) -> LineageNode | None:
    """The tree of a value as asked: aggregated, then transformed, then as `lineage_trees` has it.

    None where the series has no such value. Of many inputs MOST_INPUTS are listed, of a value that
    is missing those that are missing too; MOST_NODES values in all. Seven more queries than
    `lineage_trees`. A step takes nothing that is `restricted`; what it took shows all the same (see
    restricted_lineage). Raises AggregationError and TransformError where a nature refuses.
    """
    if not question.is_computed:
        return lineage_trees(series, [period], question.seq).get(period)
    steps = _steps(series, question, restricted)
    if period not in steps[0].figures:
        return None
    leaves = _leaves(steps, [period])
    share = max(1, MOST_NODES // max(1, len(leaves)))
    trees = lineage_trees(series, leaves, question.seq, most=share)
    return _grown(steps, "", period, series, trees)


@dataclass(frozen=True, slots=True)
class Step:
    """One computation over a whole series: its results, and what each of them takes."""

    code: str
    question: Question
    figures: Figures
    inputs: Figures
    unit: Unit | None
    frequency: Frequency

    def taken(self, period: Period) -> list[tuple[str, Period]]:
        """(role, period) of what the result of a period takes, in order."""
        asked, known = self.question, self.inputs
        if asked.frequency is not None:
            return taken_by_aggregation(asked.aggregation, period, known, frequency=self.frequency)
        return taken_by_transform(
            asked.units,
            period,
            known,
            frequency=self.frequency,
            index_base=asked.index_base,
            window=asked.window,
            span_start=asked.span_start,
        )

    def listed(self, period: Period) -> list[tuple[str, Period]]:
        """Of those, what a tree lists: where there is no result first what is missing."""
        taken = self.taken(period)
        if len(taken) > MOST_INPUTS and self.figures[period].is_missing:
            taken = sorted(taken, key=lambda one: not self._lacks(one[1]))
        return taken[:MOST_INPUTS]

    def _lacks(self, period: Period) -> bool:
        return period not in self.inputs or self.inputs[period].is_missing


def _steps(series: Series, question: Question, restricted: Restricted) -> list[Step]:
    """The computations from the last to the first; the inputs of the last are plain values."""
    values = restricted.values(series_values([series.pk], question.seq))[series.pk]
    breaks = breaks_of([series.pk], question.seq).get(series.pk, NO_BREAKS)
    plain = {period: value.figure for period, value in values.items()}
    whole = replace(question, frequency=None)
    frequency = Frequency(series.frequency)
    steps: list[Step] = []
    if question.frequency is not None:
        only = Question(frequency=question.frequency, aggregation=question.aggregation)
        code = f"aggregation:{question.aggregation}"
        figures, unit = _figures(series, values, only, breaks)
        steps.append(Step(code, only, figures, plain, unit, frequency))
        plain, frequency = dict(figures), Frequency(question.frequency)
    if question.units != "lin":
        figures, unit = _figures(series, values, question, breaks)
        steps.insert(0, Step(f"units:{question.units}", whole, figures, plain, unit, frequency))
    return steps


def asked_of(series: Series) -> AskedSeries:
    """A series that is loaded already, as a question asks of it."""
    indicator = series.indicator
    unit = indicator.unit
    return AskedSeries(
        series.pk, series.key, series.frequency, indicator.nature, unit.key, unit.kind
    )


def _figures(
    series: Series, values: Mapping[Period, Value], question: Question, breaks: Breaks
) -> tuple[dict[Period, Figure], Unit | None]:
    """The figures and their unit; None for the logarithms, which have none."""
    figures, key = computed_figures(asked_of(series), values, question, known_units(), breaks)
    if key == series.indicator.unit.key:
        return figures, series.indicator.unit
    return figures, Unit.objects.filter(key=key).first()


def _leaves(steps: Sequence[Step], periods: Sequence[Period]) -> list[Period]:
    """The plain periods below the listed ones, each once."""
    for step in steps:
        known = [one for one in periods if one in step.figures]
        periods = list(dict.fromkeys(at for one in known for _, at in step.listed(one)))
    return list(periods)


def _grown(
    steps: Sequence[Step],
    role: str,
    period: Period,
    series: Series,
    trees: Mapping[Period, LineageNode],
) -> LineageNode:
    if not steps:
        leaf = trees.get(period)
        return replace(leaf, role=role) if leaf else _node(role, series, period, None, None, ())
    step = steps[0]
    if period not in step.figures:
        return _node(role, series, period, step, None, ())
    listed = step.listed(period)
    inputs = tuple(_grown(steps[1:], name, at, series, trees) for name, at in listed)
    figure = step.figures[period]
    return _node(role, series, period, step, figure, inputs)


def _node(
    role: str,
    series: Series,
    period: Period,
    step: Step | None,
    figure: Figure | None,
    inputs: tuple[LineageNode, ...],
) -> LineageNode:
    shown = figure or Figure.missing("input_missing")
    qualifier = output_qualifier(step.question.units, shown) if step else shown.qualifier
    is_there = step is not None and figure is not None
    taken = step.taken(period) if step and figure else []
    return LineageNode(
        role=role,
        series=series,
        value=Value(period, shown, qualifier, "derived", status="E" if is_there else "M"),
        source=None,
        rule=None,
        inputs=inputs,
        further=len(taken) - len(inputs),
        step=step.code if step and figure else "",
        own_unit=step.unit if step else series.indicator.unit,
        days=_days(taken) if len(taken) > len(inputs) else None,
    )


def _days(taken: Sequence[tuple[str, Period]]) -> tuple[date, date] | None:
    """The first and the last day of those that have the role of the last."""
    periods = [one for role, one in taken if role == taken[-1][0]]
    starts, ends = [p.start for p in periods if p.start], [p.end for p in periods if p.end]
    return (min(starts), max(ends)) if starts and ends else None
