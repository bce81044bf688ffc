"""Does a stated rate or share agree with what independent levels imply?

The two are known within bounds only. They contradict each other when the intervals have no point
in common, and agree as far as anyone can tell when they have.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from metrics.stats.bounds import CONTEXT, Bounds, Figure
from metrics.stats.reasons import Reason

_ZERO = Decimal(0)


class Consistency(StrEnum):
    """``undecidable``: one of the two is missing, or bounded on no side (about); see Why."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    UNDECIDABLE = "undecidable"


class Why(StrEnum):
    """Why a check is undecidable."""

    NOT_STATED = "not_stated"
    # Nothing is told of the levels behind the figure, or only for other periods.
    NO_LEVELS = "no_levels"
    NO_PRIOR_PERIOD = "no_prior_period"
    LEVEL_MISSING = "level_missing"
    PRIOR_MISSING = "prior_missing"
    # The levels are there and imply nothing: the reasons of arithmetic.
    INSUFFICIENT_HISTORY = Reason.INSUFFICIENT_HISTORY
    BREAK = Reason.BREAK
    BASE_ZERO = Reason.BASE_ZERO
    SIGN_CHANGE = Reason.SIGN_CHANGE
    NOT_DETERMINABLE = Reason.NOT_DETERMINABLE
    # Both are there, and one of them is bounded on no side.
    STATED_UNBOUNDED = "stated_unbounded"
    LEVELS_UNBOUNDED = "levels_unbounded"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found, all in the unit of the stated figure.

    ``lower`` and ``upper`` bound what the levels imply (None: unbounded). ``gap`` is the distance
    between the two intervals, zero where they touch or overlap: positive where the stated figure
    lies above what is implied, negative where below, None where undecidable. ``difference`` is
    stated less implied value, None where one is missing. ``why`` says what keeps it undecidable,
    None where it is decided.
    """

    verdict: Consistency
    stated: Figure
    implied: Figure
    gap: Decimal | None
    difference: Decimal | None
    why: Why | None = None

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
        return undecided(stated, implied, _why_missing(stated, implied))
    difference = CONTEXT.subtract(stated.value, implied.value)
    if _is_open(stated) or _is_open(implied):
        why = Why.STATED_UNBOUNDED if _is_open(stated) else Why.LEVELS_UNBOUNDED
        return Verdict(Consistency.UNDECIDABLE, stated, implied, None, difference, why)
    gap = _gap((stated.lower, stated.upper), (implied.lower, implied.upper))
    verdict = Consistency.INCONSISTENT if gap else Consistency.CONSISTENT
    return Verdict(verdict, stated, implied, gap, difference)


def undecided(stated: Figure, implied: Figure, why: Why) -> Verdict:
    """Return the verdict on a figure with nothing to compare it with."""
    return Verdict(Consistency.UNDECIDABLE, stated, implied, None, None, why)


def _why_missing(stated: Figure, implied: Figure) -> Why:
    """What is missing, in words of the check: a reason that only tells of a level is a level's."""
    if stated.value is None:
        return Why.NOT_STATED
    known = implied.null_reason in set(Why)
    return Why(implied.null_reason) if known else Why.LEVEL_MISSING


def _is_open(figure: Figure) -> bool:
    return figure.lower is None and figure.upper is None


def _gap(stated: Bounds, implied: Bounds) -> Decimal:
    """The signed distance from the implied interval to the stated one."""
    if stated[0] is not None and implied[1] is not None and stated[0] > implied[1]:
        return CONTEXT.subtract(stated[0], implied[1])
    if stated[1] is not None and implied[0] is not None and stated[1] < implied[0]:
        return CONTEXT.subtract(stated[1], implied[0])
    return _ZERO
