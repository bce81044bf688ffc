"""Nodes to sanitised HTML, with exhibits put in after the sanitiser.

The sanitiser is the last gate for everything an editor types. Exhibits hold SVG, which it need
never allow: a fence leaves an empty ``<div data-exhibit="0">``, and the exhibit takes its place
afterwards. Nobody can type such a div, since raw HTML is off and ``<`` in text is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, partial
from html import escape
from typing import TYPE_CHECKING, Any, Final

import nh3
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token as Node
from markdown_it.utils import EnvType, OptionsDict

from cases.markup.emphasis import is_cjk
from cases.markup.markdown import configured
from cases.markup.sentences import Sentence, sentences

if TYPE_CHECKING:
    from cases.markup.pen import Pen

MISSING: Final = "—"
_TAGS: Final = {
    "p", "h2", "h3", "h4", "strong", "em", "a", "code", "pre", "ul", "ol", "li", "blockquote",
    "hr", "br", "table", "thead", "tbody", "tr", "th", "td", "data", "span", "div",
}  # fmt: skip
_ATTRIBUTES: Final = {
    "a": {"href", "title", "rel", "data-note"},
    "span": {"title", "role", "aria-label", "data-note"},
    "data": {"value"},
    "div": {"data-exhibit"},
    "ol": {"start"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
}
_FIGURE_CLASSES: Final = {
    "figure", "figure--implied", "figure--derived", "figure--forecast", "figure--missing",
    "figure--broken", "figure__qualifier",
}  # fmt: skip
_ALIGNED: Final = {"align-left", "align-center", "align-right"}
_CLASSES: Final = {
    "a": {*_FIGURE_CLASSES, "withheld__flag"},
    "span": {*_FIGURE_CLASSES, "withheld", "withheld__words"},
    "div": {"table-scroll"},
    "table": {"data-table"},
    "th": _ALIGNED,
    "td": _ALIGNED,
}
_PLACEHOLDER: Final = re.compile(r'<div data-exhibit="(\d+)"></div>')
_OWN_PATHS: Final = re.compile(r"/(?!api/|static/|media/|zh-hans/|en/)")


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def page_html(nodes: Sequence[Node], pen: Pen) -> str:
    """Sanitised HTML of a text's nodes, exhibits in place."""
    env: dict[str, Any] = {"pen": pen, "exhibits": []}
    html = _cleaner().clean(_renderer().render(nodes, configured().options, env))
    return _PLACEHOLDER.sub(lambda match: env["exhibits"][int(match[1])], html)


def missing_html(reason: str) -> str:
    """What stands where a value is missing: a dash that says why to pointer and ear."""
    reason = escape(reason)
    return (
        f'<span class="figure figure--missing" role="img" aria-label="{reason}"'
        f' title="{reason}">{MISSING}</span>'
    )


def withheld_html(words: str, flag: str, url: str) -> str:
    """Words that stand for a sentence, dated, with a link to the values of today."""
    return (
        f'<span class="withheld"><span class="withheld__words">{words}</span> '
        f'<a class="withheld__flag" href="{escape(url)}">{escape(flag)}</a></span>'
    )


def broken_html(raw: str, reason: str) -> str:
    """A token or exhibit that cannot be read, shown as typed."""
    reason = escape(reason)
    return f'<span class="figure figure--broken" title="{reason}">{escape(raw)}</span>'


class PageRenderer(RendererHTML):
    """The library's renderer; each method is the rule for the node type of its name."""

    def renderInline(  # noqa: N802  the library's name
        self, tokens: Sequence[Node], options: OptionsDict, env: EnvType
    ) -> str:
        """Sentence by sentence where one of them is withheld."""
        pen = env["pen"]
        if not pen.withheld:
            return super().renderInline(tokens, options, env)
        nodes, found = sentences(tokens)

        def write(one: Sentence) -> str:
            written = (self._node(nodes, at, options, env) for at in range(one.start, one.end))
            return "".join(written)

        return "".join(
            pen.sentence(one.key, partial(write, one))
            + (" " if one.key in pen.withheld and one.has_space_after(nodes, pen.language) else "")
            for one in found
        )

    def _node(self, nodes: Sequence[Node], at: int, options: OptionsDict, env: EnvType) -> str:
        rule = self.rules.get(nodes[at].type)
        if rule is None:
            return self.renderToken(nodes, at, options, env)
        return rule(nodes, at, options, env)

    def figure(self, tokens: Sequence[Node], idx: int, options: OptionsDict, env: EnvType) -> str:
        node, pen = tokens[idx], env["pen"]
        error = node.meta.get("error")
        if error is not None:
            pen.fault(error)
            return broken_html(node.content, pen.say(error.message))
        written: str = pen.figure(node.meta["reference"], in_link=node.meta["in_link"])
        return written

    def wording_open(
        self, tokens: Sequence[Node], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Words that hold are words; a reader is told of those that do not (``Pen.withheld``)."""
        return ""

    def wording_close(
        self, tokens: Sequence[Node], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return ""

    def fence(self, tokens: Sequence[Node], idx: int, options: OptionsDict, env: EnvType) -> str:
        node, pen = tokens[idx], env["pen"]
        error = node.meta.get("fault")
        if error is not None:
            pen.fault(error)
            return f"<p>{broken_html(node.info.strip(), pen.say(error.message))}</p>\n"
        exhibit = node.meta.get("exhibit")
        if exhibit is None:
            return f"<pre><code>{escape(node.content)}</code></pre>\n"
        env["exhibits"].append(pen.exhibit(exhibit))
        return f'<div data-exhibit="{len(env["exhibits"]) - 1}"></div>\n'

    def link_open(
        self, tokens: Sequence[Node], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Links into the site keep the reader's language; others do not hand on the window."""
        # A copy: parsed nodes may be kept and rendered again, for another language too.
        link = Node("link_open", "a", 1, attrs=dict(tokens[idx].attrs))
        href = str(link.attrs.get("href", ""))
        if _OWN_PATHS.match(href):
            link.attrSet("href", f"/{env['pen'].language}{href}")
        elif href.lower().startswith("http"):
            link.attrSet("rel", "noopener")
        return f"<a{self.renderAttrs(link)}>"

    def table_open(
        self, tokens: Sequence[Node], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return '<div class="table-scroll"><table class="data-table">\n'

    def table_close(
        self, tokens: Sequence[Node], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return "</table></div>\n"

    def softbreak(
        self, tokens: Sequence[Node], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A browser shows a line end as a space, which Chinese has none of."""
        return "" if is_tight_break(tokens, idx, env["pen"].language) else "\n"


def is_tight_break(nodes: Sequence[Node], at: int, language: str) -> bool:
    """Whether the line end at ``nodes[at]`` has Chinese on both sides.

    A figure in a Chinese text counts as Chinese: 有 and 6,000万 are set without a space.
    """
    before = _nearest(nodes, range(at - 1, -1, -1), language)
    after = _nearest(nodes, range(at + 1, len(nodes)), language)
    return is_cjk(before[-1]) and is_cjk(after[0])


def _nearest(nodes: Sequence[Node], order: range, language: str) -> str:
    """The first content met in that order; markers of emphasis have none."""
    node = next((nodes[at] for at in order if nodes[at].content), None)
    if node is None:
        return " "
    return "万" if node.type == "figure" and language.startswith("zh") else node.content


@cache
def _renderer() -> PageRenderer:
    return PageRenderer()
