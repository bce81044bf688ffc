"""The tokens of documents and of queries: one tokenizer makes both.

Chinese is cut into bigrams; the last character of a run stands alone, so that one character is
found as the beginning of a token. Words are lower-cased and stand with their English stem, numbers
keep their decimal points. Wide and accented letters count as the plain ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from unicodedata import combining, normalize

from cases.search.stems import stem

HAN: Final = "\u3007\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
TOKEN: Final = re.compile(
    rf"(?P<han>[{HAN}]+)"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)*(?!\d)|\d+(?:\.\d+)+)"
    rf"|(?P<word>[^\W_{HAN}]+)(?:'s\b)?"
)
MOST_PLACES: Final = 8  # of one lexeme: more would say little and cost space
# A tsvector holds a mebibyte; what would not fit of a text that long is left out of it.
MOST_BYTES: Final = 900_000
_SHORT: Final = 500  # characters
_LAST_PLACE: Final = 16_383
_SPACES: Final = re.compile(rf"(?<=[{HAN}]) +(?=[^\W_{HAN}])|(?<=[^\W_{HAN}]) +(?=[{HAN}])")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


class _Folding(dict[int, str]):
    """Each character by its plain form, where that is one character: places stay as they are."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = "".join(one for one in normalize("NFKD", character) if not combining(one))
        plain = plain.casefold()
        self[code] = plain if len(plain) == 1 else character
        return self[code]


_FOLDED: Final = _Folding({ord("’"): "'"})


def composed(text: str) -> str:
    """The text with letters and their accents as one character, as it is stored and shown."""
    return normalize("NFC", text)


def fold(text: str) -> str:
    """The text in lower case, plain and narrow; as long as it was, character by character."""
    return text.translate(_FOLDED)


def squeezed(text: str) -> str:
    """Folded, without spaces between Chinese and others and without commas of thousands.

    By this a passage is looked for: 有 3,400 万 has the passage 有3400万.
    """
    return _THOUSANDS.sub("", _SPACES.sub("", fold(text)))


def lexemes_of(match: re.Match[str]) -> Iterator[tuple[str, ...]]:
    """The lexemes of one token, place by place."""
    text = match[0]
    if match["han"]:
        yield from ((text[at : at + 2],) for at in range(len(text)))
    elif match["number"]:
        yield (text.replace(",", ""),)
    else:
        word = match["word"]
        yield tuple(dict.fromkeys((word, stem(word))))


def lexemes(text: str) -> Iterator[tuple[str, ...]]:
    """The lexemes of a text, place by place."""
    for match in TOKEN.finditer(fold(text)):
        yield from lexemes_of(match)


@lru_cache(maxsize=1024)
def _short_lexemes(text: str) -> tuple[tuple[str, ...], ...]:
    """Thousands of series share a definition and a unit."""
    return tuple(lexemes(text))


def vector_texts(title: str, summary: str, body: str) -> tuple[str, str]:
    """As texts of tsvectors: title and summary alone, and with the body; each with its weight."""
    found: dict[str, list[str]] = {}
    place = _add(found, summary, "B", _add(found, title, "A", 0))
    headings = " ".join(_bounded(found))
    _add(found, body, "D", place)
    return headings, " ".join(_bounded(found))


def _add(found: dict[str, list[str]], part: str, weight: str, place: int) -> int:
    """Note where the lexemes of a part stand, from a place on; the last place."""
    for together in lexemes(part) if len(part) > _SHORT else _short_lexemes(part):
        place += 1
        for lexeme in together:
            places = found.setdefault(lexeme, [])
            if len(places) < MOST_PLACES:
                places.append(f"{min(place, _LAST_PLACE)}{weight}")
    return place


def _bounded(found: dict[str, list[str]]) -> Iterator[str]:
    size = 0
    for lexeme, places in found.items():
        if len(encoded := lexeme.encode()) > 2000:  # the longest that a tsvector takes is 2,046
            continue
        size += len(encoded) + 8 + 2 * len(places)
        if size > MOST_BYTES:
            return
        yield f"'{lexeme}':{','.join(places)}"
