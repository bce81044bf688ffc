"""Does a stated rate or share agree with what independent levels imply?

The two are known within bounds only. They contradict each other when the intervals have no point
in common, and agree as far as anyone can tell when they have.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from metrics.stats.bounds import CONTEXT, Bounds, Figure

_ZERO = Decimal(0)


class Consistency(StrEnum):
    """``undecidable``: one of the two is missing, or bounded on no side (about)."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    UNDECIDABLE = "undecidable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found, all in the unit of the stated figure.

    ``lower`` and ``upper`` bound what the levels imply (None: unbounded). ``gap`` is the distance
    between the two intervals, zero where they touch or overlap: positive where the stated figure
    lies above what is implied, negative where below, None where undecidable. ``difference`` is
    stated less implied value, None where one is missing.
    """

    verdict: Consistency
    stated: Figure
    implied: Figure
    gap: Decimal | None
    difference: Decimal | None

    @property
    def lower(self) -> Decimal | None:
        return self.implied.lower

    @property
    def upper(self) -> Decimal | None:
        return self.implied.upper


def compare_stated(stated: Figure, implied: Figure) -> Verdict:
    """Compare a stated figure with the one that independent levels imply.

    Unit: that of both. Minimum data: both figures, each bounded on one side at least; otherwise
    undecidable. Touching intervals are consistent, as is a one-sided figure that the other can
    satisfy. Example: 98.6% of users are mobile (98.55 to 98.65), 8.17亿 of 8.29亿 implies 98.43 to
    98.67: consistent. Source: overlap of intervals (Moore, Interval Analysis, 1966).
    """
    if stated.value is None or implied.value is None:
        return Verdict(Consistency.UNDECIDABLE, stated, implied, None, None)
    difference = CONTEXT.subtract(stated.value, implied.value)
    if _is_open(stated) or _is_open(implied):
        return Verdict(Consistency.UNDECIDABLE, stated, implied, None, difference)
    gap = _gap((stated.lower, stated.upper), (implied.lower, implied.upper))
    verdict = Consistency.INCONSISTENT if gap else Consistency.CONSISTENT
    return Verdict(verdict, stated, implied, gap, difference)


def _is_open(figure: Figure) -> bool:
    return figure.lower is None and figure.upper is None


def _gap(stated: Bounds, implied: Bounds) -> Decimal:
    """The signed distance from the implied interval to the stated one."""
    if stated[0] is not None and implied[1] is not None and stated[0] > implied[1]:
        return CONTEXT.subtract(stated[0], implied[1])
    if stated[1] is not None and implied[0] is not None and stated[1] < implied[0]:
        return CONTEXT.subtract(stated[1], implied[0])
    return _ZERO
