"""The inline rules that Markdown does not have: tokens, constants and bound wording."""

from __future__ import annotations

import re
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_core.state_core import StateCore
from markdown_it.rules_inline.state_inline import StateInline

from cases.markup.errors import TokenError
from cases.markup.tokens import TOKEN_SHAPE, token_at
from cases.markup.wording import MARK, WordingError, parse_condition

# Stands for the bars inside tokens while blocks are parsed, so that a table does not take them
# for the edges of its cells. A private character, one for one: no offset moves.
BAR: Final = "\U000f1e4c"
_CONSTANT_MARK: Final = "]{constant}"
_MAX_CONSTANT: Final = 80


def install(md: MarkdownIt) -> None:
    """Teach ``md`` tokens (``figure`` in its stream), marked constants and bound wording."""
    md.core.ruler.after("normalize", "token_bars", _hide_bars)
    md.core.ruler.after("block", "fence_bars", _show_bars_in_blocks)
    md.core.ruler.after("inline", "inline_bars", _show_bars_in_text)
    md.inline.ruler.before("emphasis", "figure", _figure)
    md.inline.ruler.before("link", "constant", _constant)
    md.inline.ruler.before("link", "wording", _wording)


def _hide_bars(state: StateCore) -> None:
    for shape in (TOKEN_SHAPE, MARK):
        state.src = shape.sub(lambda match: match[0].replace("|", BAR), state.src)


def _show_bars_in_blocks(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("fence", "code_block"):
            token.content = token.content.replace(BAR, "|")


def _show_bars_in_text(state: StateCore) -> None:
    for token in state.tokens:
        for child in token.children or ():
            child.content = child.content.replace(BAR, "|")


def _figure(state: StateInline, silent: bool) -> bool:
    """``{{ … }}`` becomes a figure; what is no token becomes a figure with an error."""
    if not state.src.startswith("{{", state.pos, state.posMax):
        return False
    shape = TOKEN_SHAPE.match(state.src, state.pos, state.posMax)
    end = shape.end() if shape else state.pos + 2
    if not silent:
        raw = state.src[state.pos : end].replace(BAR, "|")
        figure = state.push("figure", "", 0)
        figure.content = raw
        figure.meta = {"offset": state.pos, "in_link": state.linkLevel > 0}
        try:
            figure.meta["reference"] = token_at(raw, 0).reference
        except TokenError as error:
            figure.meta["error"] = error
    state.pos = end
    return True


def _constant(state: StateInline, silent: bool) -> bool:
    """``[5万元]{constant}`` marks a number that defines something; only its text is shown."""
    end = state.src.find("]", state.pos, min(state.posMax, state.pos + _MAX_CONSTANT))
    if state.src[state.pos] != "[" or not state.src.startswith(_CONSTANT_MARK, end):
        return False
    text = state.src[state.pos + 1 : end]
    if not text or re.search(r"[\[{\n]", text):
        return False
    if not silent:
        state.push("text", "", 0).content = text
    state.pos = end + len(_CONSTANT_MARK)
    return True


def _wording(state: StateInline, silent: bool) -> bool:
    """``[more than doubled]{if="…"}`` is its words, between marks that know the condition."""
    if state.src[state.pos] != "[":
        return False
    start, last, limit = state.pos, state.md.helpers.parseLinkLabel(state, state.pos), state.posMax
    mark = MARK.match(state.src, last + 1, limit) if last > start else None
    if mark is None:
        return False
    if not silent:
        opening = state.push("wording_open", "", 1)
        text = mark["condition"].replace(BAR, "|")
        words = state.src[start + 1 : last].replace(BAR, "|")
        opening.meta = {"offset": start, "words": words, "text": text}
        try:
            opening.meta["condition"] = parse_condition(text)
        except WordingError as error:
            opening.meta["error"] = error
        state.pos, state.posMax = start + 1, last
        state.md.inline.tokenize(state)
        state.push("wording_close", "", -1)
    state.pos, state.posMax = mark.end(), limit
    return True
