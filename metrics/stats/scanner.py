"""A cursor over the text of a stated figure, and the patterns it steps by."""

from __future__ import annotations

import re
from collections.abc import Iterable

from metrics.stats.phrases import Phrase
from metrics.stats.wording import (
    CHINESE_SCALES,
    CURRENCY_WORDS,
    ENGLISH_SCALES,
    LEADING_QUALIFIERS,
    RARE_SCALES,
    SCALE_ABBREVIATIONS,
    TRAILING_QUALIFIERS,
)


def _alternatives(words: Iterable[str]) -> str:
    """Return a pattern of the words, longest first; a Latin word ends at a word boundary."""
    listed = sorted(words, key=len, reverse=True)
    return "|".join(
        re.escape(word) + (r"(?![A-Za-z])" if word[-1].isascii() and word[-1].isalpha() else "")
        for word in listed
    )


_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Signs that print alike: spaces, minus signs (a true one, an en dash, a small one), the yen sign;
# and the traditional forms of the scales: 8.29億 is no 8.29 of something called 億.
_ALIKE = {0x3000: 0x20, 0x2212: 0x2D, 0x2013: 0x2D, 0xFE63: 0x2D, 0xFFE5: 0xA5}
_ALIKE |= {ord("億"): ord("亿"), ord("萬"): ord("万")}
SCALE_WORDS = {**RARE_SCALES, **CHINESE_SCALES, **ENGLISH_SCALES}
CURRENCIES = {word.lower(): code for word, code in CURRENCY_WORDS.items()}
LEADING = re.compile(rf"(?:{_alternatives(LEADING_QUALIFIERS)})", re.IGNORECASE)
TRAILING = re.compile(rf"(?:{_alternatives(TRAILING_QUALIFIERS)})", re.IGNORECASE)
CURRENCY = re.compile(rf"(?:{_alternatives(CURRENCY_WORDS)})", re.IGNORECASE)
SCALE = re.compile(rf"(?:{_alternatives([*SCALE_WORDS, *SCALE_ABBREVIATIONS])})", re.IGNORECASE)
SIGN = re.compile(r"[+-](?=[^0-9\s])")  # before a currency: −US$5
PERCENT_SIGN = re.compile(r"[+-](?=\s*百分之)")
MINUS_WORD = re.compile(r"负|minus(?![a-z])", re.IGNORECASE)
PERCENT_WORD = re.compile(r"百分之")
MORE = re.compile(r"多|余|\+|plus(?![a-z])|-?odd(?![a-z])", re.IGNORECASE)
# A first group of zeros is no thousand: 0,123 is a decimal comma, to be asked about.
MANTISSA = re.compile(r"[+-]?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?![0-9.,])")
MARKS = {
    "%": re.compile(r"%|per ?cent(?![a-z])", re.IGNORECASE),
    "points": re.compile(
        r"个?百分点|ppts?(?![a-z])|pp(?![a-z])|percentage points?(?![a-z])", re.IGNORECASE
    ),
    "times": re.compile(r"倍|times?(?![a-z])|x(?![a-z])|-?fold(?![a-z])", re.IGNORECASE),
}
NOUN = re.compile(r"[^\W\d_](?:[^\W\d_]|[ /-](?=[^\W\d_]))*")
_LATIN = [word for word in TRAILING_QUALIFIERS if word[0].isascii()]
_HAN = [word for word in TRAILING_QUALIFIERS if not word[0].isascii()]
TRAILING_IN_NOUN = re.compile(
    rf"(?:(?<![A-Za-z])(?:{_alternatives(_LATIN)})|{_alternatives([*_HAN, '多'])})$", re.IGNORECASE
)


class StatedFigureError(ValueError):
    """A text that is no stated figure; names the place (``position`` counts from 1)."""

    def __init__(self, text: str, position: int, expected: str) -> None:
        self.text, self.position, self.expected = text, position, expected
        self.message = Phrase(
            "%(text)s, character %(position)s: expected %(expected)s",
            text=repr(text),
            position=position,
            expected=expected,
        )
        super().__init__(self.message)


class Scanner:
    """A cursor over a figure's text, full-width forms already narrow (lengths unchanged)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.source = text.translate(_FULL_WIDTH | _ALIKE)
        self.position = 0

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return the match of the pattern here and step past it, else None."""
        self.skip_space()
        match = pattern.match(self.source, self.position)
        if match:
            self.position = match.end()
        return match

    def skip_space(self) -> None:
        while self.source[self.position : self.position + 1].isspace():
            self.position += 1

    def take(self, pattern: re.Pattern[str]) -> str:
        """Return the text that the pattern matches here and step past it, else an empty one."""
        match = self.match(pattern)
        return match.group() if match else ""

    def error(self, expected: str) -> StatedFigureError:
        return StatedFigureError(self.text, self.position + 1, expected)

    def finish(self) -> None:
        if self.source[self.position :].strip():
            raise self.error(Phrase("the end of the figure"))
