"""A body in its paragraphs: the pieces that are commented on and compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_FENCE: Final = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})(?P<info>.*)")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What stands between blank lines; a fenced exhibit is one. ``line`` counts from 1."""

    line: int
    source: str

    @property
    def is_exhibit(self) -> bool:
        return _FENCE.match(self.source) is not None


def paragraphs(body: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a Markdown body, in order, without the blank lines between them.

    A blank line inside a fence does not end it; an unclosed fence goes on to the end, as it does
    in CommonMark.
    """
    return tuple(_paragraphs(body))


def _paragraphs(body: str) -> Iterator[Paragraph]:
    gathered: list[str] = []
    first, closing = 1, ""
    for number, line in enumerate([*body.split("\n"), ""], 1):
        fence = None if closing else _FENCE.match(line)
        is_between = not closing and (fence is not None or not line.strip())
        if gathered and is_between:
            yield _paragraph(first, gathered)
            gathered = []
        if not gathered:
            first = number
        if closing or line.strip():
            gathered.append(line)
        if fence is not None:
            closing = fence["fence"]
        elif closing and _closes(line, closing):
            yield _paragraph(first, gathered)
            gathered, closing = [], ""
    if gathered:
        yield _paragraph(first, gathered)


def _paragraph(first: int, lines: list[str]) -> Paragraph:
    return Paragraph(first, "\n".join(lines).rstrip())


def _closes(line: str, fence: str) -> bool:
    """Whether a line ends a fence: at least as many of the same mark, and nothing else."""
    text = line.strip()
    return len(text) >= len(fence) and set(text) == {fence[0]}
