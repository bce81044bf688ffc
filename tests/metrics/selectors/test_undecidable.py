"""Every stated growth rate and share is listed; what cannot be decided says why."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.models import Rule
from metrics.selectors.consistency import consistency
from metrics.selectors.consistency_checks import Check, checkable_series, checks_of
from metrics.services.publishing import publish_release
from metrics.services.staging import stage_observation
from metrics.stats.bounds import Figure
from metrics.stats.consistency import Why, compare_stated
from tests.metrics.factories import (
    NOW,
    SourceFactory,
    make_release,
    make_series,
    publish,
)
from tests.metrics.selectors.undecidable_cases import MAKERS, published, rate, share, unnamed

pytestmark = pytest.mark.django_db


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
