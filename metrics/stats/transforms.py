"""Transforms of one series, computed on read: FRED's units codes and three of our own.

"Previous" is the previous period, never the previous row. Every period of the input is in the
output; what cannot be computed is missing with its reason: ``insufficient_history`` where the
period compared with is not there, ``input_missing`` where it is there without a value, ``break``
where the two were measured by different definitions, ``base_zero``, ``sign_change``,
``not_determinable`` (a logarithm of what is not positive). Bounds come with lin, chg, ch1, pch and
pc1; the others give none. Arithmetic as in bounds.CONTEXT.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from metrics.stats.bounds import Figure
from metrics.stats.breaks import NO_BREAKS, Breaks
from metrics.stats.calendars import calendar_of
from metrics.stats.natures import NATURES, Nature
from metrics.stats.periods import Frequency, Period
from metrics.stats.transform_cells import CELLS
from metrics.stats.transform_job import Job, TransformError, Values
from metrics.stats.wording import Qualifier

__all__ = [
    "OUTPUT_UNIT_KINDS",
    "WITH_BOUNDS",
    "Transform",
    "TransformError",
    "apply",
    "output_qualifier",
    "output_unit_kind",
]


class Transform(StrEnum):
    """Codes as in the ``units`` parameter of FRED, then idx, rm and cagr."""

    LIN = "lin"
    CHG = "chg"
    CH1 = "ch1"
    PCH = "pch"
    PC1 = "pc1"
    PCA = "pca"
    CCH = "cch"
    CCA = "cca"
    LOG = "log"
    IDX = "idx"
    RM = "rm"
    CAGR = "cagr"


# Unit kind of the output; None keeps the input's (changes of a percentage become points).
OUTPUT_UNIT_KINDS: Mapping[Transform, str | None] = {
    Transform.LIN: None,
    Transform.CHG: None,
    Transform.CH1: None,
    Transform.PCH: "growth",
    Transform.PC1: "growth",
    Transform.PCA: "growth",
    Transform.CCH: "growth",
    Transform.CCA: "growth",
    Transform.LOG: "index",
    Transform.IDX: "index",
    Transform.RM: None,
    Transform.CAGR: "growth",
}
WITH_BOUNDS = frozenset({Transform.LIN, Transform.CHG, Transform.CH1, Transform.PCH, Transform.PC1})
_CHANGES = (Transform.CHG, Transform.CH1)


def output_unit_kind(code: Transform | str, unit_kind: str) -> str:
    """Return the unit kind of a transform's output; a change of percent or growth is in points."""
    if code in _CHANGES and unit_kind in ("percent", "growth"):
        return "points"
    return OUTPUT_UNIT_KINDS[Transform(code)] or unit_kind


def output_qualifier(code: Transform | str, figure: Figure) -> Qualifier:
    """Return how to hedge a transform's output: without bounds of its own it is not "about"."""
    return figure.qualifier if code in WITH_BOUNDS else Qualifier.EXACT


def apply(
    code: Transform | str,
    values: Values,
    *,
    frequency: Frequency,
    nature: Nature | str,
    index_base: Period | None = None,
    window: int | None = None,
    span_start: Period | None = None,
    breaks: Breaks = NO_BREAKS,
) -> dict[Period, Figure]:
    """Transform a series; the result has the periods of the input.

    ``index_base`` is the period that idx sets to 100, or a longer one (a year of a monthly series,
    a span such as 1982/1984) whose average it does; ``window`` the number of periods of rm,
    ``span_start`` the first period of cagr (default: the first with a value); ``breaks`` says
    from which days on another definition measured it. Raises
    TransformError for an unknown code, one that the nature refuses (naming those allowed), and a
    missing or wrong argument.
    """
    transform = _allowed(code, Nature(nature))
    job = Job(
        values,
        frequency,
        Nature(nature),
        index_base,
        window,
        span_start,
        breaks,
        calendar_of(values),
    )
    compute = CELLS[transform](job)
    return {period: compute(period, figure) for period, figure in values.items()}


def _allowed(code: Transform | str, nature: Nature) -> Transform:
    allowed = NATURES[nature].transforms
    if code not in allowed:
        known = code in set(Transform)
        what = f"does not suit a series of nature {nature}" if known else "is unknown"
        raise TransformError(f"transform {str(code)!r} {what}: expected {', '.join(allowed)}")
    return Transform(code)
