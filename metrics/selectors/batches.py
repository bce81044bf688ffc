"""Rows in lots of a size."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Like itertools.batched of Python 3.12, in lists."""
    left = iter(rows)
    while lot := list(islice(left, size)):
        yield lot
