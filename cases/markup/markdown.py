"""The Markdown of the publication: CommonMark and tables, no raw HTML, tokens, exhibits.

``parse_body`` gives the token stream with everything found in it: figures with their places,
exhibits, headings, faults. It never raises for what a text says; faults are collected, so that an
editor sees all of them at once and a reader still sees the rest of the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token as Node

from cases.markup import inline
from cases.markup.emphasis import CjkParserInline
from cases.markup.errors import ExhibitError, MarkupError, TokenError
from cases.markup.exhibit_reading import parse_exhibit
from cases.markup.exhibits import Callout, Chart, Exhibit, Timeline
from cases.markup.tokens import Token
from cases.markup.wording import Wording, WordingError, wordings_of_line
from metrics.stats.phrases import Phrase

MAX_TEXT_LENGTH: Final = 100_000
MAX_FIGURES: Final = 1_000
MAX_EXHIBITS: Final = 60
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.ASCII | re.IGNORECASE)
_SAFE_SCHEMES: Final = ("http:", "https:", "mailto:")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its anchor: "section-2" for an h2, "section-2-1" for an h3 under it.

    Anchors count rather than spell: the two languages of a text share them, so a reader who
    switches language keeps the place, and rewording a heading breaks no link.
    """

    id: str
    level: int
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text as nodes, and what was found in it; lines count from 1 in the text given."""

    nodes: Sequence[Node]
    figures: tuple[tuple[Token, int], ...] = ()
    wordings: tuple[Wording, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    headings: tuple[Heading, ...] = ()
    faults: tuple[MarkupError, ...] = ()


@dataclass(slots=True)
class _Findings:
    lines: list[str]
    last: tuple[int, int] = (0, 0)  # place of the last figure: equal tokens may share a line
    figures: list[tuple[Token, int]] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)
    exhibits: list[Exhibit] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    faults: list[MarkupError] = field(default_factory=list)


def is_safe_link(url: str) -> bool:
    """http, https, mailto, a path on this site or a fragment; no other host by ``//``."""
    url = url.strip()
    if url.startswith(("//", "/\\", "\\")):
        return False
    scheme = _SCHEME.match(url)
    return scheme is None or scheme[0].lower() in _SAFE_SCHEMES


@cache
def configured() -> MarkdownIt:
    """The one parser; it keeps no state between texts."""
    md = MarkdownIt("commonmark", {"html": False})
    parser = CjkParserInline()
    # The preset has chosen its rules on the parser that is replaced here: choose the same again.
    active = md.inline.ruler.get_active_rules()
    active2 = md.inline.ruler2.get_active_rules()
    parser.ruler.enableOnly(active)
    parser.ruler2.enableOnly(active2)
    md.inline = parser
    md.enable("table").disable("image")
    md.validateLink = is_safe_link  # type: ignore[method-assign]  # the documented way
    inline.install(md)
    return md


def parse_body(text: str, *, exhibits: bool = True) -> Parsed:
    """Parse a Markdown body; ``exhibits=False`` refuses fences, for text inside an exhibit."""
    if len(text) > MAX_TEXT_LENGTH:
        message = Phrase(
            "expected at most %(limit)s characters, not %(length)s",
            limit=MAX_TEXT_LENGTH,
            length=len(text),
        )
        return Parsed((), faults=(MarkupError(message),))
    nodes = configured().parse(text)
    found = _Findings(text.split("\n"))
    counts = [0, 0, 0]
    for index, node in enumerate(nodes):
        if node.type == "inline":
            _read_inline(node, found)
        elif node.type == "fence" and node.info.strip():
            _read_fence(node, found, exhibits)
        elif node.type == "heading_open":
            _read_heading(nodes[index : index + 3], counts, found)
        elif node.type in ("th_open", "td_open"):
            _align_by_class(node)
    _check_sizes(found)
    _check_names(found)
    return _parsed(nodes, found)


def parse_line(text: str) -> Parsed:
    """Parse inline Markdown (a standfirst): no headings, lists, fences."""
    if len(text) > MAX_TEXT_LENGTH:
        return parse_body(text)
    # The inline entry point of the library skips the core rules that protect the bars.
    children: list[Node] = []
    configured().inline.parse(text, configured(), {}, children)
    paragraph = Node("inline", "", 0, content=text, map=[0, 1], children=children)
    found = _Findings(text.split("\n"))
    _read_inline(paragraph, found)
    return _parsed([paragraph], found)


def _parsed(nodes: Sequence[Node], found: _Findings) -> Parsed:
    faults = sorted(found.faults, key=lambda fault: (fault.line, fault.column))
    return Parsed(
        nodes,
        tuple(found.figures),
        tuple(found.wordings),
        tuple(found.exhibits),
        tuple(found.headings),
        tuple(faults),
    )


def _read_inline(node: Node, found: _Findings) -> None:
    first = node.map[0] if node.map else 0
    previous: Node | None = None
    for child in node.children or ():
        if child.type == "figure":
            line, column = found.last = _place(child, node.content, first, found)
            child.meta["line"] = line
            _read_figure(child, line, column, found)
        elif child.type == "wording_open":
            _read_wording(child, first + node.content.count("\n", 0, child.meta["offset"]), found)
        elif child.type == "link_open" and previous and previous.content.endswith("!"):
            message = Phrase(
                "expected no image in a text; write the link without the exclamation mark"
            )
            found.faults.append(MarkupError(message, first + 1))
        previous = child


def _place(child: Node, content: str, first: int, found: _Findings) -> tuple[int, int]:
    """Line and column of a figure; the library keeps only the lines of whole blocks."""
    line = first + content.count("\n", 0, child.meta["offset"]) + 1
    passed = found.last[1] if found.last[0] == line else 0
    source = found.lines[line - 1] if line <= len(found.lines) else ""
    return line, max(source.find(child.content, passed), 0) + 1


def _read_figure(child: Node, line: int, column: int, found: _Findings) -> None:
    error: TokenError | None = child.meta.get("error")
    if error is not None:
        found.faults.append(error.moved(lines=line - 1, columns=column - 1))
        return
    start = column - 1
    token = Token(child.meta["reference"], child.content, start, start + len(child.content))
    found.figures.append((token, line))


def _read_wording(child: Node, lines: int, found: _Findings) -> None:
    error: WordingError | None = child.meta.get("error")
    if error is not None:
        found.faults.append(error.moved(lines=lines))
        return
    found.wordings.append(Wording(child.meta["words"], child.meta["condition"], lines + 1))


def _read_fence(node: Node, found: _Findings, allowed: bool) -> None:
    line = (node.map[0] if node.map else 0) + 1
    if not allowed:
        message = Phrase("expected no exhibit inside an exhibit")
        found.faults.append(ExhibitError(message, line))
        return
    try:
        exhibit = parse_exhibit(node.info.strip(), node.content, line=line)
    except ExhibitError as error:
        node.meta["fault"] = error
        found.faults.append(error)
        return
    node.meta["exhibit"] = exhibit
    found.exhibits.append(exhibit)
    for prose in exhibit.texts:
        _read_caption(prose.text, prose.line, found)
    if isinstance(exhibit, Callout):
        inner = parse_body(exhibit.text, exhibits=False)
        top = exhibit.texts[-1].line - 1
        found.faults += [fault.moved(lines=top) for fault in inner.faults]


def _read_caption(text: str, line: int, found: _Findings) -> None:
    """The wordings of a caption; a callout's own text is read as a body of its own."""
    for wording in wordings_of_line(text):
        if isinstance(wording, WordingError):
            found.faults.append(wording.moved(lines=line - 1))


def _read_heading(heading: Sequence[Node], counts: list[int], found: _Findings) -> None:
    node, content, closing = heading
    level = int(node.tag[1])
    if level == 1 or level > 4:
        message = Phrase(
            "expected headings of level 2 to 4 (## to ####); the title is the first level"
        )
        found.faults.append(MarkupError(message, (node.map[0] if node.map else 0) + 1))
    depth = min(max(level, 2), 4) - 2
    counts[depth] += 1
    counts[depth + 1 :] = [0] * (len(counts) - depth - 1)
    anchor = "section-" + "-".join(str(count) for count in counts[: depth + 1])
    node.attrSet("id", anchor)
    node.tag = closing.tag = f"h{depth + 2}"
    found.headings.append(Heading(anchor, depth + 2, tuple(content.children or ())))


def _align_by_class(node: Node) -> None:
    """The library aligns by a style attribute, which our Content-Security-Policy forbids."""
    style = node.attrs.pop("style", None)
    if style is not None:
        node.attrSet("class", str(style).replace("text-align:", "align-"))


def _check_sizes(found: _Findings) -> None:
    if len(found.figures) > MAX_FIGURES:
        line = found.figures[MAX_FIGURES][1]
        message = Phrase("expected at most %(most)s tokens in a text", most=MAX_FIGURES)
        found.faults.append(MarkupError(message, line))
    if len(found.exhibits) > MAX_EXHIBITS:
        line = found.exhibits[MAX_EXHIBITS].line
        message = Phrase("expected at most %(most)s exhibits", most=MAX_EXHIBITS)
        found.faults.append(MarkupError(message, line))


def _check_names(found: _Findings) -> None:
    """Two drawings of one name would have one address."""
    names: set[str] = set()
    for chart in found.exhibits:
        if isinstance(chart, Chart | Timeline) and chart.name:
            if chart.name in names:
                message = Phrase(
                    "expected another 'id': %(id)s names one above", id=repr(chart.name)
                )
                found.faults.append(ExhibitError(message, chart.line))
            names.add(chart.name)
