"""Figures that sources spell out: 四成, 一半, 两倍, 翻番, half, doubled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from metrics.stats.scanner import Scanner

_NUMERALS = {numeral: digit for digit, numeral in enumerate("〇一二三四五六七八九十")} | {"两": 2}
_DIGIT = "[一二三四五六七八九]"
# 成 is a tenth and 四成五 is 45%; a number before it may be in digits.
_TENTHS = re.compile(rf"(?P<tenths>[0-9]{{1,2}}(?:\.[0-9]+)?|{_DIGIT}|十)成(?P<percents>{_DIGIT})?")
_HALF = re.compile(r"一半|半数|半|(?:a |one )?half(?![a-z])", re.IGNORECASE)
_FOLD = re.compile(rf"(?P<fold>{_DIGIT}|两|十)倍")
_DOUBLINGS = re.compile(r"翻了?(?P<doublings>[一二两三四]?)番")
_VERBS: Mapping[str, int] = {"doubled": 2, "tripled": 3, "quadrupled": 4}
_VERB = re.compile(rf"(?P<verb>{'|'.join(_VERBS)})(?![a-z])", re.IGNORECASE)
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A spelled out quantity, in the unit of its kind, as in figures.StatedFigure."""

    value: Decimal
    resolution: Decimal
    scale: str
    unit_hint: str


def spoken(scanner: Scanner, unit_kind: str) -> Spoken | None:
    """Take a spelled out quantity that the unit kind allows; None where there is none.

    Percent and growth: 四成 is 40 (known to 10), 四成五 is 45 (to 1), 一半 and half are 50 (to 10).
    Growth: 两倍 is 200, 翻番 and doubled are 100, 翻两番 is 300, each known to 100. Times: 两倍,
    翻番 and doubled are 2 (a figure that doubled is two times what it was).
    """
    if unit_kind in ("percent", "growth"):
        if (match := scanner.match(_TENTHS)) is not None:
            return _tenths(match)
        if scanner.match(_HALF) is not None:
            return Spoken(Decimal(50), Decimal(10), "", "%")
    if unit_kind in ("growth", "times"):
        if (match := scanner.match(_FOLD)) is not None:
            return _factor(_NUMERALS[match["fold"]], unit_kind)
        if (became := _became(scanner)) is not None:
            return _factor(became - (unit_kind == "growth"), unit_kind)
    return None


def _tenths(match: re.Match[str]) -> Spoken:
    tenths, percents = match["tenths"], match["percents"]
    number = Decimal(_NUMERALS.get(tenths, tenths)) * 10
    if percents:
        return Spoken(number + _NUMERALS[percents], Decimal(1), "", "%")
    decimals = len(tenths.partition(".")[2])
    return Spoken(number, Decimal(10).scaleb(-decimals), "", "%")


def _became(scanner: Scanner) -> int | None:
    """How many times what it was a figure became, by a verb."""
    if (match := scanner.match(_DOUBLINGS)) is not None:
        return int(1 << _NUMERALS.get(match["doublings"], 1))
    if (match := scanner.match(_VERB)) is not None:
        return _VERBS[match["verb"].lower()]
    return None


def _factor(factor: int, unit_kind: str) -> Spoken:
    if unit_kind == "times":
        return Spoken(Decimal(factor), Decimal(1), "", "times")
    return Spoken(factor * _HUNDRED, _HUNDRED, "倍", "times")
