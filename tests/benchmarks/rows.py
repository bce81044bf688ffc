"""What is reached, as rows of docs/performance.json: ratios of two sides of the same work."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Literal

Measures = Mapping[str, list["Measured"]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of a side: seconds of work, most memory of a process in bytes, items handled."""

    seconds: float
    memory: int
    items: int = 1
    written: int | None = None
    queries: int | None = None

    @property
    def per_item(self) -> float:
        return self.seconds / self.items


@dataclass(frozen=True, slots=True)
class Reach:
    """What a figure is to be: at least or at most so much, in a unit ("×" for a ratio)."""

    most_or_least: Literal["≤", "≥"]
    figure: float
    unit: str = "×"

    def holds(self, found: float) -> bool:
        return found <= self.figure if self.most_or_least == "≤" else found >= self.figure

    def __str__(self) -> str:
        return f"{self.most_or_least} {self.figure:g}{_spaced(self.unit)}"


@dataclass(frozen=True, slots=True)
class Row:
    """A figure made of the runs of one side, or of two of them set against each other.

    "faster": the peer's time for an item by ours. "time": our time by the peer's. "memory": the
    most of any of our runs, in MB. "written": the most rows (bytes of a chart) that any of our
    runs wrote. "queries": the most that any of our runs took for one answer.
    """

    work: str
    peer: str
    ours: str
    theirs: str
    reach: Reach | None
    figure: Literal["faster", "time", "memory", "written", "queries"] = "time"

    def found(self, measures: Measures) -> float:
        ours = measures[self.ours]
        if self.figure == "memory":
            return max(run.memory for run in ours) / 1e6
        if self.figure == "written":
            return float(max(run.written or 0 for run in ours))
        if self.figure == "queries":
            return float(max(run.queries or 0 for run in ours))
        theirs = measures[self.theirs]
        if self.figure == "faster":
            return median(run.per_item for run in theirs) / median(run.per_item for run in ours)
        return median(run.seconds for run in ours) / median(run.seconds for run in theirs)

    def result(self, measures: Measures) -> "Result":
        found = self.found(measures)
        usual = "MB" if self.figure == "memory" else "×"
        unit = usual if self.reach is None else self.reach.unit
        holds = None if self.reach is None else self.reach.holds(found)
        reach = "" if self.reach is None else str(self.reach)
        return Result(self.work, self.peer, round_to(found), unit, reach, holds)


@dataclass(frozen=True, slots=True)
class Result:
    """A row as it is kept: `holds` is null where nothing is promised."""

    work: str
    peer: str
    ratio: float
    unit: str
    reach: str
    holds: bool | None

    def __str__(self) -> str:
        verdict = {True: "holds", False: "FALLS SHORT", None: ""}[self.holds]
        figure = f"{self.ratio:g}{_spaced(self.unit)}"
        return f"{self.work} | {self.peer} | {figure} | {self.reach} | {verdict}"


def round_to(number: float, digits: int = 3) -> float:
    """So many significant digits: more would be noise."""
    return float(f"{number:.{digits}g}")


def _spaced(unit: str) -> str:
    return unit if unit == "×" else f" {unit}"
