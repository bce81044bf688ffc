"""Words of stated figures, in both languages: qualifiers, scales, currencies."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Qualifier(StrEnum):
    """How a source hedges a figure: ``nearly`` approaches from below, ``over`` is at least."""

    EXACT = "exact"
    OVER = "over"
    UNDER = "under"
    NEARLY = "nearly"
    ABOUT = "about"


CHINESE, ENGLISH = "zh-hans", "en"

# What we print; what we read is longer.
QUALIFIER_WORDS: Mapping[str, Mapping[Qualifier, str]] = {
    CHINESE: {
        Qualifier.EXACT: "",
        Qualifier.OVER: "超过",
        Qualifier.UNDER: "不到",
        Qualifier.NEARLY: "近",
        Qualifier.ABOUT: "约",
    },
    ENGLISH: {
        Qualifier.EXACT: "",
        Qualifier.OVER: "over",
        Qualifier.UNDER: "under",
        Qualifier.NEARLY: "nearly",
        Qualifier.ABOUT: "about",
    },
}

_LEADING = {
    Qualifier.OVER: (
        "超过 超出 超 过 逾 多于 高于 大于 不少于 不低于 不小于 至少 最少 最低 突破 > ≥ >="
        " more_than over above at_least exceeding upwards_of in_excess_of just_over slightly_over"
        " well_over a_little_over slightly_more_than no_less_than not_less_than no_fewer_than"
        " a_minimum_of"
    ),
    Qualifier.UNDER: (
        "不到 不足 不及 低于 少于 小于 不超过 不多于 不高于 不大于 至多 最多 最高 未满 < ≤ <="
        " less_than fewer_than under below at_most up_to no_more_than not_more_than not_exceeding"
        " a_maximum_of as_many_as as_much_as"
    ),
    Qualifier.NEARLY: (
        "将近 接近 近 几近 逼近 临近 nearly almost close_to approaching just_under just_below"
        " just_short_of slightly_under slightly_below slightly_less_than"
    ),
    Qualifier.ABOUT: (
        "大约 约为 约 大概 about around approximately approx. approx roughly circa ca. c. some ~ ≈"
    ),
}
_TRAILING = {
    Qualifier.OVER: (
        "以上 及以上 出头 有余 开外 or_more and_more or_above and_above or_over and_over"
        " and_up plus at_least at_a_minimum"
    ),
    Qualifier.UNDER: (
        "以下 及以下 以内 不到 or_less or_fewer or_under or_below and_below at_most at_a_maximum"
    ),
    Qualifier.ABOUT: "左右 上下 or_so or_thereabouts approximately approx. approx roughly",
}


def _by_word(words: Mapping[Qualifier, str]) -> dict[str, Qualifier]:
    return {
        word.replace("_", " "): qualifier
        for qualifier, listed in words.items()
        for word in listed.split()
    }


LEADING_QUALIFIERS: Mapping[str, Qualifier] = _by_word(_LEADING)
TRAILING_QUALIFIERS: Mapping[str, Qualifier] = _by_word(_TRAILING)

# Power of ten of each scale word.
CHINESE_SCALES: Mapping[str, int] = {
    "千": 3,
    "万": 4,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "十亿": 9,
    "百亿": 10,
    "千亿": 11,
    "万亿": 12,
}
ENGLISH_SCALES: Mapping[str, int] = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
# Read only: nobody would choose to print in them.
RARE_SCALES: Mapping[str, int] = {
    "十": 1,
    "百": 2,
    "十万": 5,
    "十万亿": 13,
    "百万亿": 14,
    "hundred": 2,
    "ten thousand": 4,
    "hundred thousand": 5,
    "ten million": 7,
    "hundred million": 8,
    "ten billion": 10,
    "hundred billion": 11,
    "quadrillion": 15,
}
SCALE_ABBREVIATIONS: Mapping[str, str] = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "mln": "million",
    "mio": "million",
    "millions": "million",
    "b": "billion",
    "bn": "billion",
    "bln": "billion",
    "billions": "billion",
    "tn": "trillion",
    "trn": "trillion",
    "trillions": "trillion",
}
UNSCALED = ("", "个", "one")

CURRENCY_WORDS: Mapping[str, str] = {
    "人民币元": "CNY",
    "人民币": "CNY",
    "元": "CNY",
    "CNY": "CNY",
    "RMB": "CNY",
    "¥": "CNY",
    "CN¥": "CNY",
    "人民币元整": "CNY",
    "元整": "CNY",
    "元人民币": "CNY",
    "yuan": "CNY",
    "renminbi": "CNY",
    "美元": "USD",
    "美金": "USD",
    "USD": "USD",
    "US$": "USD",
    "$": "USD",
    "U.S.$": "USD",
    "US dollars": "USD",
    "U.S. dollars": "USD",
    "dollars": "USD",
    "港元": "HKD",
    "港币": "HKD",
    "Hong Kong dollars": "HKD",
    "HKD": "HKD",
    "HK$": "HKD",
    "欧元": "EUR",
    "EUR": "EUR",
    "€": "EUR",
    "euros": "EUR",
    "英镑": "GBP",
    "GBP": "GBP",
    "£": "GBP",
    "pounds": "GBP",
    "日元": "JPY",
    "JPY": "JPY",
    "JP¥": "JPY",
    "yen": "JPY",
}
CHINESE_CURRENCIES: Mapping[str, str] = {
    "CNY": "元",
    "USD": "美元",
    "HKD": "港元",
    "EUR": "欧元",
    "GBP": "英镑",
    "JPY": "日元",
}
ENGLISH_CURRENCIES: Mapping[str, str] = {"USD": "US$", "HKD": "HK$"}
