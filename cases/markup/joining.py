"""What differs between two texts, paragraph by paragraph and word by word; and joining two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from cases.markup.paragraphs import paragraphs

# A figure and a Latin word are one piece; Chinese is compared character by character.
_WORD: Final = re.compile(r"\{\{[^{}\n]*\}\}|[A-Za-z0-9_'’]+|\s+|.", re.DOTALL)
# Paragraphs less alike than this are one that is gone and one that is new.
LIKENESS: Final = 0.4
MOST_PIECES: Final = 4_000


class Kind(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph: the same, gone, new, or changed in some of its pieces."""

    kind: Kind
    pieces: tuple[Piece, ...]


def differences(before: str, after: str) -> tuple[Change, ...]:
    """Every paragraph of two bodies in the order of the second, what is gone where it stood."""
    old, new = _sources(before), _sources(after)
    return tuple(_changes(old, new))


def line_difference(before: str, after: str) -> Change:
    """Two titles or standfirsts, as one paragraph."""
    return _changed(before, after)


def _sources(body: str) -> list[str]:
    return [paragraph.source for paragraph in paragraphs(body)]


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield from (_whole(Kind.SAME, source) for source in new[j1:j2])
        else:
            yield from _replaced(old[i1:i2], new[j1:j2])


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Paragraphs rewritten between two that stayed: each beside the one it came from."""
    rest = list(old)
    for source in new:
        at = next((i for i, one in enumerate(rest) if _is_alike(one, source)), None)
        if at is None:
            yield _whole(Kind.NEW, source)
            continue
        yield from (_whole(Kind.GONE, one) for one in rest[:at])
        yield _changed(rest[at], source)
        del rest[: at + 1]
    yield from (_whole(Kind.GONE, one) for one in rest)


def _is_alike(one: str, other: str) -> bool:
    first, second = _pieces(one), _pieces(other)
    if max(len(first), len(second)) > MOST_PIECES:
        return False
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(bound() >= LIKENESS for bound in bounds)


def _whole(kind: Kind, source: str) -> Change:
    return Change(kind, (Piece(kind, source),))


def _changed(before: str, after: str) -> Change:
    old, new = _pieces(before), _pieces(after)
    if old == new:
        return _whole(Kind.SAME, after)
    found: list[Piece] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece(Kind.SAME, "".join(new[j1:j2])))
            continue
        found.append(Piece(Kind.GONE, "".join(old[i1:i2])))
        found.append(Piece(Kind.NEW, "".join(new[j1:j2])))
    return Change(Kind.CHANGED, tuple(piece for piece in found if piece.text))


def _pieces(text: str) -> list[str]:
    return _WORD.findall(text)
