"""Refusing rules that go in a circle, and two rules for one series."""

from collections import defaultdict

from metrics.models import Rule, RuleInput, Series
from metrics.services.rules.checks import RuleError
from metrics.stats.phrases import Phrase


def refuse_circles() -> None:
    """Depth-first over output ← input; the implied prior reads observations only and closes none.

    Raises RuleError with the series of the circle in order, and where two explicit rules make
    one output.
    """
    graph: dict[int, set[int]] = defaultdict(set)
    makers: dict[int, set[str]] = defaultdict(set)
    rows = RuleInput.objects.current().exclude(version__rule__kind=Rule.Kind.IMPLIED_PRIOR)
    # by the ids alone: the usual order would join and sort all series by key
    edges = rows.order_by("output_id", "input_id")
    for output, inp, key in edges.values_list("output_id", "input_id", "version__rule__key"):
        graph[output].add(inp)
        makers[output].add(key)
    for output, keys in makers.items():
        if len(keys) > 1:
            name, rules = Series.objects.get(pk=output).key, ", ".join(sorted(keys))
            raise RuleError(
                Phrase(
                    "series %(series)s is made by two rules: %(rules)s", series=name, rules=rules
                )
            )
    circle = _circle(graph)
    if circle:
        found = Series.objects.in_bulk(circle)
        walked = " ← ".join(found[pk].key for pk in circle)
        raise RuleError(Phrase("rules go in a circle: %(series)s", series=walked))


def _circle(graph: dict[int, set[int]]) -> list[int]:
    """A circle in the graph, its first node repeated at the end; empty where there is none."""
    done: set[int] = set()
    for start in list(graph):
        path: dict[int, None] = {}
        stack: list[tuple[int, bool]] = [(start, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                path.popitem()
                done.add(node)
            elif node in path:
                walked = list(path)
                return [*walked[walked.index(node) :], node]
            elif node not in done:
                path[node] = None
                stack.append((node, True))
                stack.extend((child, False) for child in sorted(graph.get(node, ())))
    return []
