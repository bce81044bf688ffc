"""One load: who asked for it, when, and what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.services.content.record import TEXTS
from metrics.models import Change

Report = Callable[[str], None]


def say_nothing(line: str) -> None:
    """The report of a load that nobody watches."""


@dataclass(frozen=True, slots=True)
class Job:
    """`actor` None is the system; `report` gets a line for every step."""

    actor: Any
    now: datetime
    report: Report


@dataclass(slots=True)
class Loaded:
    """What a load did: counts by kind; `change` is None where nothing was published.

    `left` are records that went from the files and stay in the database, as (kind, key).
    """

    new: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    withdrawn: int = 0
    series: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    change: Change | None = None

    @property
    def summary(self) -> str:
        """One line, such as “153 observations new, 12 texts published”."""
        if self.change is None:
            return "nothing to load: the database has all of the content"
        parts = [_count(n, kind, "new") for kind, n in self.new.items()]
        parts += [_count(n, kind, "changed") for kind, n in self.changed.items()]
        parts += [f"{self.withdrawn} observations withdrawn"] if self.withdrawn else []
        parts += [f"{self.series} series made"] if self.series else []
        return f"{', '.join(parts)}; published as change {self.change.seq}"


def _count(number: int, kind: str, what: str) -> str:
    return f"{number} {kind.partition('.')[0]} {'published' if kind == TEXTS else what}"
