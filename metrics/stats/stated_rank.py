"""Ranks as sources state them: 首位, 首家, 第一, 18位, 18th, No. 18, first."""

from __future__ import annotations

import re

RANKS = re.compile(
    r"榜首|首[位家名个]?(?![^\W\d_])"
    r"|第?[0-9]{1,6}[位名]|第[0-9]{1,6}|第?[一二三四五六七八九十]{1,3}[位名]|第[一二三四五六七八九十]{1,3}"
    r"|[0-9]{1,6}(?:st|nd|rd|th)\b(?: place)?|(?:no\. ?|#)[0-9]{1,6}|first(?: place)?\b"
    r"|(?:second|third)(?: place)?\b|[0-9]{1,6}(?![0-9.,])",
    re.IGNORECASE,
)
_DIGITS = "一二三四五六七八九"
_WORDS = {"first": 1, "second": 2, "third": 3}


def rank_number(word: str) -> int:
    """Return the rank that a match of RANKS states."""
    if digits := re.search(r"[0-9]+", word):
        return int(digits.group())
    if word.startswith(("首", "榜首")):
        return 1
    if english := re.match(r"[a-z]+", word, re.IGNORECASE):
        return _WORDS[english.group().lower()]
    return _chinese(re.sub(r"[第位名]", "", word))


def _chinese(numeral: str) -> int:
    """Return a Chinese numeral up to 99."""
    tens, ten, ones = numeral.rpartition("十")
    unit = _DIGITS.index(ones) + 1 if ones else 0
    return unit + (10 * (_DIGITS.index(tens) + 1 if tens else 1) if ten else 0)
