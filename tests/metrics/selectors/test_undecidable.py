"""Every stated growth rate and share is listed; what cannot be decided says why."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.models import Rule, Series
from metrics.selectors.consistency import consistency
from metrics.selectors.consistency_checks import Check, checkable_series, checks_of
from metrics.services.publishing import publish_release
from metrics.services.redefinitions import redefine
from metrics.services.staging import stage_observation
from metrics.stats.bounds import Figure
from metrics.stats.consistency import Why, compare_stated
from tests.metrics.factories import (
    NOW,
    IndicatorFactory,
    SourceFactory,
    UnitFactory,
    make_release,
    make_series,
    publish,
)

pytestmark = pytest.mark.django_db
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


def checked(seq: int | None = None) -> list[Check]:
    return list(checks_of(checkable_series(), seq).values())


def test_every_reason_has_a_case() -> None:
    """But for what nobody states, which is not listed at all."""
    assert {why for why, _, _ in MAKERS} == set(Why) - {Why.NOT_STATED}
    missing = compare_stated(Figure.missing("not_reported"), Figure.missing("break"))
    assert missing.why is Why.NOT_STATED


@pytest.mark.parametrize(
    ("why", "basis", "make"), MAKERS, ids=lambda one: getattr(one, "__name__", one)
)
def test_undecidable_figure_is_listed_with_its_reason(
    client: Client, why: Why, basis: str, make: Callable[[], None]
) -> None:
    make()
    (check,) = checked()
    assert (check.verdict.verdict, check.verdict.why, check.basis) == ("undecidable", why, basis)
    for language in ("en", "zh-hans"):
        (line,) = consistency(language)
        assert line.why
    url = f"/api/v1/series/{line.series_key}/observations"
    row = client.get(url, {"include": "consistency"}).json()["results"][-1]
    assert (row["consistency"]["verdict"], row["consistency"]["why"]) == ("undecidable", why)


def test_what_a_rule_makes_of_its_levels_is_not_stated() -> None:
    part, whole, _ = share()
    published((part, "2018", "1"), (whole, "2018", "2"))
    assert checked() == []


def test_figure_that_is_not_reported_is_not_stated() -> None:
    _, growth = rate()
    release = make_release("new", NOW)
    missing = {"period": "2018", "source": SourceFactory(), "null_reason": "not_reported"}
    stage_observation(release, series=growth, **missing).save()
    publish_release(release, actor=None, now=NOW, definitions_changed=True)
    assert checked() == []


@pytest.mark.parametrize("kind", ["percent", "growth", "points"])
def test_rate_or_share_without_named_levels_is_listed(kind: str) -> None:
    text = "12" if kind != "points" else "12ppts"
    published((unnamed(kind), "2018", text))
    assert [check.verdict.why for check in checked()] == [Why.NO_LEVELS]


def test_other_stated_values_are_not(client: Client) -> None:
    users = make_series("market.users")
    published((users, "2018", "100"))
    assert checked() == []
    url = f"/api/v1/series/{users.key}/observations?include=consistency"
    assert client.get(url).json()["results"][0]["consistency"] is None


def test_rule_decides_where_the_levels_of_growth_do_not() -> None:
    """Of 2018 only the rule knows the level before, by another way than the rate itself."""
    level, growth = rate()
    other = make_series("market.other")
    Rule.objects.create(key="rate", kind="formula", name_zh_hans="增速", name_en="rate")
    formula = "(n - n[-1]) / n[-1] * 100"
    definition = {"output": growth.key, "inputs": {"n": other.key}, "formula": formula}
    publish(
        (level, "2018", "110"), (other, "2017", "100"), (other, "2018", "110"),
        (growth, "2018", "10%"), rule_definitions={"rate": definition}, definitions_changed=True,
    )  # fmt: skip
    (check,) = checked()
    assert (check.verdict.verdict, check.basis) == ("consistent", "rule")


def test_undecidable_lines_cost_no_more_queries() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert consistency("en")
        return len(captured)

    level, growth = rate()
    published((level, "2018", "100"), (growth, "2018", "10%"), (unnamed(), "2018", "5%"))
    one = queries()
    rows = [(series, str(year), "7%") for year in range(1990, 2010)
            for series in (growth, unnamed(), unnamed("growth"))]  # fmt: skip
    publish(*rows)
    assert queries() == one
    assert len(consistency("en")) == 62
