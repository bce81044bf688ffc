"""Rules over the members of a group: their sum, their ranks, and each against their mean.

Arithmetic as in rules: 34 significant digits, half to even (bounds.CONTEXT). Members count as
independent of each other.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation, localcontext
from functools import lru_cache
from operator import itemgetter
from typing import TypeVar

from metrics.stats.bounds import (
    BASE_ZERO,
    CONTEXT,
    INPUT_MISSING,
    Bounds,
    Figure,
    combined,
    extremes,
)

Key = TypeVar("Key", bound=Hashable)
_ZERO, _HUNDRED, _INFINITY = Decimal(0), Decimal(100), Decimal("Infinity")
_LEAST_PEERS = 2  # alone, a member is its own mean


def sum_of(figures: Iterable[Figure]) -> Figure:
    """Return the sum of the figures; one missing member makes the sum missing.

    Unit: that of the members. Minimum data: one figure. Gaps: input_missing. Example: 1 + 2 + 4 =
    7. A side is bounded when it is bounded in every member. Source: interval addition (Moore
    1966).
    """
    members = list(figures)
    # Lists of what is there: "None in numbers" would compare each Decimal with None, at a price.
    values = [member.value for member in members if member.value is not None]
    lowers = [member.lower for member in members if member.lower is not None]
    uppers = [member.upper for member in members if member.upper is not None]
    count = len(members)
    if not count or len(values) < count:
        return INPUT_MISSING
    with localcontext(CONTEXT):
        point = sum(values, _ZERO)
        lower = sum(lowers, _ZERO) if len(lowers) == count else None
        upper = sum(uppers, _ZERO) if len(uppers) == count else None
    if lower is not None and upper is not None:
        return Figure(point, lower, upper)
    return combined(point, (lower, upper), *members)


def rank_of(figures: Mapping[Key, Figure]) -> dict[Key, Figure]:
    """Return each figure's place by value, 1 the largest; ties share the better place.

    Unit: rank. Minimum data: one figure. Gaps: a missing figure is input_missing and takes no
    place. Bounds: the best and worst place that the figures' intervals allow. Example: 30, 20, 20,
    10 rank 1, 2, 2, 4. Source: standard competition ranking.
    """
    valued = [(f.value, f, key) for key, f in figures.items() if f.value is not None]
    valued.sort(key=itemgetter(0))
    ranked = dict.fromkeys(figures, INPUT_MISSING)
    cells = places_of(
        [value for value, _, _ in valued],
        [-_INFINITY if f.lower is None else f.lower for _, f, _ in valued],
        [_INFINITY if f.upper is None else f.upper for _, f, _ in valued],
    )
    for (_, _, key), cell in zip(valued, cells, strict=True):
        ranked[key] = Figure(*cell)
    return ranked


def places_of(
    values: Sequence[Decimal], lowers: Sequence[Decimal], uppers: Sequence[Decimal]
) -> list[tuple[Decimal, Decimal, Decimal]]:
    """Return place, best and worst place of each value; the values ascend, 1 is the largest."""
    # In the order of values the bounds are nearly sorted: sorting them costs next to nothing.
    count = len(values)
    number = _numbers(count + 1)
    worst = _at_most(uppers, lowers)
    best = _at_most(lowers, uppers)
    places = _places(values)
    return [
        (
            number[places[i]],
            number[1 + count - best[i]],
            number[1 + count - worst[i] - (uppers[i] > lowers[i])],
        )
        for i in range(count)
    ]


def _at_most(numbers: Sequence[Decimal], limits: Sequence[Decimal]) -> list[int]:
    """For each limit, count the numbers that are at most it: one walk along both, sorted."""
    ordered = sorted(numbers)
    counts, reached, end = [0] * len(limits), 0, len(ordered)
    for i in sorted(range(len(limits)), key=limits.__getitem__):
        limit = limits[i]
        while reached < end and ordered[reached] <= limit:
            reached += 1
        counts[i] = reached
    return counts


def _places(ascending: Sequence[Decimal]) -> list[int]:
    """The place of each value, equals sharing the better one."""
    places = list(range(len(ascending), 0, -1))
    for i in range(len(ascending) - 2, -1, -1):
        if ascending[i] == ascending[i + 1]:
            places[i] = places[i + 1]
    return places


@lru_cache(maxsize=4)
def _numbers(last: int) -> tuple[Decimal, ...]:
    return tuple(Decimal(number) for number in range(last + 1))


def peer_index(figures: Mapping[Key, Figure]) -> dict[Key, Figure]:
    """Return each member as an index of the peers' mean: 100 x value / arithmetic mean.

    Unit: index, the mean of the members that have a value being 100. Minimum data: two members
    with a value, the member itself included. Gaps: a missing member is input_missing and out of the
    mean; with fewer than two all are input_missing; a mean of zero is base_zero. Bounds: a member's
    own uncertainty moves the mean as well, so x / (x + rest) is bounded, not x / mean; none where
    the sum may be zero. Example: 50, 100 and 150 are 50, 100 and 150; 30 and 10 are 150 and 50.
    Source: definition of an index number, base the cross-section mean.
    """
    present = {key: f for key, f in figures.items() if f.value is not None}
    if len(present) < _LEAST_PEERS:
        return dict.fromkeys(figures, INPUT_MISSING)
    others = _Others(list(present.values()))
    scale = CONTEXT.multiply(_HUNDRED, len(present))
    return {
        key: _indexed(figure, others, scale) if key in present else INPUT_MISSING
        for key, figure in figures.items()
    }


class _Others:
    """Sums of all members but one, from the sums of all: a member costs the same in any group."""

    def __init__(self, members: Sequence[Figure]) -> None:
        self.is_vague = any(member.is_one_sided for member in members)
        with localcontext(CONTEXT):
            self.total = sum((m.value for m in members if m.value is not None), _ZERO)
            lowers = [m.lower for m in members if m.lower is not None]
            uppers = [m.upper for m in members if m.upper is not None]
            self.lower, self.upper = sum(lowers, _ZERO), sum(uppers, _ZERO)
        self.open_lowers = len(members) - len(lowers)
        self.open_uppers = len(members) - len(uppers)

    def than(self, member: Figure) -> Figure:
        """The sum of the other members, as a figure without regard to its value."""
        is_open_below = self.open_lowers > (member.lower is None)
        is_open_above = self.open_uppers > (member.upper is None)
        subtract = CONTEXT.subtract
        return Figure(
            self.total,
            None if is_open_below else subtract(self.lower, member.lower or _ZERO),
            None if is_open_above else subtract(self.upper, member.upper or _ZERO),
        )


def _indexed(member: Figure, others: _Others, scale: Decimal) -> Figure:
    if not others.total or member.value is None:
        return BASE_ZERO
    value = CONTEXT.multiply(CONTEXT.divide(member.value, others.total), scale)
    rest = others.than(member)
    bounds: Bounds = (None, None)
    if _is_positive(member, rest) or _is_positive(rest, member):
        low, high = extremes(_part, member, rest)
        bounds = (
            None if low is None else CONTEXT.multiply(low, scale),
            None if high is None else CONTEXT.multiply(high, scale),
        )
    # The mean of one-sided values is no estimate, whichever member they belong to.
    vague = Figure(_ZERO, _ZERO) if others.is_vague else Figure(_ZERO)
    return combined(value, bounds, member, rest, vague)


def _is_positive(first: Figure, second: Figure) -> bool:
    """Whether the first is above zero and the second not below it."""
    if first.lower is None or second.lower is None:
        return False
    return first.lower > _ZERO and second.lower >= _ZERO


def _part(member: Decimal, rest: Decimal) -> Decimal:
    """member / (member + rest), with its limits where one of them grows without end."""
    if member.is_infinite():
        if rest.is_infinite():
            raise InvalidOperation
        return Decimal(1)
    return CONTEXT.divide(member, CONTEXT.add(member, rest))
