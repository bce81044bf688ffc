import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.charts.text import text_width, truncate, wrap


def test_chinese_character_is_one_em() -> None:
    assert text_width("微众银行", 14) == 56


def test_digit_is_wider_than_a_letter_and_narrower_than_a_character() -> None:
    assert text_width("a", 10) < text_width("1", 10) < text_width("万", 10)


def test_fitting_text_stays_whole() -> None:
    assert truncate("微众银行", 56) == "微众银行"


def test_long_text_ends_in_an_ellipsis() -> None:
    assert truncate("零售业务通过代理人渠道", 70) == "零售业务…"


@given(st.text(max_size=60), st.floats(20, 400))
def test_truncated_text_fits(text: str, room: float) -> None:
    assert text_width(truncate(text, room)) <= room


@given(st.text(alphabet="中国平安人寿 abcXYZ，（）0123", max_size=60), st.floats(40, 400))
def test_wrapped_lines_fit_and_keep_to_their_number(text: str, room: float) -> None:
    lines = wrap(text, room, 2)
    assert 1 <= len(lines) <= 2
    assert all(text_width(line) <= room for line in lines)


def test_english_breaks_at_spaces() -> None:
    assert wrap("Ping An Healthcare Technology", 160) == ("Ping An Healthcare", "Technology")


def test_chinese_breaks_between_characters() -> None:
    assert wrap("养老险团体短期险", 84) == ("养老险团体短", "期险")


@pytest.mark.parametrize("text", ["平安产险，健康险", "零售业务（新增）"])
def test_line_never_begins_or_ends_with_the_wrong_punctuation(text: str) -> None:
    first, second = wrap(text, 75)
    assert second[0] not in "，）"
    assert first[-1] != "（"


def test_word_without_a_break_is_cut() -> None:
    assert wrap("Internationalisation", 70)[0].endswith("…")
