"""A figure in the form we print comes back letter by letter; in the other language, scale by scale.

test_round_trip reads whatever sources print; here every word we print ourselves is generated.
"""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from metrics.stats.figures import UNIT_KINDS, StatedFigure, StatedFigureError, parse_stated
from metrics.stats.numbers import format_figure
from metrics.stats.wording import (
    CHINESE,
    CHINESE_CURRENCIES,
    CHINESE_SCALES,
    CURRENCY_WORDS,
    ENGLISH,
    ENGLISH_CURRENCIES,
    ENGLISH_SCALES,
    LEADING_QUALIFIERS,
    QUALIFIER_WORDS,
    RARE_SCALES,
    SCALE_ABBREVIATIONS,
    TRAILING_QUALIFIERS,
    Qualifier,
)

LANGUAGES = (CHINESE, ENGLISH)
SCALES = {CHINESE: ("", *CHINESE_SCALES), ENGLISH: ("", *ENGLISH_SCALES)}
SUFFIXES = {
    CHINESE: {"percent": ["%"], "growth": ["%", "倍"], "points": ["个百分点"], "times": ["倍"]},
    ENGLISH: {"percent": ["%"], "growth": ["%"], "points": [" percentage points"],
              "times": [" times"]},
}  # fmt: skip
SCALED = ("count", "currency")


def printed(figure: StatedFigure, unit_kind: str, language: str) -> str:
    return format_figure(
        figure.value,
        unit_kind=unit_kind,
        unit_key=figure.unit_hint if unit_kind == "currency" else "",
        language=language,
        qualifier=figure.qualifier,
        stated_scale=figure.scale,
        resolution=figure.resolution,
    ).text


@st.composite
def mantissas(draw: st.DrawFn) -> str:
    whole, places = draw(st.integers(0, 9_999_999)), draw(st.integers(0, 4))
    sign = draw(st.sampled_from(["", "−"]))
    digits = f"{whole:,}"
    if places:
        digits += f".{draw(st.integers(0, 10**places - 1)):0{places}d}"
    assume(any(digit in "123456789" for digit in digits))  # zero has no sign and needs no scale
    assume(digits != "1")  # 1 time, 1 percentage point
    return sign + digits


@st.composite
def canonical(draw: st.DrawFn, unit_kind: str, language: str) -> str:
    """A figure as we print it, in one language."""
    number = draw(mantissas())
    scale = draw(st.sampled_from(SCALES[language])) if unit_kind in SCALED else ""
    word = QUALIFIER_WORDS[language][draw(st.sampled_from(Qualifier))]
    space = " " if language == ENGLISH else ""
    if scale:
        number += space + scale
    if unit_kind == "currency":
        code = draw(st.sampled_from(sorted(CHINESE_CURRENCIES)))
        if language == CHINESE:
            number += CHINESE_CURRENCIES[code]
        else:
            sign, number = ("−", number[1:]) if number[0] == "−" else ("", number)
            number = sign + ENGLISH_CURRENCIES.get(code, f"{code} ") + number
    number += draw(st.sampled_from(SUFFIXES[language].get(unit_kind, [""])))
    return f"{word}{space if word else ''}{number}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit_kind", [kind for kind in UNIT_KINDS if kind != "rank"])
@given(data=st.data())
def test_what_we_print_prints_back_letter_by_letter(
    unit_kind: str, language: str, data: st.DataObject
) -> None:
    text = data.draw(canonical(unit_kind, language))
    figure = parse_stated(text, unit_kind=unit_kind)
    assert printed(figure, unit_kind, language) == text
    other = ENGLISH if language == CHINESE else CHINESE
    again = parse_stated(printed(figure, unit_kind, other), unit_kind=unit_kind)
    assert (again.value, again.qualifier) == (figure.value, figure.qualifier)


@given(st.integers(1, 999_999))
def test_rank_prints_and_reads_back(rank: int) -> None:
    figure = parse_stated(str(rank), unit_kind="rank")
    for language in LANGUAGES:
        text = format_figure(figure.value, unit_kind="rank", language=language).text
        assert parse_stated(text.replace(",", ""), unit_kind="rank").value == rank


@pytest.mark.parametrize(
    ("unit_kind", "chinese", "english"),
    [
        ("count", "8.29亿", "829 million"),
        ("count", "3,400万", "34 million"),
        ("count", "超过6,000万", "over 60 million"),
        ("count", "近1,200万", "nearly 12 million"),
        ("count", "12万亿", "12 trillion"),
        ("count", "140.75万", "1.4075 million"),
        ("currency", "8,700亿元", "CNY 870 billion"),
        ("currency", "394亿美元", "US$39.4 billion"),
        ("currency", "−2.5亿港元", "−HK$250 million"),
        ("percent", "34.6%", "34.6%"),
        ("points", "6.1个百分点", "6.1 percentage points"),
        ("growth", "1.2倍", "120%"),
        ("times", "1.2倍", "1.2 times"),
    ],
)
def test_one_stored_number_prints_in_the_scale_of_either_language(
    unit_kind: str, chinese: str, english: str
) -> None:
    figure = parse_stated(chinese, unit_kind=unit_kind)
    assert (printed(figure, unit_kind, CHINESE), printed(figure, unit_kind, ENGLISH)) == (
        chinese,
        english,
    )
    if unit_kind != "growth":  # a growth of 120% is one, whoever first called it 1.2倍
        back = parse_stated(english, unit_kind=unit_kind)
        assert back.value == figure.value
        assert printed(back, unit_kind, CHINESE) == chinese


@pytest.mark.parametrize("word", [*CHINESE_SCALES, *ENGLISH_SCALES, *RARE_SCALES])
def test_every_scale_word_multiplies(word: str) -> None:
    power = {**CHINESE_SCALES, **ENGLISH_SCALES, **RARE_SCALES}[word]
    assert parse_stated(f"1.25 {word}", unit_kind="count").value * 100 == 125 * 10**power


@pytest.mark.parametrize("word", SCALE_ABBREVIATIONS)
def test_every_abbreviation_of_a_scale_is_that_scale(word: str) -> None:
    short, full = (
        parse_stated(f"{one}2{other}", unit_kind="currency")
        for one, other in (("$", word), ("$", f" {SCALE_ABBREVIATIONS[word]}"))
    )
    assert (short.value, short.scale) == (full.value, full.scale)


@pytest.mark.parametrize("word", CURRENCY_WORDS)
def test_every_currency_is_read_before_or_after_the_number(word: str) -> None:
    for text in (f"{word} 5", f"5 {word}"):
        assert parse_stated(text, unit_kind="currency").unit_hint == CURRENCY_WORDS[word]


@pytest.mark.parametrize("word", LEADING_QUALIFIERS)
def test_every_qualifier_is_read_before_the_number(word: str) -> None:
    figure = parse_stated(f"{word} 60", unit_kind="count")
    assert (figure.value, figure.qualifier) == (60, LEADING_QUALIFIERS[word])


@pytest.mark.parametrize("word", TRAILING_QUALIFIERS)
@pytest.mark.parametrize(("unit_kind", "unit"), [("count", "人"), ("count", ""), ("percent", "%")])
def test_every_qualifier_is_read_behind_the_number(word: str, unit_kind: str, unit: str) -> None:
    figure = parse_stated(f"60{unit} {word}", unit_kind=unit_kind)
    assert (figure.value, figure.qualifier) == (60, TRAILING_QUALIFIERS[word])


MARKS = ["\u200f", "\u202e", "\u200b", "\ufeff", "\u2066", "\x00", "\u0301"]


@given(st.data(), st.sampled_from([kind for kind in UNIT_KINDS if kind != "rank"]))
def test_mark_that_nobody_sees_is_refused_wherever_it_stands(
    data: st.DataObject, unit_kind: str
) -> None:
    """A right-to-left override can show 92亿 where 29亿 is stored."""
    text = data.draw(canonical(unit_kind, CHINESE))
    place = data.draw(st.integers(0, len(text)))
    marked = text[:place] + data.draw(st.sampled_from(MARKS)) + text[place:]
    with pytest.raises(StatedFigureError) as caught:
        parse_stated(marked, unit_kind=unit_kind)
    assert 1 <= caught.value.position <= place + 1


@pytest.mark.parametrize(
    "text", ["1e5", "NaN", "Infinity", "-inf", "sNaN", "0x1F", "1_000", "٣", "१"]
)
@pytest.mark.parametrize("unit_kind", UNIT_KINDS)
def test_what_python_would_take_for_a_number_is_refused(text: str, unit_kind: str) -> None:
    with pytest.raises(StatedFigureError):
        parse_stated(text, unit_kind=unit_kind)
