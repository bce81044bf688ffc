"""Emphasis beside Chinese punctuation.

CommonMark decides by the characters on both sides whether ``**`` may open or close. It assumes
that words are set apart by spaces, so in ``**粗体。**后文`` the closing run, after a punctuation
mark and before a letter, closes nothing. The amendment used here is the one proposed for
CommonMark by the markdown-cjk-friendly project: Chinese punctuation does not count as punctuation
for flanking, and a Chinese character on the far side counts as a word boundary.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from markdown_it.common.utils import isPunctChar, isWhiteSpace
from markdown_it.main import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType


@lru_cache(maxsize=4096)
def is_cjk(character: str) -> bool:
    """Whether a character belongs to Chinese, Japanese or Korean text, punctuation included.

    Wide symbols outside the CJK blocks are emoji, which stand in text of any language.
    """
    if unicodedata.east_asian_width(character) not in ("W", "F", "H"):
        return False
    return unicodedata.category(character) != "So" or "\u3000" <= character <= "\u33ff"


@lru_cache(maxsize=4096)
def _is_foreign_mark(character: str) -> bool:
    return isPunctChar(character) and not is_cjk(character)


class CjkStateInline(StateInline):
    """Scans delimiter runs with the amended flanking rules."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803  the library's names
        source, end = self.src, start
        while end < self.posMax and source[end] == source[start]:
            end += 1
        before = source[start - 1] if start > 0 else " "
        after = source[end] if end < self.posMax else " "
        # A token stands for a word, whatever its braces are.
        before = "0" if source[max(0, start - 2) : start] == "}}" else before
        after = "0" if source[end : end + 2] == "{{" else after
        return _scanned(before, after, end - start, canSplitWord)


def _scanned(before: str, after: str, length: int, can_split_word: bool) -> Scanned:
    space_before, space_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
    mark_before, mark_after = _is_foreign_mark(before), _is_foreign_mark(after)
    edge_before = space_before or mark_before or is_cjk(before)
    edge_after = space_after or mark_after or is_cjk(after)
    left = not space_after and (not mark_after or edge_before)
    right = not space_before and (not mark_before or edge_after)
    # ``_`` never works inside a word, so there it needs a mark of any script on the far side.
    opens = left and (can_split_word or not right or isPunctChar(before))
    closes = right and (can_split_word or not left or isPunctChar(after))
    return Scanned(opens, closes, length)


class CjkParserInline(ParserInline):
    """The inline parser over that state; the library offers no other way to hand it in."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = CjkStateInline(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens
