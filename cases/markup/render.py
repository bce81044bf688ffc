"""A text with its figures put in: HTML for pages, plain text for search and previews."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cases.markup.markdown import parse_body, parse_line
from cases.markup.page import page_html
from cases.markup.pen import Note, Pen, Problem, Withheld
from cases.markup.references import series_of
from cases.markup.resolver import Resolver
from cases.markup.text import ParsedText, Text, TextParts, parse_text


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A heading of level 2 or 3, its anchor and its plain text."""

    id: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class RenderedText:
    """Strings ending in ``_html`` are safe; the others are plain and not escaped.

    ``notes`` are the records behind the figures, in the order of their first mention: title,
    standfirst, body. ``problems`` lists what a reader sees as missing or broken.
    """

    title_html: str
    title_text: str
    standfirst_html: str
    standfirst_text: str
    body_html: str
    toc: tuple[TocEntry, ...]
    notes: tuple[Note, ...]
    quoted_series: tuple[str, ...]
    problems: tuple[Problem, ...]


def render_text(
    title: str, standfirst: str, body: str, *, language: str, resolver: Resolver
) -> RenderedText:
    """The text in ``language`` ("zh-hans" or "en"), its figures from ``resolver``.

    Never raises for what a text says: what cannot be read is shown as typed and reported.
    """
    text = Text(title, standfirst, body)
    return render_parsed(text, parse_text(text), language=language, resolver=resolver)


def render_parsed(
    text: TextParts,
    parsed: ParsedText,
    *,
    language: str,
    resolver: Resolver,
    withheld: Mapping[str, Withheld] | None = None,
    say: Callable[[str], str] = str,
) -> RenderedText:
    """``render_text`` for a caller that has parsed the text to load what it quotes.

    ``withheld``: what stands for sentences that hold no longer, by their keys. ``say``: as the pen
    takes it.
    """
    pen = Pen(language, resolver, withheld or {}, say=say)
    title_html = pen.caption(text.title)
    standfirst_html = page_html(parsed.standfirst.nodes, pen)
    body_html = page_html(parsed.body.nodes, pen)
    plain = Pen(language, resolver, withheld or {}, is_flagging=True)
    return RenderedText(
        title_html=title_html,
        title_text=_one_line(pen.caption_text(text.title)),
        standfirst_html=standfirst_html,
        standfirst_text=_one_line(plain.text_of(parsed.standfirst.nodes)),
        body_html=body_html,
        toc=_toc(parsed, pen),
        notes=tuple(pen.notes.values()),
        quoted_series=series_of(parsed),
        problems=_problems(parsed, pen),
    )


def _toc(parsed: ParsedText, pen: Pen) -> tuple[TocEntry, ...]:
    return tuple(
        TocEntry(heading.id, heading.level, _one_line(pen.inline_text(heading.nodes)))
        for heading in parsed.body.headings
        if heading.level <= 3
    )


def _problems(parsed: ParsedText, pen: Pen) -> tuple[Problem, ...]:
    """Faults with their places first; what the pen met of them again is left out."""
    faults = tuple(Problem(str(fault)) for fault in parsed.faults)
    missing = tuple(problem for problem in pen.problems if problem.reference is not None)
    return faults + missing


def _one_line(text: str) -> str:
    return " ".join(text.split())


def plain_text(
    body: str,
    *,
    language: str,
    resolver: Resolver,
    withheld: Mapping[str, Withheld] | None = None,
) -> str:
    """A body as plain text, one block a line, figures and the words of exhibits included.

    What stands for a sentence that holds no longer has its flag behind it, in brackets.
    """
    pen = Pen(language, resolver, withheld or {}, is_flagging=True)
    return pen.text_of(parse_body(body).nodes)


def plain_line(
    text: str,
    *,
    language: str,
    resolver: Resolver,
    withheld: Mapping[str, Withheld] | None = None,
) -> str:
    """A standfirst as one plain line, flagged as a body is."""
    pen = Pen(language, resolver, withheld or {}, is_flagging=True)
    return _one_line(pen.text_of(parse_line(text).nodes))


def plain_title(
    title: str,
    *,
    language: str,
    resolver: Resolver,
    withheld: Mapping[str, Withheld] | None = None,
) -> str:
    """A title as one plain line, without a flag; it is one sentence, whatever it says."""
    return _one_line(Pen(language, resolver, withheld or {}).caption_text(title))


def plain_parts(
    text: TextParts,
    parsed: ParsedText,
    *,
    language: str,
    resolver: Resolver,
    withheld: Mapping[str, Withheld] | None = None,
) -> tuple[str, str, str]:
    """Title, standfirst and body as these do, for a caller that has parsed the text."""
    pen = Pen(language, resolver, withheld or {})
    return (
        _one_line(pen.caption_text(text.title)),
        _one_line(pen.text_of(parsed.standfirst.nodes)),
        pen.text_of(parsed.body.nodes),
    )
