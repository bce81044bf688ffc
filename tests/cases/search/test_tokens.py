"""One tokenizer makes documents and queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.search.tokens import MOST_BYTES, composed, fold, lexemes, squeezed, vector_texts
from tests.cases.search.finding import finds

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
CHINESE = st.text(HAN, min_size=2, max_size=40)
MIXED = st.text(st.one_of(HAN, st.sampled_from("abcXYZ019 ,.。，\n·%")), max_size=60)


def flat(text: str) -> list[str]:
    return [lexeme for together in lexemes(text) for lexeme in together]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("金融科技", ["金融", "融科", "科技", "技"]),
        ("金，融", ["金", "融"]),
        ("8.29亿", ["8.29", "亿"]),
        ("3,400万人", ["3400", "万人", "人"]),
        ("829 million", ["829", "million"]),
        ("34.6%", ["34.6"]),
        ("ＷｅＢａｎｋ８.２９", ["webank8", "29"]),
        ("Crédit", ["credit"]),
        ("banks", ["banks", "bank"]),
        ("bank's", ["bank"]),
        ("webank.registered-users", ["webank", "registered", "regist", "users", "user"]),
        ("5G网络", ["5g", "网络", "络"]),
        ("", []),
        ("？！ ·", []),
    ],
)
def test_text_is_cut_into_lexemes(text: str, expected: list[str]) -> None:
    assert flat(text) == expected


@given(CHINESE, st.data())
def test_any_two_characters_of_a_text_find_it(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 2))
    assert finds(text[at : at + 2], text)


@given(MIXED, st.text(HAN, min_size=2, max_size=2))
def test_two_characters_find_what_has_them_side_by_side_and_nothing_else(
    text: str, words: str
) -> None:
    assert finds(words, text) == (words in text)


@given(MIXED, st.text(HAN, min_size=3, max_size=6))
def test_longer_chinese_is_found_where_it_stands_so(text: str, words: str) -> None:
    assert finds(words, text) == (words in text)
    assert finds(words, text + words)


def test_bigrams_that_stand_apart_are_no_longer_word() -> None:
    assert not finds("金融科", "金融和融科")
    assert finds("金融科", "说金融科技")


@given(MIXED, st.data())
def test_one_character_finds_what_has_it(text: str, data: st.DataObject) -> None:
    character = data.draw(HAN)
    assert finds(character, text) == (character in text)


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("text", ["有 3,400 万户", "有3400万户", "有\u20093,400\u2009万户"])
def test_figure_is_found_however_it_is_spaced(text: str) -> None:
    assert squeezed(text) == "有3400万户"
    assert finds("3,400万", text)
    assert finds("3400万户", text)
    assert finds("3,400", text)


def test_letters_with_accents_apart_are_composed() -> None:
    assert flat(composed("cre\u0301dit")) == ["credit"]


def test_weights_and_places_are_those_of_the_parts() -> None:
    headings, vector = vector_texts("Bank", "A bank", "银行")
    assert headings == "'bank':1A,3B 'a':2B"
    assert vector == f"{headings} '银行':4D '行':5D"


def test_vector_of_a_huge_text_is_bounded() -> None:
    text = "".join(chr(0x4E00 + n % 20000) for n in range(400_000))
    assert len(vector_texts("t", "", text)[1].encode()) < 3 * MOST_BYTES
    assert vector_texts("", "x" * 5000, "") == ("", "")
