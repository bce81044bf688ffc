"""Phrases in the language in force, whoever made them."""

import pytest
from django.utils.translation import override

from metrics.stats.formula import FormulaError, parse_formula
from metrics.stats.periods import Period, PeriodError
from metrics.stats.phrases import Phrase
from metrics.translation import translated


def period_error(code: str) -> str:
    with pytest.raises(PeriodError) as caught:
        Period.parse(code)
    assert caught.value.message == str(caught.value)
    return caught.value.message


@pytest.mark.parametrize(
    ("code", "chinese"),
    [
        ("20l8", "时期 '20l8'：应为 2018、2018-S1、"),
        ("2018-13", "时期 '2018-13' 在日历中不存在"),
        ("2018/2017", "时期 '2018/2017'：起点应早于终点"),
        ("2018/2018-12", "时期 '2018/2018-12'：起止两端应为同一种时期"),
    ],
)
def test_period_that_is_none_is_told_in_chinese(code: str, chinese: str) -> None:
    with override("zh-hans"):
        assert translated(period_error(code)).startswith(chinese)


def test_language_is_that_of_whoever_shows_the_words() -> None:
    with override("zh-hans"):
        message = period_error("20l8")
    with override("en"):
        assert translated(message) == message
        assert message.startswith("period '20l8': expected 2018, ")


def test_param_that_is_a_phrase_is_translated_too() -> None:
    with pytest.raises(FormulaError) as caught:
        parse_formula("a +")
    told = Phrase("%(what)s: %(reason)s", what="a +", reason=caught.value.message)
    assert told == "a +: expected a number, a name or '(', not the end"
    with override("zh-hans"):
        assert translated(told) == "a +：应为数字、名称或“(”，而不是 结尾"


def test_other_words_stay_as_they_are() -> None:
    with override("zh-hans"):
        assert translated("expected one value") == "expected one value"
