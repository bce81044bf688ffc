"""Stated rates and shares that cannot be decided, each for one reason."""

from collections.abc import Callable

from metrics.models import Rule, Series
from metrics.services.redefinitions import redefine
from metrics.stats.consistency import Why
from tests.metrics.factories import (
    NOW,
    IndicatorFactory,
    UnitFactory,
    make_series,
    publish,
)

Row = tuple[Series, str, str]


def rate(**fields: object) -> tuple[Series, Series]:
    """A level and the series that states its growth."""
    level = make_series("market.users")
    percent = UnitFactory(key="percent-growth", kind="growth")
    IndicatorFactory(
        key="users-growth", unit=percent, nature="ratio", growth_of=level.indicator, **fields
    )
    return level, make_series("market.users-growth")


def share() -> tuple[Series, Series, Series]:
    """The part, the whole, and the series that states the share."""
    part, whole = make_series("market.mobile"), make_series("market.all")
    percent = UnitFactory(key="percent", kind="percent")
    IndicatorFactory(
        key="mobile-share",
        unit=percent,
        nature="ratio",
        share_part=part.indicator,
        share_of=whole.indicator,
    )
    return part, whole, make_series("market.mobile-share")


def unnamed(kind: str = "percent") -> Series:
    unit = UnitFactory(key=f"a-{kind}", kind=kind)
    return make_series(f"market.some-{kind}", unit=unit.key, nature="ratio")


def published(*rows: Row) -> None:
    publish(*rows, definitions_changed=True)


def no_levels() -> None:
    published((unnamed(), "2018", "12%"))


def no_series_of_the_level() -> None:
    level, growth = rate()
    level.delete()
    published((growth, "2018", "10%"))


def no_prior_period() -> None:
    level, growth = rate()
    published((level, "undated", "100"), (growth, "undated", "10%"))


def level_missing() -> None:
    level, growth = rate()
    published((level, "2017", "100"), (growth, "2018", "10%"))


def prior_missing() -> None:
    level, growth = rate()
    published((level, "2018", "100"), (growth, "2018", "10%"))


def part_missing() -> None:
    _, whole, stated = share()
    published((whole, "2018", "100"), (stated, "2018", "10%"))


def whole_missing() -> None:
    part, _, stated = share()
    published((part, "2018", "10"), (stated, "2018", "10%"))


def redefined() -> None:
    level, growth = rate()
    published((level, "2017", "100"), (level, "2018", "110"), (growth, "2018", "10%"))
    wider = {"zh-hans": "月活跃用户数。", "en": "Monthly active users."}
    reason = {"en": "The company counts active users now."}
    redefine(level.indicator, since="2018", definition=wider, comparable={}, reason=reason,
             actor=None, now=NOW)  # fmt: skip


def base_zero() -> None:
    level, growth = rate()
    published((level, "2017", "0"), (level, "2018", "110"), (growth, "2018", "10%"))


def sign_change() -> None:
    level, growth = rate()
    published((level, "2017", "-10"), (level, "2018", "110"), (growth, "2018", "10%"))


def two_lower_bounds() -> None:
    level, growth = rate()
    published((level, "2017", "超过100"), (level, "2018", "超过110"), (growth, "2018", "10%"))


def stated_about() -> None:
    level, growth = rate()
    published((level, "2017", "100"), (level, "2018", "110"), (growth, "2018", "约10%"))


def level_about() -> None:
    level, growth = rate()
    published((level, "2017", "约100"), (level, "2018", "110"), (growth, "2018", "10%"))


def formula_without_history() -> None:
    level = make_series("market.users")
    stated = unnamed("growth")
    Rule.objects.create(key="rate", kind="formula", name_zh_hans="增速", name_en="rate")
    formula = "(n - n[-1]) / n[-1] * 100"
    definition = {"output": stated.key, "inputs": {"n": level.key}, "formula": formula}
    publish((level, "2018", "100"), (stated, "2018", "10%"), rule_definitions={"rate": definition})


MAKERS: list[tuple[Why, str, Callable[[], None]]] = [
    (Why.NO_LEVELS, "nothing", no_levels),
    (Why.NO_LEVELS, "growth", no_series_of_the_level),
    (Why.NO_PRIOR_PERIOD, "growth", no_prior_period),
    (Why.LEVEL_MISSING, "growth", level_missing),
    (Why.LEVEL_MISSING, "rule", part_missing),
    (Why.LEVEL_MISSING, "rule", whole_missing),
    (Why.PRIOR_MISSING, "growth", prior_missing),
    (Why.BREAK, "growth", redefined),
    (Why.BASE_ZERO, "growth", base_zero),
    (Why.SIGN_CHANGE, "growth", sign_change),
    (Why.NOT_DETERMINABLE, "growth", two_lower_bounds),
    (Why.STATED_UNBOUNDED, "growth", stated_about),
    (Why.LEVELS_UNBOUNDED, "growth", level_about),
    (Why.INSUFFICIENT_HISTORY, "rule", formula_without_history),
]
