"""The counted noun of a stated figure (人次, users), and the words that are none.

A word behind a number that changes the number is never taken for a noun: 3百 (300, not 3), 5½,
1个半月, two dozen, 50w (for 万), 5仟. What we cannot read is refused, at its place.
"""

from __future__ import annotations

import re

from metrics.stats.phrases import Phrase
from metrics.stats.scanner import CURRENCY, MARKS, NOUN, TRAILING_IN_NOUN, Scanner

_ENGLISH = (
    "hundreds? thousands? millions? billions? trillions? quadrillions? dozens? scores? lakhs? lacs?"
    " crores? mil mill bil bill tril trill thou mrd bio tr hundredth thousandth percent"
)
_WORDS = "|".join(_ENGLISH.split())
# More numeral, a half, an unknown scale, a range, or what a second figure would begin with.
_NO_NOUN = re.compile(
    r"[〇零一二三四五六七八九十百千万亿兆几数廿卅两兩壹贰叁肆伍陆柒捌玖拾佰仟]|.{0,2}半|[^\W\d_]*分之|[至到]|成$|.余$"
    r"|.*(?:以上|以下|以内|左右)"
    rf"|(?:{_WORDS})(?![a-z])|(?:and|or|to|out|in|by|per|of|times)(?= |$)"
    r"|[ew](?![a-z])|(?-i:T|MM|G)(?![A-Za-z])",
    re.IGNORECASE,
)


def take_noun(scanner: Scanner) -> str:
    """Take the counted noun, up to a trailing qualifier. Raises StatedFigureError."""
    start = scanner.position
    noun = scanner.take(NOUN)
    if (tail := TRAILING_IN_NOUN.search(noun)) is not None:
        scanner.position -= len(noun) - tail.start()
        noun = noun[: tail.start()]
    noun = noun.rstrip()
    has_figure = any(not (letter.isalpha() or letter in " /-") for letter in noun)
    is_mark = any(pattern.fullmatch(noun) for pattern in (*MARKS.values(), CURRENCY))
    if has_figure or is_mark or _NO_NOUN.match(noun):
        scanner.position = start
        scanner.skip_space()
        raise scanner.error(Phrase("a counted noun"))
    return noun
