"""What a text claims: its sentences with their figures and wordings, and the numbers typed in.

Only what the words say; whether it holds is told by whoever knows the values
(``cases.selectors.claims``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from markdown_it.token import Token as Node

from cases.markup.errors import MarkupError
from cases.markup.exhibits import Callout, Exhibit
from cases.markup.markdown import Parsed, parse_body
from cases.markup.numbers_in_prose import ProseNumber, numbers_in_prose
from cases.markup.pen import Pen
from cases.markup.sentences import key_of, sentences
from cases.markup.text import ParsedText, TextParts
from cases.markup.tokens import Reference, find_tokens
from cases.markup.wording import Condition, Wording, wordings_of_line

TITLE: Final = "title"
STANDFIRST: Final = "standfirst"
BODY: Final = "body"


@dataclass(frozen=True, slots=True)
class ClaimedWords:
    """Words that claim something of values: a wording with its condition."""

    words: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class ClaimingSentence:
    """A sentence that quotes values, at a line (from 1) of a part of the text.

    ``nodes`` are its inline nodes; None: a title or caption, plain text in ``source``.
    """

    part: str
    line: int
    source: str
    figures: tuple[Reference, ...]
    wordings: tuple[ClaimedWords, ...]
    nodes: tuple[Node, ...] | None = None

    @property
    def key(self) -> str:
        return key_of(self.source)

    def printed(self, pen: Pen) -> str:
        """The sentence as readers see it, on one line."""
        text = pen.caption_text(self.source) if self.nodes is None else pen.inline_text(self.nodes)
        return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number that somebody typed, in a part of the text; ``exempt`` says why it may stand."""

    part: str
    line: int
    text: str
    exempt: str | None


def claiming_sentences(text: TextParts, parsed: ParsedText) -> tuple[ClaimingSentence, ...]:
    """Every sentence that quotes a value or is bound to one, in reading order."""
    found = [_of_line(TITLE, 1, text.title)]
    found += _of_nodes(STANDFIRST, parsed.standfirst.nodes)
    found += _of_body(parsed.body)
    return tuple(one for one in found if one.figures or one.wordings)


def typed_numbers(text: TextParts) -> tuple[TypedNumber, ...]:
    """The numbers typed into title, standfirst, body and captions, in reading order."""
    return tuple(
        TypedNumber(part, number.line, number.text, number.exempt)
        for part in (TITLE, STANDFIRST, BODY)
        for number in _numbers(getattr(text, part))
    )


def _numbers(text: str) -> Iterable[ProseNumber]:
    return numbers_in_prose(text) if text.strip() else ()


def _of_body(body: Parsed, top: int = 0) -> Iterator[ClaimingSentence]:
    """Of a body that begins ``top`` lines below the first."""
    for node in body.nodes:
        if "exhibit" in node.meta:
            yield from _of_exhibit(node.meta["exhibit"], top)
        elif node.type == "inline":
            for one in _of_nodes(BODY, [node]):
                yield replace(one, line=one.line + top)


def _of_exhibit(exhibit: Exhibit, top: int) -> Iterator[ClaimingSentence]:
    captions = exhibit.texts[:-1] if isinstance(exhibit, Callout) else exhibit.texts
    for caption in captions:
        yield _of_line(BODY, top + caption.line, caption.text)
    if isinstance(exhibit, Callout):
        inner = parse_body(exhibit.text, exhibits=False)
        yield from _of_body(inner, top + exhibit.texts[-1].line - 1)


def _of_line(part: str, line: int, text: str) -> ClaimingSentence:
    """A title or a caption; what cannot be read claims nothing."""
    try:
        figures = tuple(token.reference for token in find_tokens(text))
    except MarkupError:
        figures = ()
    wordings = tuple(
        ClaimedWords(one.words, one.condition)
        for one in wordings_of_line(text)
        if isinstance(one, Wording)
    )
    return ClaimingSentence(part, line, " ".join(text.split()), figures, wordings)


def _of_nodes(part: str, blocks: Sequence[Node]) -> Iterator[ClaimingSentence]:
    for block in blocks:
        first = block.map[0] if block.map else 0
        nodes, found = sentences(block.children or ())
        passed = 0
        for one in found:
            inside = nodes[one.start : one.end]
            yield ClaimingSentence(
                part,
                first + passed + 1,
                one.source,
                tuple(n.meta["reference"] for n in inside if "reference" in n.meta),
                tuple(
                    ClaimedWords(n.meta["words"], n.meta["condition"])
                    for n in inside
                    if "condition" in n.meta
                ),
                tuple(inside),
            )
            passed += sum(n.type in ("softbreak", "hardbreak") for n in inside)
