"""What changed between two texts: paragraphs that match, and the words that differ in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, Literal

Kind = Literal["same", "removed", "added"]

# Beyond these sizes a part is told as removed and added whole: no page waits for a comparison.
MOST_PARAGRAPHS: Final = 100_000  # pairs of paragraphs to be found equal
MOST_LIKENED: Final = 2_500  # pairs of paragraphs that differ, to be found like each other
MOST_WORDS: Final = 1_000_000  # pairs of words of two paragraphs
# How many of their words two paragraphs share that are told as one that changed.
LIKENESS: Final = 0.4
# A number with its separators, a word of letters, a run of spaces, or one sign: every Chinese
# character is one, as nothing marks where its words end.
_WORDS: Final = re.compile(
    r"\d+(?:[.,]\d+)*%?|[^\W\d_\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+(?:['’][^\W\d_]+)*|\s+|.",
    re.DOTALL,
)


# Words removed and words added; equal where they stayed.
Run = tuple[Sequence[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, was removed or was added."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A paragraph before and what became of it; None on the side where there is none."""

    before: str | None
    after: str | None

    @property
    def is_same(self) -> bool:
        return self.before == self.after


def paragraph_pairs(before: Sequence[str], after: Sequence[str]) -> tuple[Pair, ...]:
    """Two texts side by side: every paragraph of both, once and in order.

    Equal paragraphs stand together; between them those that share at least LIKENESS of their
    words, in an order that keeps as much as possible; the others alone. What moved is told as
    removed and added.
    """
    first, last = _common_ends(before, after)
    middle = _aligned(before[first : len(before) - last], after[first : len(after) - last])
    head = (Pair(one, one) for one in before[:first])
    tail = (Pair(one, one) for one in before[len(before) - last :])
    return (*head, *middle, *tail)


def word_pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The words of two paragraphs; a removed run comes before the one that took its place.

    Words are those of Latin letters, numbers with their separators, and single Chinese
    characters. A lone sign or space between two changes is told with them. The kept and removed
    pieces together are `before`, the kept and added ones `after`.
    """
    old, new = _words(before), _words(after)
    first, last = _common_ends(old, new)
    head, tail = old[:first], old[len(old) - last :]
    inner = list(_runs(old[first : len(old) - last], new[first : len(new) - last]))
    runs = [(head, head), *inner, (tail, tail)]
    return tuple(_pieces(_joined(runs)))


def pieces_of(pair: Pair) -> tuple[Piece, ...]:
    """The words of a pair, one that stands alone as a whole."""
    return word_pieces(pair.before or "", pair.after or "")


def words_changed(pieces: Iterable[Piece]) -> tuple[int, int]:
    """How many words were added and how many removed; signs and spaces are none."""
    counts = Counter[str]()
    for piece in pieces:
        counts[piece.kind] += sum(word[0].isalnum() for word in _words(piece.text))
    return counts["added"], counts["removed"]


def _common_ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many items two lists share at the start, and then at the end."""
    most = min(len(before), len(after))
    first = next((n for n in range(most) if before[n] != after[n]), most)
    rest = most - first
    last = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    return first, last


def _aligned(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    if len(before) * len(after) > MOST_PARAGRAPHS:
        yield from _alone(before, after)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for name, i1, i2, j1, j2 in matcher.get_opcodes():
        if name == "equal":
            yield from (Pair(one, one) for one in before[i1:i2])
        else:
            yield from _likened(before[i1:i2], after[j1:j2])


def _alone(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    yield from (Pair(one, None) for one in before)
    yield from (Pair(None, one) for one in after)


def _likened(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    """Paragraphs that differ, paired so that the sum of their likenesses is greatest."""
    if len(before) * len(after) > MOST_LIKENED:
        yield from _alone(before, after)
        return
    counts = [Counter(_words(one)) for one in before], [Counter(_words(one)) for one in after]
    table = [[_likeness(one, other) for other in counts[1]] for one in counts[0]]
    best = _best_sums(table)
    i = j = 0
    while i < len(before) and j < len(after):
        is_pair = table[i][j] > 0 and best[i][j] == table[i][j] + best[i + 1][j + 1]
        if is_pair:
            yield Pair(before[i], after[j])
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield Pair(before[i], None)
            i += 1
        else:
            yield Pair(None, after[j])
            j += 1
    yield from _alone(before[i:], after[j:])


def _best_sums(table: Sequence[Sequence[float]]) -> list[list[float]]:
    """For each place in the table the greatest sum of an ordered pairing of what follows."""
    columns = len(table[0]) if table else 0
    best = [[0.0] * (columns + 1) for _ in range(len(table) + 1)]
    for i in reversed(range(len(table))):
        for j in reversed(range(columns)):
            paired = table[i][j] + best[i + 1][j + 1]
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    return best


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Dice's coefficient of the words of two paragraphs; 0 below LIKENESS."""
    shared = 2 * (one & other).total() / max(1, one.total() + other.total())
    return shared if shared >= LIKENESS else 0.0


@lru_cache(maxsize=1024)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORDS.findall(text))


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    if len(old) * len(new) > MOST_WORDS:
        yield old, new
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for _name, i1, i2, j1, j2 in matcher.get_opcodes():
        yield old[i1:i2], new[j1:j2]


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Runs with those joined that only a lone sign or space keeps apart."""
    shown = [run for run in runs if run[0] or run[1]]
    joined: list[Run] = []
    for at, (old, new) in enumerate(shown):
        is_bridge = old == new and at < len(shown) - 1 and _is_slight(old)
        if joined and joined[-1][0] != joined[-1][1] and (old != new or is_bridge):
            joined[-1] = (*joined[-1][0], *old), (*joined[-1][1], *new)
        else:
            joined.append((old, new))
    return joined


def _is_slight(words: Sequence[str]) -> bool:
    """Whether what stayed is too little to read by itself: one sign, or spaces."""
    text = "".join(words).strip()
    return len(text) <= 1


def _pieces(runs: Sequence[Run]) -> Iterator[Piece]:
    for old, new in runs:
        before, after = "".join(old), "".join(new)
        if before == after:
            yield Piece("same", before)
            continue
        if before:
            yield Piece("removed", before)
        if after:
            yield Piece("added", after)
