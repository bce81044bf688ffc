"""Where a value comes from, without the figures that sources do not let us offer."""

from dataclasses import replace

from metrics.models import Series
from metrics.selectors.lineage_node import LineageNode
from metrics.selectors.lineage_steps import lineage_of
from metrics.selectors.question import Question
from metrics.selectors.restricted import Restricted, restricted_of
from metrics.stats.periods import Period


def offered_lineage(series: Series, period: Period, question: Question) -> LineageNode | None:
    """As `lineage_of`, in two queries more; four where a source restricts anything."""
    own = restricted_of([series.pk], question.seq)
    tree = lineage_of(series, period, question, own)
    if tree is None or not own.source_ids:
        return tree
    return _hidden(tree, restricted_of({node.series.pk for node in tree}, question.seq))


def _hidden(node: LineageNode, restricted: Restricted) -> LineageNode:
    """A step took nothing restricted to begin with; what is missing anyway stays so."""
    pk = node.series.pk
    is_shown = bool(node.step) or node.value.kind == "missing"
    inputs = [_hidden(one, restricted) for one in node.inputs]
    if not node.step and any(one.value.figure.null_reason == "restricted" for one in inputs):
        # They came by size, which tells something of them.
        inputs.sort(key=lambda one: (one.role, one.series.key, one.value.period))
    return replace(
        node,
        value=node.value if is_shown else restricted.value(pk, node.value),
        rivals=tuple(replace(one, value=restricted.value(pk, one.value)) for one in node.rivals),
        inputs=tuple(inputs),
    )
