"""The one list of what counts as a number in prose, and of what only looks like one."""

from __future__ import annotations

import re
from typing import Final

_DIGIT: Final = r"[0-9\uff10-\uff19]"  # half-width and full-width
_DIGITS: Final = rf"{_DIGIT}+(?:[,\uff0c]{_DIGIT}{{3}}(?!{_DIGIT}))*(?:[.\uff0e]{_DIGIT}+)?"
_ZH: Final = "〇零一二两三四五六七八九"
_ZH_DIGIT: Final = "一二两三四五六七八九"
_SCALE: Final = "十百千万亿"
# What may follow a number and belongs to it.
_TAIL: Final = (
    r"(?:多|余|几)?(?:[十百千万亿]+)?(?:多|余)?"
    r"(?:个百分点|[%\uff05‰]|[倍成折]|(?<=[万亿])?(?:人民币|美元|港元|欧元|元))?"
)
_EN_TENS: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_EN_TEENS: Final = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_EN_UNITS: Final = "one|two|three|four|five|six|seven|eight|nine"
_EN_SCALES: Final = "hundred|thousand|million|billion|trillion"
_MONTHS: Final = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    "|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z])(?:{pattern})(?![A-Za-z])", re.IGNORECASE)


NUMBERS: Final = (
    re.compile(
        rf"{_DIGITS}{_TAIL}"
        rf"(?:\s?(?:{_EN_SCALES}|bn|tn|per ?cent|percentage points?|ppts?|times)(?![A-Za-z]))*",
        re.IGNORECASE,
    ),
    # 三千万, 二十五, 两亿, 一百零五万: a digit with a scale word, or ten and a digit.
    re.compile(rf"(?<![{_ZH}])[{_ZH}]{{0,12}}[{_ZH_DIGIT}][{_SCALE}][{_ZH}{_SCALE}]*{_TAIL}"),
    re.compile(rf"十[{_ZH_DIGIT}]{_TAIL}"),
    re.compile(r"十(?:多|余|几)?(?=[年月天日家个万亿倍余多大座次项款种])"),
    # 数千万, 上百家, 几十, 百余
    re.compile(rf"[数几上近][{_SCALE}]+(?!年来|分){_TAIL}"),
    re.compile(r"[百千万亿](?:余|多)(?=[家个人万亿元座项])"),
    # 四成, 七八成; not 一成不变
    re.compile(rf"[{_ZH_DIGIT}]{{1,2}}成(?!不变|为|立|本|长)"),
    # 三倍, 一倍多, 数倍, 翻番, 翻了两番, 翻倍, 倍增, 成倍
    re.compile(rf"(?:[{_ZH_DIGIT}]{{1,3}}|[数几])倍(?:多|有余)?"),
    re.compile(rf"翻(?:了)?(?:[{_ZH_DIGIT}])?(?:番|倍)|成倍|加倍|倍增"),
    # 一半, 过半, 半数, 减半, 一半以上; not 半年 or 半导体
    re.compile(r"[一大近多过对减]半(?!径|导体|数)|半数|半壁江山"),
    re.compile(rf"[{_ZH_DIGIT}]{{1,3}}分之[{_ZH_DIGIT}十百千万]{{1,3}}|百分之[{_ZH}{_SCALE}]+"),
    re.compile(rf"[{_ZH_DIGIT}]个(?:多)?百分点"),
    _words(
        rf"(?:(?:{_EN_TENS})(?:-(?:{_EN_UNITS}))?|{_EN_TEENS}|(?:an?|{_EN_UNITS})(?=\s(?:{_EN_SCALES})))"
        rf"(?:\s(?:{_EN_SCALES}|and|{_EN_TENS}))*(?:\s?(?:per ?cent|percentage points?))?"
    ),
    _words(rf"(?:{_EN_SCALES})s?|dozens?|(?:{_EN_UNITS}|ten)\s?-?(?:fold|times)|per cent"),
    _words(r"half|halves|halved?|halving|doubl(?:e|ed|es|ing)|tripl(?:e|ed|es|ing)"),
    _words(r"quadrupl(?:e|ed|es|ing)|twice|thrice|(?:one|two)[ -]thirds?|a third(?=\sof)"),
    _words(r"(?:one|a|three)[ -]quarters?(?=\sof)|(?:one|two|three|four)[ -]fifths?"),
    _words(rf"(?:{_EN_UNITS}|ten) (?:in|out of) (?:{_EN_UNITS}|ten)"),
)

_YEAR: Final = r"(?<![0-9.,])(?:1[89]|20)[0-9]{2}(?![0-9])"
# After a bare four-digit year none of these may follow: then it is a quantity.
_NO_UNIT: Final = (
    r"(?!\s?(?:[,.][0-9]|[%\uff05‰万亿千百十元人家个座次名户倍款项篇条]|percent|per cent"
    r"|million|billion|thousand|trillion|times|users|people|cities|customers))"
)

DATES: Final = (
    re.compile(rf"{_YEAR}\s?年(?:\s?[0-9]{{1,2}}\s?月(?:\s?[0-9]{{1,2}}\s?日)?)?"),
    re.compile(rf"{_YEAR}\s?(?:[-–—至到~、/]|to|and)\s?{_YEAR}(?:\s?年)?"),
    re.compile(r"(?<![0-9.])[0-9]{1,2}\s?月(?:\s?[0-9]{1,2}\s?日)?(?!均|活)"),
    re.compile(r"(?<![0-9.])[0-9]{2}年代|[一二三四]季度|第[一二三四1-4]季度|上半年|下半年"),
    re.compile(r"(?<![0-9])[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?(?![0-9])"),
    re.compile(rf"(?:{_MONTHS})\.?(?:\s[0-9]{{1,2}}(?:st|nd|rd|th)?,?)?(?:\s{_YEAR})?\b"),
    re.compile(rf"\b[0-9]{{1,2}}(?:st|nd|rd|th)?\s(?:{_MONTHS})\b(?:,?\s{_YEAR})?"),
    re.compile(rf"\b(?:[QH][1-4]|FY)\s?{_YEAR}|{_YEAR}\s?[QH][1-4]|\bQ[1-4]\b|{_YEAR}s\b"),
    re.compile(r"\b(?:first|second|third|fourth) (?:quarter|half)(?: of| in)?", re.IGNORECASE),
    re.compile(r"\b(?:half|halves)(?:-year(?:ly)?| of the year| of (?:1[89]|20)[0-9]{2})"),
    re.compile(rf"{_YEAR}{_NO_UNIT}"),
)

NAMES: Final = (
    # P2P, B2B, O2O, Web3, LU1, COVID-19: letters lead.
    re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+-?[0-9][A-Za-z0-9]*(?![0-9])"),
    # 5V, 4G, 3D, 5A: one capital that is no scale.
    re.compile(r"(?<![0-9.,A-Za-z])[0-9]{1,2}(?:[ACDEGHIPSVW]|Vs)(?![A-Za-z])"),
    # 2.0, 3.0时代, Fintech 3.0: a version; a measured 2.0 carries its unit.
    re.compile(
        r"(?<![0-9.,])[0-9]\.0(?:时代|版本?|阶段)?(?![0-9%\uff05‰万亿倍个元]|\s?(?:percent|times))"
    ),
    # 7×24小时, 24/7: always open.
    re.compile(r"7\s?[×x*X]\s?24(?:小时)?|24\s?[×x*X/]\s?7(?:小时)?"),
    re.compile(rf"第\s?{_DIGIT}{{1,3}}\s?(?:次|届|条|章|节|号)"),
    re.compile(r"百分点|百分比|千方百计|万一|万能|万物|亿万|十分|十足|百姓|千万不|一半天"),
    re.compile(r"double[- ](?:entry|check\w*|click\w*)|半自动|半导体", re.IGNORECASE),
)
