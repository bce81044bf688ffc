"""English stems by the Porter2 algorithm, as Snowball defines it.

https://snowballstem.org/algorithms/english/stemmer.html. In plain Python, because the words of a
document, of a query and those marked in a result have to be told alike by one tokenizer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_INVARIANT: Final = frozenset({"sky", "news", "howe", "atlas", "cosmos", "bias", "andes"})
_IRREGULAR: Final = {
    "skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "idly": "idl",
    "gently": "gentl", "ugly": "ugli", "early": "earli", "only": "onli", "singly": "singl",
}  # fmt: skip
_DONE_AFTER_PLURAL: Final = frozenset(
    {"inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed"}
)
_LONG_FIRST_PART: Final = ("gener", "commun", "arsen")
_VOWEL: Final = re.compile(r"[aeiouy]")
_AFTER_SYLLABLE: Final = re.compile(r"[^aeiouy]*[aeiouy]+[^aeiouy]")
_ENDS_SHORT: Final = re.compile(r"(?:[^aeiouy][aeiouy][^aeiouywxY]|^[aeiouy][^aeiouy])$")
_DOUBLE: Final = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
# Longest first: the longest ending that fits is the one that counts.
_STEP_2: Final = {
    "ization": "ize", "ational": "ate", "fulness": "ful", "ousness": "ous", "iveness": "ive",
    "tional": "tion", "biliti": "ble", "lessli": "less", "entli": "ent", "ation": "ate",
    "alism": "al", "aliti": "al", "ousli": "ous", "iviti": "ive", "fulli": "ful", "enci": "ence",
    "anci": "ance", "abli": "able", "izer": "ize", "ator": "ate", "alli": "al", "bli": "ble",
    "ogi": "og", "li": "",
}  # fmt: skip
_STEP_3: Final = {
    "ational": "ate", "tional": "tion", "alize": "al", "icate": "ic", "iciti": "ic", "ative": "",
    "ical": "ic", "ness": "", "ful": "",
}  # fmt: skip
_STEP_4: Final = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous",
    "ive", "ize", "ion", "al", "er", "ic",
)  # fmt: skip


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of a lower-case word; what is not of Latin letters alone stays as it is."""
    if len(word) <= 2 or not (word.isascii() and word.isalpha()) or word in _INVARIANT:
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    word = _without_plural(_marked(word))
    if word in _DONE_AFTER_PLURAL:
        return word
    first, second = _regions(word)
    word = _final_y(_without_ending(word, first))
    word = _step_3(_step_2(word, first), first, second)
    return _step_5(_step_4(word, second), first, second).lower()


def _marked(word: str) -> str:
    """With Y for every y that is a consonant."""
    return re.sub(r"^y|(?<=[aeiouy])y", "Y", word)


def _regions(word: str) -> tuple[int, int]:
    """Where R1 and R2 begin: after the first and the second syllable."""
    for part in _LONG_FIRST_PART:
        if word.startswith(part):
            first = len(part)
            break
    else:
        match = _AFTER_SYLLABLE.match(word)
        first = match.end() if match else len(word)
    match = _AFTER_SYLLABLE.match(word, first)
    return first, match.end() if match else len(word)


def _without_plural(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ied", "ies")):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith(("us", "ss")) or not word.endswith("s"):
        return word
    return word[:-1] if _VOWEL.search(word, 0, len(word) - 2) else word


def _without_ending(word: str, first: int) -> str:
    """Without -eed, -ed, -ing and their adverbs."""
    for ending in ("eedly", "eed"):
        if word.endswith(ending):
            at = len(word) - len(ending)
            return word[: at + 2] if at >= first else word
    for ending in ("ingly", "edly", "ing", "ed"):
        if word.endswith(ending):
            rest = word[: -len(ending)]
            return _repaired(rest, first) if _VOWEL.search(rest) else word
    return word


def _repaired(word: str, first: int) -> str:
    if word.endswith(("at", "bl", "iz")):
        return f"{word}e"
    if word.endswith(_DOUBLE):
        return word if len(word) == 3 and word[0] in "aeo" else word[:-1]  # add, egg, off
    is_short = len(word) <= first and _ENDS_SHORT.search(word)
    return f"{word}e" if is_short else word


def _final_y(word: str) -> str:
    if len(word) > 2 and word[-1] in "yY" and not _VOWEL.match(word[-2]):
        return f"{word[:-1]}i"
    return word


def _step_2(word: str, first: int) -> str:
    for ending, replacement in _STEP_2.items():
        if word.endswith(ending):
            at = len(word) - len(ending)
            before = word[at - 1 : at]
            is_barred = (ending == "ogi" and before != "l") or (
                ending == "li" and before not in tuple("cdeghkmnrt")
            )
            return word if at < first or is_barred else word[:at] + replacement
    return word


def _step_3(word: str, first: int, second: int) -> str:
    for ending, replacement in _STEP_3.items():
        if word.endswith(ending):
            at = len(word) - len(ending)
            is_barred = at < first or (ending == "ative" and at < second)
            return word if is_barred else word[:at] + replacement
    return word


def _step_4(word: str, second: int) -> str:
    for ending in _STEP_4:
        if word.endswith(ending):
            at = len(word) - len(ending)
            is_barred = at < second or (ending == "ion" and word[at - 1 : at] not in ("s", "t"))
            return word if is_barred else word[:at]
    return word


def _step_5(word: str, first: int, second: int) -> str:
    at = len(word) - 1
    if word.endswith("e"):
        is_dropped = at >= second or (at >= first and not _ENDS_SHORT.search(word[:at]))
        return word[:at] if is_dropped else word
    return word[:at] if word.endswith("ll") and at >= second else word
