"""Shares, sums and ranks of a whole column: the members of a group in one period, side by side.

The definitions are in rules and members; these give the same results, to the last digit, several
times as fast, for columns in which every member has a value with both bounds above zero. Whoever
has another column uses the definitions.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import TypeAlias

from metrics.stats.bounds import CONTEXT, Figure
from metrics.stats.members import places_of

Numbers: TypeAlias = Sequence[Decimal]
# (value, lower, upper) of each member, in the order of the column
Cells: TypeAlias = list[tuple[Decimal, Decimal, Decimal]]

_ZERO, _HUNDRED = Decimal(0), Decimal(100)


def is_plain(lowers: Sequence[Decimal | None], uppers: Sequence[Decimal | None]) -> bool:
    """Whether every member is bounded on both sides, and above zero."""
    try:
        return not lowers or (min(lowers) > _ZERO and min(uppers) > _ZERO)  # type: ignore[type-var, operator]
    except TypeError:  # a missing bound compares with nothing; looking for one is six times slower
        return False


def column_sum(values: Numbers, lowers: Numbers, uppers: Numbers) -> Figure:
    """Return what members.sum_of gives for a plain column of one member or more."""
    with localcontext(CONTEXT):
        return Figure(sum(values, _ZERO), sum(lowers, _ZERO), sum(uppers, _ZERO))


def column_shares(values: Numbers, lowers: Numbers, uppers: Numbers, total: Figure) -> Cells:
    """Return what rules.share_of_total gives for each member of a plain column.

    ``total`` has both bounds, above zero.
    """
    whole, least, most = total.value, total.lower, total.upper
    if whole is None or least is None or most is None or least <= _ZERO:
        raise ValueError("expected a total with both bounds above zero")
    with localcontext(CONTEXT):
        return [
            (value / whole * _HUNDRED, lower / most * _HUNDRED, upper / least * _HUNDRED)
            for value, lower, upper in zip(values, lowers, uppers, strict=True)
        ]


def column_ranks(values: Numbers, lowers: Numbers, uppers: Numbers) -> Cells:
    """Return what members.rank_of gives for each member of a plain column."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranked = places_of(
        [values[i] for i in order], [lowers[i] for i in order], [uppers[i] for i in order]
    )
    cells: Cells = [(_ZERO, _ZERO, _ZERO)] * len(values)
    for i, cell in zip(order, ranked, strict=True):
        cells[i] = cell
    return cells
