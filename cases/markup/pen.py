"""Writing figures and captions, and remembering what was written: notes and problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from markdown_it.token import Token as Node

from cases.markup.emphasis import is_cjk
from cases.markup.errors import MarkupError
from cases.markup.exhibits import Callout, Exhibit, KeyFigure, KeyFigures
from cases.markup.markdown import parse_body
from cases.markup.page import MISSING, is_tight_break, missing_html, page_html, withheld_html
from cases.markup.resolver import FigureKind, ResolvedFigure, Resolver
from cases.markup.sentences import Sentence, key_of_line, sentences
from cases.markup.tokens import Reference, Token, find_tokens
from cases.markup.wording import unmarked
from metrics.stats.numbers import FormattedNumber


@dataclass(frozen=True, slots=True)
class Note:
    """The record behind a figure; ``id`` is what the figure's ``data-note`` says."""

    id: str
    reference: Reference
    figure: ResolvedFigure


@dataclass(frozen=True, slots=True)
class Problem:
    """What a reader sees as missing: a value without a number, a token or exhibit unreadable."""

    message: str
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """What stands for a sentence that holds no longer: its words when it last did.

    ``words`` empty: it never held, and is shown as it is with the flag. ``flag`` says since when,
    in the language of the text, and links to ``url``.
    """

    words: str
    flag: str
    url: str


@dataclass(slots=True)
class Pen:
    """One rendering. Equal references share one note.

    ``withheld`` holds what stands for sentences, by their keys (``cases.markup.sentences``). A pen
    that ``is_flagging`` says so in plain text too; in HTML every pen does. ``say`` turns what is
    wrong with a token or exhibit into the reader's language.
    """

    language: str
    resolver: Resolver
    withheld: Mapping[str, Withheld] = field(default_factory=dict)
    notes: dict[Reference, Note] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    is_flagging: bool = False
    say: Callable[[str], str] = str

    def resolved(self, reference: Reference) -> ResolvedFigure:
        """The figure of a reference, reported as a problem where it has no value."""
        figure = self.resolver.figure(reference)
        if figure.value is None or figure.formatted is None:
            reason = figure.null_text or figure.null_reason
            problem = Problem(f"no value for {reference.text}: {reason}", reference)
            if problem not in self.problems:
                self.problems.append(problem)
        return figure

    def figure(self, reference: Reference, *, in_link: bool = False) -> str:
        """The markup of a figure: a link to its row, or a span where a link is around it."""
        figure = self.resolved(reference)
        if figure.value is None or figure.formatted is None:
            return missing_html(figure.null_text or figure.null_reason)
        note = self._note(reference, figure)
        value = escape(format(figure.value, "f"))
        number = self._number_html(figure.formatted, reference, figure)
        data = f'<data value="{value}">{number}</data>'
        name = "figure" if figure.kind == FigureKind.STATED else f"figure figure--{figure.kind}"
        if in_link or not figure.url:
            return f'<span class="{name}" data-note="{note.id}">{data}</span>'
        url = escape(figure.url)
        return f'<a class="{name}" href="{url}" data-note="{note.id}">{data}</a>'

    def figure_text(self, reference: Reference) -> str:
        """A figure as plain text."""
        figure = self.resolved(reference)
        if figure.value is None or figure.formatted is None:
            return MISSING
        return figure.formatted.text + self._noun(reference, figure)

    def caption(self, text: str) -> str:
        """HTML of a caption: plain text with tokens, no Markdown."""
        return self.sentence(key_of_line(text), lambda: self._joined(text, escape, self.figure))

    def sentence(self, key: str, write: Callable[[], str]) -> str:
        """The HTML of a sentence, or of what stands for it."""
        withheld = self.withheld.get(key)
        if withheld is None:
            return write()
        words = escape(withheld.words) if withheld.words else write()
        return withheld_html(words, withheld.flag, withheld.url)

    def caption_text(self, text: str) -> str:
        """A caption as plain text."""
        written = self._joined(text, str, self.figure_text)
        withheld = self.withheld.get(key_of_line(text))
        return written if withheld is None else self._standing(withheld, written)

    def flagged_text(self, text: str) -> str:
        """A caption as plain text that nothing can stand beside: its flag is among its words."""
        written = self._joined(text, str, self.figure_text)
        withheld = self.withheld.get(key_of_line(text))
        return written if withheld is None else self._standing(withheld, written, is_flagged=True)

    def block(self, text: str) -> str:
        """Sanitised HTML of Markdown inside an exhibit, which holds no exhibits of its own."""
        return page_html(parse_body(text, exhibits=False).nodes, self)

    def exhibit(self, exhibit: Exhibit) -> str:
        return self.resolver.exhibit(exhibit, self)

    def fault(self, error: MarkupError) -> None:
        self.problems.append(Problem(str(error)))

    def exhibit_text(self, exhibit: Exhibit) -> str:
        """The words of an exhibit, one caption a line."""
        if isinstance(exhibit, Callout):
            inner = self.text_of(parse_body(exhibit.text, exhibits=False).nodes)
            return f"{self.caption_text(exhibit.title)}\n{inner}".strip()
        if isinstance(exhibit, KeyFigures):
            return "\n".join(map(self._key_figure_text, exhibit.items))
        return "\n".join(self.caption_text(prose.text) for prose in exhibit.texts)

    def _key_figure_text(self, item: KeyFigure) -> str:
        label, note = self.caption_text(item.label), self.caption_text(item.note)
        return f"{label} {self.figure_text(item.value)} {note}".strip()

    def text_of(self, nodes: Iterable[Node]) -> str:
        """Nodes as plain text, one block a line, exhibits by their words."""
        lines: list[str] = []
        for node in nodes:
            if node.type == "inline":
                lines.append(self.inline_text(node.children or ()))
            elif "exhibit" in node.meta:
                lines.append(self.exhibit_text(node.meta["exhibit"]))
            elif node.type in ("fence", "code_block") and not node.info.strip():
                lines.append(node.content.strip())
        return "\n".join(line for line in lines if line)

    def inline_text(self, children: Sequence[Node]) -> str:
        """Inline nodes as one plain line, in the words that stand for withheld sentences."""
        if not self.withheld:
            return "".join(self._node_text(children, at) for at in range(len(children)))
        nodes, found = sentences(children)
        return "".join(self._sentence_text(one, nodes) for one in found)

    def _sentence_text(self, one: Sentence, nodes: Sequence[Node]) -> str:
        written = "".join(self._node_text(nodes, at) for at in range(one.start, one.end))
        withheld = self.withheld.get(one.key)
        if withheld is None:
            return written
        space = " " if one.has_space_after(nodes, self.language) else ""
        return self._standing(withheld, written.rstrip()) + space

    def _standing(self, withheld: Withheld, written: str, *, is_flagged: bool = False) -> str:
        """What stands for a sentence in plain text, its flag in brackets where flags are wished."""
        words = withheld.words or written
        if not (self.is_flagging or is_flagged) or not withheld.flag:
            return words
        is_chinese = self.language.startswith("zh")
        return f"{words}（{withheld.flag}）" if is_chinese else f"{words} ({withheld.flag})"

    def _node_text(self, children: Sequence[Node], at: int) -> str:
        node = children[at]
        if node.type == "figure" and "reference" in node.meta:
            return self.figure_text(node.meta["reference"])
        if node.type in ("softbreak", "hardbreak"):
            return "" if is_tight_break(children, at, self.language) else " "
        return node.content

    def _number_html(
        self, number: FormattedNumber, reference: Reference, figure: ResolvedFigure
    ) -> str:
        rest = escape(f"{number.prefix}{number.number}{number.suffix}")
        noun = escape(self._noun(reference, figure))
        if not number.qualifier:
            return rest + noun
        space = " " if number.text.startswith(f"{number.qualifier} ") else ""
        word = escape(number.qualifier)
        return f'<span class="figure__qualifier">{word}</span>{space}{rest}{noun}'

    def _noun(self, reference: Reference, figure: ResolvedFigure) -> str:
        if not reference.unit or not figure.unit_noun:
            return ""
        return figure.unit_noun if is_cjk(figure.unit_noun[0]) else f" {figure.unit_noun}"

    def _note(self, reference: Reference, figure: ResolvedFigure) -> Note:
        if reference not in self.notes:
            self.notes[reference] = Note(f"note-{len(self.notes) + 1}", reference, figure)
        return self.notes[reference]

    def _joined(
        self, text: str, plain: Callable[[str], str], figure: Callable[[Reference], str]
    ) -> str:
        text = unmarked(text)
        try:
            tokens: tuple[Token, ...] = find_tokens(text)
        except MarkupError as error:
            self.fault(error)
            tokens = ()
        parts, start = [], 0
        for token in tokens:
            parts += [plain(text[start : token.start]), figure(token.reference)]
            start = token.end
        return "".join([*parts, plain(text[start:])])
