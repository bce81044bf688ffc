"""Which of several media types a client likes best (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from django.http.request import MediaType

# Of a header that is longer nobody wrote the rest by hand.
MOST_TYPES: Final = 64
LONGEST: Final = 8_000


@lru_cache(maxsize=1024)
def preferred(accept: str, offered: tuple[str, ...]) -> str | None:
    """Of the media types that are offered the one with the highest quality; of equals the one that
    is named more precisely, then the first. None where none is acceptable.

    >>> preferred("application/json, text/csv;q=0.1", ("text/csv", "application/json"))
    'application/json'
    """
    asked = [MediaType(token) for token in accept[:LONGEST].split(",")[:MOST_TYPES]]
    best: tuple[float, int] = (0, -1)
    chosen = None
    for name in offered:
        liked = _liking(MediaType(name), asked)
        if liked[0] > 0 and liked > best:
            best, chosen = liked, name
    return chosen


def _liking(offered: MediaType, asked: Sequence[MediaType]) -> tuple[float, int]:
    """Quality and precision of the most precise range that the type is in."""
    ranges = [one for one in asked if _is_in(offered, one)]
    if not ranges:
        return 0, -1
    closest = max(ranges, key=lambda one: (one.specificity, one.quality))
    return closest.quality, closest.specificity


def _is_in(offered: MediaType, asked: MediaType) -> bool:
    """A parameter counts where both name it: nobody is refused for `charset`, nor for leaving
    out a version; another version is another type.
    """
    main, sub = asked.main_type.lower().strip(), asked.sub_type.lower().strip()
    if main not in ("*", offered.main_type) or sub not in ("*", offered.sub_type):
        return False
    ours = offered.range_params
    return all(ours.get(name, value) == value for name, value in asked.range_params.items())
