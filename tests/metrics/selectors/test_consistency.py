"""Stated figures against what independent levels imply, as selector, command and API field."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.models import Change, Rule, Series
from metrics.selectors.consistency import CheckLine, consistency
from metrics.selectors.consistency_checks import checkable_series
from metrics.services.publishing import publish_definitions
from tests.metrics.factories import NOW, IndicatorFactory, UnitFactory, make_series, publish

pytestmark = pytest.mark.django_db


def growth_of(level: Series, slug: str = "china-internet", **fields: Any) -> Series:
    percent = UnitFactory(key="percent-growth", kind="growth")
    IndicatorFactory(
        key="users-growth", unit=percent, nature="ratio", growth_of=level.indicator, **fields
    )
    return make_series(f"{slug}.users-growth")


@pytest.fixture
def share() -> Series:
    """Mobile users as a share of all: 98.6% stated, 8.17亿 of 8.29亿."""
    users = make_series("china-internet.users")
    mobile = make_series("china-internet.mobile-users")
    percent = UnitFactory(key="percent", kind="percent")
    IndicatorFactory(
        key="mobile-share",
        unit=percent,
        nature="ratio",
        share_part=mobile.indicator,
        share_of=users.indicator,
    )
    series = make_series("china-internet.mobile-share")
    rows = [(users, "2018", "8.29亿"), (mobile, "2018", "8.17亿"), (series, "2018", "98.6%")]
    publish(*rows, definitions_changed=True)
    return series


def lines(**given: Any) -> list[CheckLine]:
    return list(consistency("en", **given))


def verdicts(**given: Any) -> list[tuple[str, str, str]]:
    return [
        (line.series_key, line.check.period.code, line.verdict.value) for line in lines(**given)
    ]


def test_share_within_the_rounding_of_its_levels_is_consistent(share: Series) -> None:
    (line,) = lines()
    assert (line.verdict, line.check.basis, line.stated) == ("consistent", "rule", "98.6%")
    assert line.check.document["lower"].startswith("98.4")  # type: ignore[union-attr]
    assert line.check.document["upper"].startswith("98.6")  # type: ignore[union-attr]


def test_share_beyond_its_levels_is_inconsistent_and_was_not_before(share: Series) -> None:
    before = Change.objects.latest_seq()
    publish((share, "2018", "99.1%"), kind="revision")
    assert verdicts() == [(share.key, "2018", "inconsistent")]
    assert verdicts(seq=before) == [(share.key, "2018", "consistent")]


@pytest.mark.parametrize(
    ("prior", "stated", "expected"),
    [
        ("7.72亿", "7.4%", "consistent"),
        ("7.72亿", "9.4%", "inconsistent"),
        ("约7.72亿", "7.4%", "undecidable"),
    ],
)
def test_growth_is_compared_with_two_observed_levels(
    prior: str, stated: str, expected: str
) -> None:
    level = make_series("china-internet.users")
    growth = growth_of(level)
    rows = [(level, "2017", prior), (level, "2018", "8.29亿"), (growth, "2018", stated)]
    publish(*rows, definitions_changed=True)
    assert verdicts() == [(growth.key, "2018", expected)]


def test_level_that_the_growth_itself_implies_is_no_witness() -> None:
    level = make_series("china-internet.users")
    growth = growth_of(level)
    publish((level, "2018", "8.29亿"), (growth, "2018", "7.4%"), definitions_changed=True)
    (line,) = lines()
    assert (line.verdict, line.why) == ("undecidable", "the level before is not stated")
    assert line.check.document["why"] == "prior_missing"


def test_growth_on_the_previous_period_takes_that(share: Series) -> None:
    level = make_series("china-internet.users", frequency="A")
    growth = growth_of(level, growth_basis="previous")
    publish((level, "2017", "7.72亿"), (growth, "2018", "7.4%"), definitions_changed=True)
    assert (growth.key, "2018", "consistent") in verdicts()


def test_command_lists_verdicts_and_fails_on_a_contradiction(share: Series) -> None:
    out = StringIO()
    call_command("check_consistency", stdout=out)
    assert "98.6%" in out.getvalue()
    assert "1 consistent, 0 inconsistent, 0 undecidable" in out.getvalue()
    publish((share, "2018", "99.1%"), kind="revision")
    with pytest.raises(CommandError) as error:
        call_command("check_consistency", verdict="inconsistent", stdout=out)
    assert error.value.returncode == 1
    assert "inconsistent" in out.getvalue()


def test_api_tells_the_verdict_where_it_is_asked_for(client: Client, share: Series) -> None:
    url = f"/api/v1/series/{share.key}/observations"
    assert "consistency" not in client.get(url).json()["results"][0]
    told = client.get(url, {"include": "consistency"}).json()["results"][0]["consistency"]
    assert told["verdict"] == "consistent"
    assert set(told) == {"verdict", "lower", "upper", "null_reason", "why"}
    assert (told["null_reason"], told["why"]) == (None, None)
    level = client.get("/api/v1/series/china-internet.users/observations?include=consistency")
    assert level.json()["results"][0]["consistency"] is None


def test_checks_take_as_many_queries_for_twenty_as_for_one(share: Series) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert lines()
        return len(captured)

    one = queries()
    publish(*[(series, str(year), text) for year in range(1990, 2010) for series, text in (
        (make_series("china-internet.users"), "200"),
        (make_series("china-internet.mobile-users"), "100"),
        (share, "50%"),
    )])  # fmt: skip
    assert len(lines()) == 21
    assert queries() == one


def rate_by_rule(level: Series, rate: Series) -> None:
    """A rule that computes the stated growth of a level from the level and the one before."""
    Rule.objects.create(key="rate", kind="formula", name_zh_hans="增速", name_en="rate")
    definition = {
        "output": rate.key,
        "inputs": {"n": level.key},
        "formula": "(n - n[-1]) / n[-1] * 100",
    }
    publish_definitions(actor=None, now=NOW, what="rate", rule_definitions={"rate": definition})


@pytest.mark.parametrize("is_past", [False, True])
def test_rule_over_a_level_that_the_rate_implies_is_no_witness_either(is_past: bool) -> None:
    """8.29亿 after 7.4% implies 7.72亿 before, of which any rule would make 7.4% again."""
    level = make_series("china-internet.users")
    rate = growth_of(level)
    publish((level, "2018", "8.29亿"), (rate, "2018", "7.4%"), definitions_changed=True)
    rate_by_rule(level, rate)
    seq = Change.objects.latest_seq() if is_past else None
    (line,) = lines(seq=seq)
    assert (line.verdict, line.implied) == ("undecidable", "—")
    assert line.check.document["why"] == "prior_missing"


def test_undecidable_check_says_why_in_either_language(share: Series) -> None:
    publish(
        (share, "2017", "97.5%"), (make_series("china-internet.mobile-users"), "2017", "7.53亿")
    )
    told = {language: consistency(language)[0].why for language in ("en", "zh-hans")}
    assert told == {"en": "a level of the period is not stated", "zh-hans": "没有该期的水平值"}


def test_what_nobody_states_is_not_read(share: Series) -> None:
    """Ten thousand shares of a group that only a rule makes cost a check nothing."""
    publish((make_series("other.users"), "2018", "9亿"), (make_series("other.mobile-users"),
            "2018", "4亿"), definitions_changed=True)  # fmt: skip
    make_series("other.mobile-share")
    assert [line.series_key for line in lines()] == [share.key]
    assert checkable_series() == {share.pk}
