"""Any figure in any of the words we read: what it says is known before it is read, and prints back.

test_round_trip reads forms as sources print them and test_print_back our own; here every qualifier,
scale, currency and mark of either language meets every other, with the value worked out beside.
"""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.stats.figures import parse_stated
from metrics.stats.numbers import format_figure
from metrics.stats.wording import (
    CHINESE_SCALES,
    CURRENCY_WORDS,
    ENGLISH_SCALES,
    LEADING_QUALIFIERS,
    RARE_SCALES,
    SCALE_ABBREVIATIONS,
    TRAILING_QUALIFIERS,
    Qualifier,
)

SCALES = {**CHINESE_SCALES, **ENGLISH_SCALES, **RARE_SCALES}
SCALES |= {short: ENGLISH_SCALES[word] for short, word in SCALE_ABBREVIATIONS.items()}
SCALES |= {"億": 8, "萬": 4, "萬億": 12, "": 0}
# Before and after the number; powers of ten that the mark itself multiplies by.
MARKS: dict[str, list[tuple[str, str, int]]] = {
    "percent": [("", mark, 0) for mark in ("%", "％", " percent", " per cent", "")]
    + [("百分之", "", 0)],
    "growth": [("", "%", 0), ("百分之", "", 0), ("", "倍", 2), ("", " times", 2), ("", "x", 2)],
    "points": [
        ("", mark, 0)
        for mark in ("个百分点", "百分点", "ppts", "ppt", " pp", " percentage points", "")
    ],
    "times": [("", mark, 0) for mark in ("倍", " times", "x", "-fold", " fold", "")],
    "index": [("", "", 0)],
    "count": [("", mark, 0) for mark in ("", "人", "家", " users", " people")],
    "duration": [("", mark, 0) for mark in ("天", "个月", "分钟", " days", " months", " minutes")],
}
KINDS = (*MARKS, "currency")
MINUS = ("-", "−", "–", "负", "minus ")
MORE = ("多", "余", "+", "-odd")
_WIDE = {ord(narrow): ord(narrow) + 0xFEE0 for narrow in map(chr, range(0x21, 0x7F))}


@dataclass(frozen=True)
class Said:
    """A text with what it says."""

    text: str
    value: Decimal
    resolution: Decimal
    qualifier: Qualifier
    currency: str = ""


@st.composite
def digits(draw: st.DrawFn) -> tuple[str, Decimal, int]:
    """A mantissa as printed, its value, and the power of ten of its last significant digit."""
    significant = draw(st.integers(0, 99_999))
    zeros, places = draw(st.integers(0, 3)), draw(st.integers(0, 4))
    if places:
        text = f"{significant:,}" if draw(st.booleans()) else str(significant)
        fraction = draw(st.integers(0, 10**places - 1))
        number = significant + Decimal(fraction).scaleb(-places)
        return f"{text}.{fraction:0{places}}", number, -places
    whole = significant * 10**zeros
    text = f"{whole:,}" if draw(st.booleans()) else str(whole)
    trailing = len(str(whole)) - len(str(whole).rstrip("0")) if whole else 0
    return text, Decimal(whole), trailing


def _is_word(text: str) -> bool:
    return bool(text) and text[0].isascii() and text[0].isalnum()


def _spaced(first: str, second: str, space: str) -> str:
    """Latin words stand apart; others may."""
    if not (first and second):
        return first + second
    must = _is_word(first[-1]) and _is_word(second) and not first[-1].isdigit()
    return first + (space or " " if must else space) + second


@st.composite
def said(draw: st.DrawFn, unit_kind: str) -> Said:
    number, value, power = draw(digits())
    space = draw(st.sampled_from(["", " ", "\u3000"]))
    before, after, shift, scale, currency = "", "", 0, "", ""
    if unit_kind in ("count", "currency"):
        scale = draw(st.sampled_from(sorted(SCALES)))
        shift = SCALES[scale]
    if unit_kind == "currency":
        word = draw(st.sampled_from(sorted(CURRENCY_WORDS)))
        currency = CURRENCY_WORDS[word]
        before, after = (word, "") if draw(st.booleans()) else ("", word)
    else:
        before, after, more = draw(st.sampled_from(MARKS[unit_kind]))
        shift += more
    place = draw(st.sampled_from(["", "before", "after", "more"]))
    text = number
    for word in (scale, after):
        text = _spaced(text, word, space)
        if place == "more" and word == scale:  # 200多万, 2万多
            text += draw(st.sampled_from(MORE))
    text = _spaced(before, text, space)
    if value and draw(st.integers(0, 3)) == 3:
        text, value = draw(st.sampled_from(MINUS)) + text, -value
    qualifier = Qualifier.OVER if place == "more" else Qualifier.EXACT
    if place == "before":
        word = draw(st.sampled_from(sorted(LEADING_QUALIFIERS)))
        text, qualifier = _spaced(word, text, space), LEADING_QUALIFIERS[word]
    elif place == "after":
        word = draw(st.sampled_from(sorted(TRAILING_QUALIFIERS)))
        text, qualifier = _spaced(text, word, space), TRAILING_QUALIFIERS[word]
    if draw(st.booleans()):
        text = text.translate(_WIDE)
    return Said(text, value.scaleb(shift), Decimal(1).scaleb(power + shift), qualifier, currency)


def assert_read(one: Said, unit_kind: str) -> None:
    figure = parse_stated(one.text, unit_kind=unit_kind)
    assert (figure.value, figure.resolution) == (one.value, one.resolution)
    assert figure.qualifier is one.qualifier
    if unit_kind == "currency":
        assert figure.unit_hint == one.currency
    for language in ("zh-hans", "en"):
        printed = format_figure(
            figure.value,
            unit_kind=unit_kind,
            unit_key=figure.unit_hint if unit_kind == "currency" else "",
            language=language,
            qualifier=figure.qualifier,
            stated_scale=figure.scale,
            resolution=figure.resolution,
        ).text
        again = parse_stated(printed, unit_kind=unit_kind)
        assert (again.value, again.qualifier) == (figure.value, figure.qualifier)
        if unit_kind == "currency":
            assert again.unit_hint == figure.unit_hint


@pytest.mark.parametrize("unit_kind", KINDS)
@settings(max_examples=300)
@given(data=st.data())
def test_figure_in_any_words_says_what_it_says(unit_kind: str, data: st.DataObject) -> None:
    assert_read(data.draw(said(unit_kind)), unit_kind)
