"""Near words: what somebody may have meant by a Latin word that nothing has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

SHORTEST: Final = 4  # letters: of shorter words too much is near


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is fewest slips away: one of up to five letters, else two.

    A slip is a letter too many, too few, another, or two that changed places (Damerau, in the
    restricted form). Of equally near ones the first in the alphabet.
    """
    if len(word) < SHORTEST:
        return None
    most = 1 if len(word) < 6 else 2
    found = [
        (slips, other)
        for other in known
        if abs(len(other) - len(word)) <= most
        and len(set(word) ^ set(other)) <= 2 * most
        and (slips := distance(word, other, most)) <= most
    ]
    return min(found)[1] if found else None


def distance(one: str, other: str, most: int) -> int:
    """Slips between two words; more than `most` is told as `most` + 1."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, before, row = before, row, [at]
        for place, beside in enumerate(other, 1):
            slips = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != beside))
            is_swapped = at > 1 and place > 1 and one[at - 2] == beside
            if is_swapped and letter == other[place - 2]:
                slips = min(slips, last[place - 2] + 1)
            row.append(slips)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
