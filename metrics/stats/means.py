"""The arithmetic mean of figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from metrics.stats.bounds import Figure
from metrics.stats.members import sum_of
from metrics.stats.rules import ratio


def mean_of(figures: Sequence[Figure]) -> Figure:
    """Return the arithmetic mean; one missing figure makes it missing.

    Unit: that of the figures. Minimum data: one. Gaps and bounds: those of their sum. Example: the
    mean of 2, 4 and 9 is 5. Source: definition.
    """
    total = sum_of(figures)
    return total if total.is_missing else ratio(total, Figure.stated(Decimal(len(figures))))
