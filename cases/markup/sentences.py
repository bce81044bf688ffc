"""Sentences: the unit that is shown, withheld and queued as a whole.

A sentence ends after 。！？!? and, before a space and a capital, digit or quotation mark, after a
full stop that is no abbreviation's. Inside emphasis, a link or bound wording nothing is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Final

from markdown_it.token import Token as Node

_CLOSING: Final = "”’」』）)\"'"
_ENDS: Final = re.compile(
    rf"(?:[。！？…]+|[!?]+(?=[\s{_CLOSING}]|$))[{_CLOSING}]*"
    rf"|(?<![.\s])\.[{_CLOSING}]*(?=\s+[“‘\"'(（]?[A-Z0-9\u4e00-\u9fff])"
)
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:Inc|Ltd|Co|Corp|No|Nos|Mr|Mrs|Ms|Dr|St|vs|cf|approx|ca|p|pp|vol|e\.g|i\.e|etc|Jan|Feb"
    r"|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|(?:^|[\s(.])[A-Z])\.$",
)
# Stands for a figure while ends are looked for: a word that may begin a sentence.
_FIGURE: Final = "0"
_LEADING: Final = " \n"


@dataclass(frozen=True, slots=True)
class Sentence:
    """The nodes of one sentence, ``nodes[start:end]`` of its block, and its source.

    ``key`` is the same for the same words, wherever they stand: it finds a sentence again in a
    text that is rendered later.
    """

    start: int
    end: int
    source: str

    @property
    def key(self) -> str:
        return key_of(self.source)

    def has_space_after(self, nodes: Sequence[Node], language: str) -> bool:
        """Whether a space follows before the next sentence: none for a line end in Chinese."""
        last = nodes[self.end - 1]
        is_broken = last.type.endswith("break") and not language.startswith("zh")
        return is_broken or last.content.endswith(" ")


def key_of(source: str) -> str:
    """What names a sentence: a digest of its source."""
    return blake2b(source.encode(), digest_size=8).hexdigest()


def key_of_line(text: str) -> str:
    """The key of a title or caption, which is one sentence whatever it says."""
    return key_of(" ".join(text.split()))


def keys_of(nodes: Iterable[Node]) -> list[str]:
    """The keys of the sentences of some blocks, in order."""
    blocks = [node.children or () for node in nodes if node.type == "inline"]
    return [one.key for children in blocks for one in sentences(children)[1]]


def sentences(children: Sequence[Node]) -> tuple[list[Node], list[Sentence]]:
    """The inline nodes of a block cut at its sentences, and the sentences in order.

    Every node belongs to one sentence; spaces and line ends between two belong to the first. The
    nodes given are not changed: what is cut is copied.
    """
    nodes, starts = _cut(children, _ends(children))
    bounds = [*starts, len(nodes)]
    found = [
        Sentence(first, last, source)
        for first, last in pairwise(bounds)
        if (source := _source(nodes[first:last]))
    ]
    return nodes, found


def _ends(children: Sequence[Node]) -> list[tuple[int, int]]:
    """Where sentences end: the node, and the offset in its content up to which it reaches."""
    text, places = _flat(children)
    found = []
    for match in _ENDS.finditer(text):
        at = match.end()
        if _ABBREVIATION.search(text[max(0, at - 12) : at]):
            continue
        while at < len(text) and text[at] in _LEADING:
            at += 1
        if at < len(text) and (place := _between(places[match.start()], places[at - 1 : at + 1])):
            found.append(place)
    return found


def _between(
    mark: tuple[int, int, int], sides: Sequence[tuple[int, int, int]]
) -> tuple[int, int] | None:
    """Where to cut after a mark, between the character before and after; None inside of marks."""
    (node, offset, depth), (following, _, depth_after) = sides
    if depth == 0:
        return node, offset + 1
    # the mark ends what is emphasised: cut after the closing marks
    return (following - 1, 0) if depth_after == 0 and mark[2] == depth else None


def _flat(children: Sequence[Node]) -> tuple[str, list[tuple[int, int, int]]]:
    """The block as one line, and of each character its node, offset and depth of nesting."""
    characters: list[str] = []
    places: list[tuple[int, int, int]] = []
    depth = 0
    for at, node in enumerate(children):
        depth += node.nesting
        content = node.content
        if node.type in ("softbreak", "hardbreak"):
            content = "\n"
        elif node.type != "text":
            content = _FIGURE if content else ""
        characters.append(content)
        places += [(at, offset, depth) for offset in range(len(content))]
    return "".join(characters), places


def _cut(children: Sequence[Node], ends: Sequence[tuple[int, int]]) -> tuple[list[Node], list[int]]:
    """The nodes with those in which a sentence ends cut in two, and where sentences start."""
    cuts: dict[int, list[int]] = {}
    for at, offset in ends:
        cuts.setdefault(at, []).append(offset)
    nodes: list[Node] = []
    starts = [0]
    for at, node in enumerate(children):
        last = 0
        for offset in cuts.get(at, ()):
            nodes.append(_part(node, last, offset))
            starts.append(len(nodes))
            last = offset
        if at not in cuts or last < len(node.content):
            nodes.append(_part(node, last, None))
    return nodes, starts


def _part(node: Node, start: int, end: int | None) -> Node:
    if node.type != "text" or (start == 0 and (end is None or end >= len(node.content))):
        return node
    part = node.copy()
    part.content = node.content[start:end]
    return part


def _source(nodes: Sequence[Node]) -> str:
    """The words as written, with tokens and conditions, without other marks."""
    parts = []
    conditions: list[str] = []
    for node in nodes:
        if node.type == "wording_open":
            conditions.append(node.meta["text"])
            parts.append("[")
        elif node.type == "wording_close":
            condition = conditions.pop() if conditions else ""
            parts.append(f']{{if="{condition}"}}')
        elif node.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        else:
            parts.append(node.content)
    return " ".join("".join(parts).split())
