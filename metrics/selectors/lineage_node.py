"""A value with what it is made of, down to what sources state."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from metrics.models import RuleVersion, Series, Source, Unit
from metrics.selectors.values import Value

# How far down, how many inputs of one rule, and how many values in all a tree shows.
MOST_LEVELS = 8
MOST_INPUTS = 12
MOST_NODES = 200


@dataclass(frozen=True, slots=True)
class Rival:
    """What another source states of the same period, without being preferred."""

    value: Value
    source: Source


@dataclass(frozen=True, slots=True)
class LineageNode:
    """A value with what it is made of; `role` is its part in the rule above.

    A stated value has a source, a derived one a rule and inputs, `further` of which are not
    listed. A value that is not there has the reason `input_missing` and neither. `rivals` is what
    other sources state of the same period. A transform or an aggregation has a `step` in place of
    a rule, and a unit of its own; where it leaves inputs out, `days` are the first and the last day
    of all that it takes in that role, so that they can be asked for.
    """

    role: str
    series: Series
    value: Value
    source: Source | None
    rule: RuleVersion | None
    inputs: tuple["LineageNode", ...]
    further: int
    rivals: tuple[Rival, ...] = ()
    step: str = ""
    own_unit: Unit | None = None
    days: tuple[date, date] | None = None

    @property
    def unit(self) -> Unit | None:
        """None for logarithms, which have none."""
        return self.own_unit if self.step else self.series.indicator.unit

    @property
    def parameters(self) -> dict[str, Any]:
        """The definition of the rule, but for its list of outputs."""
        definition = self.rule.definition if self.rule else {}
        return {name: value for name, value in definition.items() if name != "outputs"}

    def __iter__(self) -> Iterator["LineageNode"]:
        """The node and all below it."""
        yield self
        for node in self.inputs:
            yield from node
