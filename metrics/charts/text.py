"""Text in a drawing: how wide it is, and how to make it fit.

Fonts are not measured: a CJK character is one em, a tabular digit 0.64 em, any other
character 0.56 em on average, which is right to within a tenth for the faces the site uses.
"""

from functools import lru_cache
from unicodedata import east_asian_width

FONT_SIZE = 14
LINE_HEIGHT = 18
LATIN_EM = 0.56
DIGIT_EM = 0.64
ELLIPSIS = "…"
# Set in the Chinese face, and so as wide as a character, wherever text is Chinese.
_SHARED = frozenset("…—“”‘’·")


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = FONT_SIZE) -> float:
    """Estimated width of `text` in user units at `size`."""
    return size * sum(map(_em, text))


def _em(char: str) -> float:
    if char.isdigit():
        return DIGIT_EM
    return 1.0 if east_asian_width(char) in "WF" or char in _SHARED else LATIN_EM


def truncate(text: str, room: float, size: float = FONT_SIZE) -> str:
    """`text`, cut with an ellipsis where it is wider than `room`."""
    if text_width(text, size) <= room:
        return text
    kept = text
    while kept and text_width(kept.rstrip() + ELLIPSIS, size) > room:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def wrap(text: str, room: float, lines: int = 2, size: float = FONT_SIZE) -> tuple[str, ...]:
    """`text` in at most `lines` lines of `room`; the last is cut where it does not fit.

    Lines break at spaces in Latin text and between any two Chinese characters.
    """
    if lines <= 1 or text_width(text, size) <= room:
        return (truncate(text, room, size),)
    end = _break_at(text, room, size)
    if end == 0:
        return (truncate(text, room, size),)
    return (text[:end].rstrip(), *wrap(text[end:].lstrip(), room, lines - 1, size))


# A line neither begins with closing punctuation nor ends with opening punctuation.
_NO_START = "，。、；：！？）》」』”’%,.;:!?)"
_NO_END = "（《「『“‘("


def _break_at(text: str, room: float, size: float) -> int:
    """The longest prefix that fits and ends where a line may break; 0 where there is none."""
    best, used = 0, 0.0
    for index, char in enumerate(text[:-1]):
        used += text_width(char, size)
        if used > room:
            break
        if _may_break(char, text[index + 1]):
            best = index + 1
    return best


def _may_break(before: str, after: str) -> bool:
    if after in _NO_START or before in _NO_END:
        return False
    is_cjk = east_asian_width(before) in "WF" or east_asian_width(after) in "WF"
    return is_cjk or before.isspace() or after.isspace() or before in "-/"
