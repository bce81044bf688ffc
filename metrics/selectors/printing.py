"""Values and definitions in a reader's language: numbers, bounds, moments, names."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext, gettext_noop, override

from metrics.models import Indicator, NullReason, RuleVersion, Series, Source, Unit
from metrics.selectors.values import Value
from metrics.stats.bounds import Figure
from metrics.stats.figures import parse_stated
from metrics.stats.numbers import FormattedNumber, format_figure, usual_scale
from metrics.stats.periods import Period
from metrics.stats.transforms import output_qualifier, output_unit_kind
from metrics.stats.wording import ENGLISH, Qualifier

# Kinds whose number needs its unit's name beside it; the others carry a mark, as % or 元.
NAMED_KINDS = frozenset({"count", "duration", "index", "rank"})
# The model's choices are made of the natures themselves: here are their names for the catalogue.
NATURE_NAMES = {
    "stock": gettext_noop("stock"),
    "cumulative": gettext_noop("cumulative"),
    "flow": gettext_noop("flow"),
    "period-average": gettext_noop("period-average"),
    "ratio": gettext_noop("ratio"),
    "index": gettext_noop("index"),
    "rank": gettext_noop("rank"),
}
_SECTION = re.compile(r"\d+(\.\d+)*")
RANGE = {"zh-hans": "{}–{}", "en": "{} – {}"}


@dataclass(frozen=True, slots=True)
class Print:
    """How a number is wished to look: what a token's filters say."""

    scale: str | None = None
    round_to: int | None = None
    plain: bool = False


AS_STATED = Print()


def in_language(row: Any, name: str, language: str) -> str:
    """A translated column in a language; in the other one where it is empty there."""
    first, second = ("en", "zh_hans") if language == ENGLISH else ("zh_hans", "en")
    return str(getattr(row, f"{name}_{first}") or getattr(row, f"{name}_{second}"))


def series_name(series: Series, language: str) -> str:
    """微众银行 · 注册用户."""
    entity = in_language(series.entity, "name", language)
    return f"{entity} · {in_language(series.indicator, 'name', language)}"


def printed_value(
    value: Value, unit: Unit, language: str, wish: Print = Print()
) -> FormattedNumber | None:
    """A value of a series as it prints: exactly as stated, or rounded where derived.

    An implied value between two bounds is told as "about": nobody stated it. None where there is
    no value.
    """
    if value.figure.is_missing:
        return None
    is_derived = value.kind in ("implied", "derived")
    return format_figure(
        value.figure,
        unit_kind=unit.kind,
        unit_key=unit.key,
        language=language,
        scale=wish.scale,
        round_to=wish.round_to,
        plain=wish.plain,
        qualifier=_qualifier(value),
        decimals=unit.decimals if is_derived else None,
        stated_scale=None if is_derived else stated_scale(value.stated, unit.kind),
        resolution=None if is_derived else value.resolution,  # type: ignore[arg-type]
        derived=is_derived,
    )


def printed_transform(
    figure: Figure, code: str, unit: Unit, language: str, wish: Print = Print()
) -> FormattedNumber | None:
    """A transformed figure, in the unit the transform gives it; rounded, as nobody stated it."""
    if figure.is_missing:
        return None
    return format_figure(
        figure,
        unit_kind=output_unit_kind(code, unit.kind),
        unit_key=unit.key,
        language=language,
        scale=wish.scale,
        round_to=wish.round_to,
        plain=wish.plain,
        qualifier=output_qualifier(code, figure),
        derived=True,
    )


def printed_total(
    figure: Figure, qualifier: Qualifier, unit: Unit, language: str
) -> FormattedNumber:
    """A sum that was made for a drawing, as values of a rule print. It has a value."""
    return format_figure(
        figure,
        unit_kind=unit.kind,
        unit_key=unit.key,
        language=language,
        qualifier=qualifier,
        decimals=unit.decimals,
        derived=True,
    )


def _qualifier(value: Value) -> Qualifier:
    qualifier = Qualifier(value.qualifier)
    if value.kind == "implied" and qualifier is Qualifier.EXACT:
        return Qualifier.ABOUT
    return qualifier


@lru_cache(maxsize=8192)
def stated_scale(stated: str, unit_kind: str) -> str | None:
    """The scale word of a figure as its source printed it; None where that says nothing of it."""
    try:
        return parse_stated(stated, unit_kind=unit_kind).scale if stated else None
    except ValueError:
        return None


def _printed_bound(
    bound: Decimal | None, side: Qualifier, unit: Unit, language: str, scale: str | None = None
) -> FormattedNumber | None:
    """One bound, rounded outward (`side` OVER for the lower one, UNDER for the upper)."""
    if bound is None:
        return None
    return format_figure(
        bound,
        unit_kind=unit.kind,
        unit_key=unit.key,
        language=language,
        qualifier=side,
        plain=True,
        stated_scale=scale,
        derived=bound != bound.to_integral_value() and len(bound.as_tuple().digits) > 12,
    )


def printed_bounds(
    figure: Figure, unit: Unit, language: str
) -> tuple[FormattedNumber | None, FormattedNumber | None]:
    """Both bounds in the scale that the value prints in; None where there is no bound."""
    value = figure.value
    scale = None if value is None else usual_scale(value, unit_kind=unit.kind, language=language)
    return (
        _printed_bound(figure.lower, Qualifier.OVER, unit, language, scale),
        _printed_bound(figure.upper, Qualifier.UNDER, unit, language, scale),
    )


def printed_interval(figure: Figure, unit: Unit, language: str) -> str:
    """8.285亿–8.295亿, ≥ 3,400万, ≤ 1,200万; empty where nothing is known or all is exact."""
    lower, upper = printed_bounds(figure, unit, language)
    if lower is not None and upper is not None:
        return "" if figure.lower == figure.upper else RANGE[language].format(lower, upper)
    if lower is not None:
        return f"≥ {lower}"
    return f"≤ {upper}" if upper is not None else ""


def unit_noun(unit: Unit, language: str) -> str:
    """What a number counts, for units whose numbers do not say it themselves."""
    return in_language(unit, "name", language) if unit.kind in NAMED_KINDS else ""


def moment(
    period: Period, indicator: Indicator, language: str, reported_year: int | None = None
) -> str:
    """A period in words, as the indicator's nature tells it: 2017年末, as reported in 2019."""
    label = period.label(language, indicator.nature, reported_year)
    if label:
        return label
    with override(language):
        return gettext("undated")


def reported_year(value: Value, source: Source | None) -> int | None:
    """The year an undated value was reported in."""
    if value.vintage_on is not None:
        return value.vintage_on.year
    return source.published_on.year if source is not None and source.published_on else None


def reason_text(code: str, language: str) -> str:
    """Why there is no value, in words."""
    with override(language):
        return str(NullReason(code).label) if code in NullReason.values else gettext("no value")


def place(locator: str, language: str) -> str:
    """Where in its source a figure stands: 第2.1节, section 2.1; other locators as they are."""
    if not locator or not _SECTION.fullmatch(locator):
        return locator
    return f"section {locator}" if language == ENGLISH else f"第{locator}节"


def place_order(locator: str) -> tuple[tuple[int, ...], str]:
    """Sections by their numbers, 2.9 before 2.10; other places after them, by name."""
    is_section = bool(_SECTION.fullmatch(locator))
    return (tuple(map(int, locator.split("."))) if is_section else (10**6,)), locator


def places(locators: list[str], language: str) -> str:
    """Several places of one source: 第2.1、2.1.2节, sections 2.1, 2.1.2."""
    if len(locators) < 2 or not all(_SECTION.fullmatch(one) for one in locators):
        mark = ", " if language == ENGLISH else "、"
        return mark.join(place(one, language) for one in locators)
    if language == ENGLISH:
        return f"sections {', '.join(locators)}"
    return f"第{'、'.join(locators)}节"


def rule_text(version: RuleVersion, language: str) -> str:
    """What a rule is called: by its kind where an indicator makes it, else by its own name."""
    if version.rule.indicator_id is None:
        return in_language(version.rule, "name", language)
    with override(language):
        return str(version.rule.get_kind_display())
