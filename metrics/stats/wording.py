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
        "超过 超出 超 过 逾 多于 高于 大于 不少于 不低于 至少 突破 > ≥ more_than over above"
        " at_least exceeding upwards_of in_excess_of"
    ),
    Qualifier.UNDER: (
        "不到 不足 低于 少于 小于 不超过 至多 未满 < ≤ less_than fewer_than under below at_most"
        " up_to"
    ),
    Qualifier.NEARLY: "将近 接近 近 nearly almost close_to approaching just_under",
    Qualifier.ABOUT: "大约 约为 约 大概 about around approximately roughly circa some ~ ≈",
}
_TRAILING = {
    Qualifier.OVER: "以上 or_more",
    Qualifier.UNDER: "以下 以内 or_less or_fewer",
    Qualifier.ABOUT: "左右 上下 or_so",
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
SCALE_ABBREVIATIONS: Mapping[str, str] = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "tn": "trillion",
}
UNSCALED = ("", "个", "one")

CURRENCY_WORDS: Mapping[str, str] = {
    "人民币元": "CNY",
    "人民币": "CNY",
    "元": "CNY",
    "CNY": "CNY",
    "RMB": "CNY",
    "¥": "CNY",
    "yuan": "CNY",
    "美元": "USD",
    "美金": "USD",
    "USD": "USD",
    "US$": "USD",
    "$": "USD",
    "US dollars": "USD",
    "dollars": "USD",
    "港元": "HKD",
    "HKD": "HKD",
    "HK$": "HKD",
    "欧元": "EUR",
    "EUR": "EUR",
    "€": "EUR",
    "euros": "EUR",
    "英镑": "GBP",
    "GBP": "GBP",
    "£": "GBP",
    "日元": "JPY",
    "JPY": "JPY",
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
