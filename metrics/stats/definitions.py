"""Figures measured by different definitions are not compared, unless someone says why they may."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

from metrics.stats.bounds import Figure
from metrics.stats.periods import Period

BREAK = Figure.missing("break")


@dataclass(frozen=True, slots=True)
class Definitions:
    """Which version of its definition a series' value of each period was measured by.

    A period that is not listed was measured by the version None. ``is_waived``: an editor has
    stated a reason why the versions may be compared.
    """

    versions: Mapping[Period, Hashable] = field(default_factory=dict)
    is_waived: bool = False

    def differ(self, first: Period, second: Period) -> bool:
        """Whether a break lies between two periods."""
        if self.is_waived or not self.versions:
            return False
        return self.versions.get(first) != self.versions.get(second)


def unless_break(
    compute: Callable[[Figure, Figure], Figure],
    current: Figure,
    prior: Figure,
    *,
    versions: tuple[Hashable, Hashable],
    is_waived: bool = False,
) -> Figure:
    """Return compute(current, prior), or ``break`` where the two were measured differently.

    Unit: that of the computation. Minimum data: both figures; where one is missing that is told,
    not the break. ``versions``: those of the definition, in the order of the figures. Example:
    growth from 3,000 by version 1 to 3,300 by version 2 is null, break; waived it is 10%. Source:
    SDMX code list for the observation status, B: time series break.
    """
    if (
        versions[0] != versions[1]
        and not is_waived
        and not (current.is_missing or prior.is_missing)
    ):
        return BREAK
    return compute(current, prior)
