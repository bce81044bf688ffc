"""Of a long series, the points that keep its shape: every peak, every gap, every break."""

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal

MOST_DRAWN = 800
_KEPT_PER_STRETCH = 3


def shape_of(
    values: Sequence[Decimal | None], kept: Collection[int] = (), *, most: int = MOST_DRAWN
) -> list[int]:
    """The places of the values to draw, in order; all of them where they are not over `most`.

    The values are cut into stretches of equal length, and of each its first, its lowest, its
    highest and its first missing value stay, so that nothing drawn was not stated and no extreme
    or gap is lost. The last value and the places `kept` stay too: about `most` in all.
    """
    if len(values) <= most:
        return list(range(len(values)))
    size = -(-len(values) * _KEPT_PER_STRETCH // most)
    found = {len(values) - 1, *kept}
    for start in range(0, len(values), size):
        found |= _stretch(values, range(start, min(start + size, len(values))))
    return sorted(found)


def _stretch(values: Sequence[Decimal | None], places: range) -> set[int]:
    present = [place for place in places if values[place] is not None]
    missing = [place for place in places if values[place] is None]
    if not present:
        return {places[0]}
    value: Callable[[int], Decimal] = lambda place: values[place] or Decimal(0)  # noqa: E731
    return {places[0], min(present, key=value), max(present, key=value), *missing[:1]}
