"""Numbers as readers see them, in both languages: decimal text, no float, no locale library."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from metrics.stats.bounds import CONTEXT, Figure
from metrics.stats.digits import MINUS, decimals_of, grouped, neat_scale, scaled, significant
from metrics.stats.digits import stripped as strip_zeros
from metrics.stats.wording import (
    CHINESE,
    CHINESE_CURRENCIES,
    CHINESE_SCALES,
    ENGLISH,
    ENGLISH_CURRENCIES,
    ENGLISH_SCALES,
    QUALIFIER_WORDS,
    UNSCALED,
    Qualifier,
)

SIGNIFICANT_DIGITS = 4
_OUTWARD = {
    Qualifier.OVER: ROUND_FLOOR,
    Qualifier.UNDER: ROUND_CEILING,
    Qualifier.NEARLY: ROUND_CEILING,
}
_SCALES = {CHINESE: CHINESE_SCALES, ENGLISH: ENGLISH_SCALES}
# Scales chosen where the source names none; 千, 百万 and "thousand" only when asked for.
_USUAL = {CHINESE: ("万亿", "亿", "万"), ENGLISH: ("trillion", "billion", "million")}
_SCALED_BY_DEFAULT = ("count", "currency")
_NEVER_SCALED = ("percent", "growth", "points", "rank")
_MARKS = {
    CHINESE: {"percent": "%", "growth": "%", "points": "个百分点", "times": "倍"},
    ENGLISH: {"percent": "%", "growth": "%", "points": " percentage points", "times": " times"},
}


@dataclass(frozen=True, slots=True)
class FormattedNumber:
    """The parts of a printed number, spacing included in prefix and suffix.

    zh-hans ``超过``, empty, ``6,000``, ``万``; en ``over``, ``CNY ``, ``870``, `` billion``.
    """

    qualifier: str
    prefix: str
    number: str
    suffix: str
    language: str = CHINESE

    @property
    def text(self) -> str:
        """Return the whole; only English separates the qualifier by a space."""
        space = " " if self.qualifier and self.language == ENGLISH else ""
        return f"{self.qualifier}{space}{self.prefix}{self.number}{self.suffix}"

    @property
    def qualifier_word(self) -> str:
        """Return the printed qualifier, empty for an exact number."""
        return self.qualifier

    def __str__(self) -> str:
        return self.text


def format_figure(
    figure: Figure | Decimal,
    *,
    unit_kind: str,
    language: str,
    unit_key: str = "",
    scale: str | None = None,
    round_to: int | None = None,
    qualifier: Qualifier | str | None = None,
    decimals: int | None = None,
    plain: bool = False,
    stated_scale: str | None = None,
    resolution: Decimal | None = None,
    derived: bool = False,
) -> FormattedNumber:
    """Print a figure in ``zh-hans`` or ``en``.

    A stated value prints back exactly: in ``stated_scale`` (StatedFigure.scale) where the language
    has it, else in the largest scale that keeps it neat. ``resolution`` (StatedFigure.resolution)
    keeps trailing zeros as in 1.60亿; without it a Figure with two bounds tells it by its width.
    A ``derived`` value is rounded to four significant digits and at most ``decimals`` (the unit's,
    before scaling). ``scale`` and ``round_to`` (decimals after scaling) overrule. Rounding is half
    to even, outward where one-sided: over down, under and nearly up. ``qualifier`` defaults to the
    figure's own, exact for a Decimal; ``plain`` drops its word. Currency: 8,700亿元,
    CNY 870 billion, US$39.4 billion. Raises ValueError for a missing figure, an unknown language
    and a scale that the language or the unit kind has not.
    """
    value = _value(figure, language)
    hedge = _hedge(figure, qualifier)
    rounding = _OUTWARD.get(hedge, ROUND_HALF_EVEN)
    if resolution is None and stated_scale is not None and not derived:
        resolution = _width(figure)
    if derived and round_to is None:
        value = significant(value, SIGNIFICANT_DIGITS, rounding, decimals)
    power = 0
    if stated_scale == "倍" and (language, unit_kind, scale) == (CHINESE, "growth", None):
        unit_kind, chosen, power = "times", "", 2  # 120% that the source told as 1.2倍
    else:
        chosen = _scale(value, unit_kind, language, scale, stated_scale)
        power = _SCALES[language].get(chosen, 0)
    number = _number(value, power, round_to, rounding, resolution)
    word = "" if plain else QUALIFIER_WORDS[language][hedge]
    return _dressed(word, number, unit_kind, unit_key, language, chosen)


def _value(figure: Figure | Decimal, language: str) -> Decimal:
    if language not in _SCALES:
        raise ValueError(f"language {language!r}: expected one of {', '.join(_SCALES)}")
    value = figure.value if isinstance(figure, Figure) else figure
    if value is None:
        raise ValueError("a missing figure has no number: print its null reason")
    return value


def _hedge(figure: Figure | Decimal, qualifier: Qualifier | str | None) -> Qualifier:
    if qualifier is not None:
        return Qualifier(qualifier)
    return figure.qualifier if isinstance(figure, Figure) else Qualifier.EXACT


def _width(figure: Figure | Decimal) -> Decimal | None:
    if not isinstance(figure, Figure) or figure.lower is None or figure.upper is None:
        return None
    return CONTEXT.subtract(figure.upper, figure.lower) or None


def usual_scale(value: Decimal, *, unit_kind: str, language: str) -> str | None:
    """The scale a value prints in where its source names none; None for plain digits.

    Bounds of the value print in the same: 5,251.615亿 beside 5,251.62亿.
    """
    return _scale(value, unit_kind, language, None, None) or None


def _scale(
    value: Decimal, unit_kind: str, language: str, scale: str | None, stated_scale: str | None
) -> str:
    powers = _SCALES[language]
    if scale is not None and scale not in UNSCALED:
        if unit_kind in _NEVER_SCALED or scale not in powers:
            allowed = UNSCALED[1:] if unit_kind in _NEVER_SCALED else (*UNSCALED[1:], *powers)
            raise ValueError(f"scale {scale!r}: expected one of {', '.join(allowed)}")
        return scale
    if scale is not None or unit_kind in _NEVER_SCALED or stated_scale in UNSCALED:
        return ""
    if stated_scale in powers:
        return str(stated_scale)
    is_scaled = unit_kind in _SCALED_BY_DEFAULT or stated_scale is not None
    return neat_scale(value, _USUAL[language], powers) if is_scaled else ""


def _number(
    value: Decimal, power: int, round_to: int | None, rounding: str, resolution: Decimal | None
) -> str:
    mantissa = scaled(value, power)
    if round_to is not None:
        return grouped(mantissa, round_to, rounding)
    if power:  # a stored 160000000 has lost the zero of 1.60亿; its resolution has it
        mantissa = strip_zeros(mantissa)
    places = decimals_of(mantissa)
    if resolution is not None:
        places = max(places, decimals_of(strip_zeros(scaled(resolution, power))))
    return grouped(mantissa, places)


def _dressed(
    word: str, number: str, unit_kind: str, unit_key: str, language: str, scale: str
) -> FormattedNumber:
    is_english = language == ENGLISH
    suffix = f" {scale}" if scale and is_english else scale
    prefix = ""
    if unit_kind == "currency" and is_english:
        prefix = ENGLISH_CURRENCIES.get(unit_key, f"{unit_key} " if unit_key else "")
    elif unit_kind == "currency":
        suffix += CHINESE_CURRENCIES.get(unit_key, unit_key)
    suffix += _MARKS[language].get(unit_kind, "")
    if is_english and unit_kind in ("points", "times") and number.lstrip(MINUS) == "1":
        suffix = suffix.removesuffix("s")
    if prefix and number.startswith(MINUS):
        prefix, number = MINUS + prefix, number[1:]
    return FormattedNumber(word, prefix, number, suffix, language)
