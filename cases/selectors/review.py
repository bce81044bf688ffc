"""A text under review: its paragraphs with what was remarked on each."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from cases.markup.markdown import parse_body
from cases.markup.page import page_html
from cases.markup.paragraphs import Paragraph, paragraphs
from cases.markup.pen import Pen
from cases.markup.text import Text, parse_text
from cases.models import CaseText, Comment, Publication, Revision, TextAct
from cases.selectors.figures import Figures, text_figures
from metrics.translation import translated

# How much of a paragraph must have stayed for a remark on it to stay with it.
LIKENESS: Final = 0.5
MOST_ACTS: Final = 50


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment; `is_changed`: the paragraph was rewritten since."""

    comment: Comment
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph as readers see it (an exhibit as its source), with its open remarks."""

    line: int
    source: str
    html: SafeString
    is_exhibit: bool
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """What the page of a review shows. `elsewhere`: open remarks on the whole text or on
    paragraphs that are gone."""

    text: CaseText
    revision: Revision
    live: Revision | None
    title: SafeString
    standfirst: SafeString
    blocks: tuple[Block, ...]
    elsewhere: tuple[Remark, ...]
    settled: tuple[Comment, ...]
    acts: tuple[TextAct, ...]


def review_of(text: CaseText, revision: Revision) -> Review:
    """The latest words of a text with all that was said of them. A fixed number of queries."""
    figures = _figures(revision, text.language)
    pen = Pen(text.language, figures, say=translated)
    parts = paragraphs(revision.body)
    comments = _comments(text)
    placed = _placed(parts, [one for one in comments if one.settled_at is None])
    live = Publication.objects.current().filter(text=text).select_related("revision").first()
    return Review(
        text=text,
        revision=revision,
        live=live.revision if live else None,
        title=mark_safe(pen.caption(revision.title)),  # noqa: S308  sanitised by cases.markup
        standfirst=mark_safe(pen.caption(revision.standfirst)),  # noqa: S308
        blocks=tuple(_block(part, placed.get(part.line, []), pen) for part in parts),
        elsewhere=tuple(placed.get(0, [])),
        settled=tuple(one for one in comments if one.settled_at is not None),
        acts=tuple(text.acts.select_related("actor", "revision")[:MOST_ACTS]),
    )


def _figures(revision: Revision, language: str) -> Figures:
    text = Text(revision.title, revision.standfirst, revision.body)
    return text_figures([parse_text(text)], language)


def _comments(text: CaseText) -> list[Comment]:
    rows = Comment.objects.filter(revision__text=text)
    return list(rows.select_related("author", "settled_by", "revision"))


def _block(part: Paragraph, remarks: Sequence[Remark], pen: Pen) -> Block:
    html = "" if part.is_exhibit else page_html(parse_body(part.source).nodes, pen)
    return Block(
        line=part.line,
        source=part.source,
        html=mark_safe(html),  # noqa: S308  sanitised by cases.markup
        is_exhibit=part.is_exhibit,
        remarks=tuple(remarks),
    )


def _placed(parts: Sequence[Paragraph], comments: Sequence[Comment]) -> dict[int, list[Remark]]:
    """Remarks by the line of their paragraph; 0: on the whole, or on what is gone."""
    lines = {part.source: part.line for part in reversed(parts)}
    placed: dict[int, list[Remark]] = {}
    for comment in comments:
        line = lines.get(comment.paragraph)
        remark = Remark(comment)
        if line is None and comment.paragraph:
            line, remark = _nearest(comment.paragraph, parts), Remark(comment, is_changed=True)
        placed.setdefault(line or 0, []).append(remark)
    return placed


def _nearest(source: str, parts: Sequence[Paragraph]) -> int:
    """The line of the paragraph most like one that was rewritten; 0 where none is like it."""
    ratios = [(_likeness(source, part.source), -part.line) for part in parts]
    best, line = max(ratios, default=(0.0, 0))
    return -line if best >= LIKENESS else 0


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # The cheap bounds first: most paragraphs are nothing like it.
    if matcher.real_quick_ratio() < LIKENESS or matcher.quick_ratio() < LIKENESS:
        return 0.0
    return matcher.ratio()
