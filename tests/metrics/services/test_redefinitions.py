"""Redefinitions: what is no longer compared, what stands under an earlier seq, what is refused."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from metrics.models import (
    Change,
    DerivedValue,
    Indicator,
    Redefinition,
    Rule,
    Series,
    SeriesSummary,
)
from metrics.selectors.breaks import breaks_of
from metrics.selectors.consistency_checks import checks_of
from metrics.selectors.panel import series_panel
from metrics.selectors.values import evaluate
from metrics.services.redefinitions import (
    RedefinitionError,
    redefine,
    set_comparable,
    take_back,
)
from metrics.services.refresh import refresh_all
from metrics.services.verification import verify_derived
from metrics.stats.periods import Period
from tests.metrics.factories import NOW, make_group, make_series, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


WIDER = {"zh-hans": "月活跃用户数。", "en": "Monthly active users."}
REASON = {"en": "The company counts active users now."}
WHY = {"zh-hans": "公司按新口径重述了此前的数字。", "en": "Earlier figures were restated."}


def users(*rows: tuple[str, str]) -> Series:
    series = make_series("webank.users")
    publish(*((series, period, stated) for period, stated in rows))
    return series


def changed(series: Series, since: str = "2017", **given: Any) -> Change:
    asked = {"definition": WIDER, "comparable": {}, "reason": REASON, "actor": None, "now": NOW}
    return redefine(series.indicator, since=since, **{**asked, **given})


def standing(series: Series) -> Redefinition:
    found: Redefinition = Redefinition.objects.current().get(indicator=series.indicator)
    return found


def growth(series: Series, period: str = "2017") -> str:
    figure = series_panel([series.key]).transformed(series.key, "pc1")[Period.parse(period)]
    return figure.null_reason or f"{figure.value:f}"


def verified() -> bool:
    """Nothing is left to the workers that would differ from what stands."""
    refresh_all(now=NOW)
    found = verify_derived()
    assert not found.waiting
    return not found.differing


def test_growth_across_a_redefinition_is_a_break_unless_waived_with_a_reason() -> None:
    series = users(("2016", "1,000"), ("2017", "1,100"), ("2018", "1,210"))
    assert growth(series) == "10.0"
    changed(series)
    assert (growth(series), growth(series, "2018")) == ("break", "10.0")
    set_comparable(standing(series), WHY, reason=REASON, actor=None, now=NOW)
    assert growth(series) == "10.0"
    set_comparable(standing(series), {}, reason=REASON, actor=None, now=NOW)
    assert growth(series) == "break"


def test_redefinition_is_a_release_of_its_own_that_keeps_the_text_before() -> None:
    series = users(("2016", "1,000"))
    change = changed(series)
    indicator = Indicator.objects.get()
    assert (change.kind, change.release.kind) == ("redefinition", "redefinition")
    assert change.release.reason_en == REASON["en"]
    assert change.release.title_en == "Users: definition version 2"
    assert change.release.title_zh_hans == "用户：第 2 版定义"
    assert (indicator.version, indicator.definition_en) == (2, WIDER["en"])
    row = standing(series)
    assert (row.version, row.since, row.before_en) == (2, "2017", "Registered users.")
    assert indicator.history.latest().history_change_reason == REASON["en"]


def test_as_of_an_earlier_seq_nothing_is_broken() -> None:
    level = users(("2017", "1.5亿"))
    rate = make_series(
        "webank.users-growth", unit="growth", nature="ratio", growth_of=level.indicator
    )
    before = publish((rate, "2017", "50%"), definitions_changed=True)
    prior = (level.pk, "2016")
    assert evaluate([prior])[prior].figure.value == Decimal(100_000_000)
    after = changed(level)
    for seq in (None, after.seq):
        assert evaluate([prior], seq)[prior].figure.null_reason == "break"
    assert evaluate([prior], before.seq)[prior].figure.value == Decimal(100_000_000)
    assert breaks_of([level.pk], before.seq) == {}


def test_summary_follows_and_the_whole_verifies() -> None:
    series = users(("2016", "1,000"), ("2017", "1,100"))
    assert SeriesSummary.objects.get(series=series).change == 100
    changed(series)
    summary = SeriesSummary.objects.get(series=series)
    told = [getattr(summary, f"{name}_reason") for name in ("change", "year_on_year", "cagr")]
    assert told == ["break"] * 3
    assert (summary.mean, summary.mean_reason) == (None, "break")
    assert verified()
    take_back(standing(series), reason=REASON, actor=None, now=NOW)
    assert SeriesSummary.objects.get(series=series).change == 100
    assert verified()


def test_share_breaks_where_its_part_or_its_whole_does() -> None:
    part, whole = users(("2016", "10"), ("2017", "20")), make_series("webank.clients")
    publish((whole, "2016", "50"), (whole, "2017", "80"))
    share = make_series(
        "webank.users-share",
        unit="percent",
        nature="ratio",
        share_part=part.indicator,
        share_of=whole.indicator,
    )
    publish(definitions_changed=True)
    changed(whole)
    assert set(breaks_of([part.pk, whole.pk, share.pk])) == {whole.pk, share.pk}
    cells = [(share.pk, "2016"), (share.pk, "2017")]
    assert [one.figure.value for one in evaluate(cells).values()] == [20, 25]
    assert SeriesSummary.objects.get(series=share).change_reason == "break"


def test_group_outputs_break_with_any_member() -> None:
    first, second = users(("2016", "10"), ("2017", "20")), make_series("webank.loans")
    publish((second, "2016", "5"), (second, "2017", "6"))
    total = make_series("webank.business")
    group = make_group("business", [first, second])
    Rule.objects.create(
        key="business", kind="sum", group=group, name_zh_hans="合计", name_en="Total"
    )
    publish(
        definitions_changed=True,
        rule_definitions={"business": {"output": total.key}},
    )
    assert DerivedValue.objects.filter(series=total).count() == 2
    changed(second)
    assert set(breaks_of([first.pk, second.pk, total.pk])) == {second.pk, total.pk}
    assert SeriesSummary.objects.get(series=total).change_reason == "break"
    assert SeriesSummary.objects.get(series=first).change == 10
    assert verified()


def test_formula_with_a_lag_breaks_in_the_cache_and_in_the_past() -> None:
    series = users(("2016", "10"), ("2017", "20"), ("2018", "40"))
    Rule.objects.create(key="added", kind="formula", name_zh_hans="增", name_en="Added")
    made = make_series("webank.added")
    definition = {"output": made.key, "inputs": {"a": series.key}, "formula": "a - a[-1]"}
    publish(definitions_changed=True, rule_definitions={"added": definition})
    after = changed(series)
    for seq in (None, after.seq):
        cells = evaluate([(made.pk, "2017"), (made.pk, "2018")], seq)
        told = [value.figure for value in cells.values()]
        assert (told[0].null_reason, told[1].value) == ("break", 20)


def test_take_back_restores_text_and_version() -> None:
    series = users(("2016", "1,000"), ("2017", "1,100"))
    redefined = changed(series)
    take_back(standing(series), reason=REASON, actor=None, now=NOW)
    indicator = Indicator.objects.get()
    assert (indicator.version, indicator.definition_en) == (1, "Registered users.")
    assert growth(series) == "10.0"
    assert breaks_of([series.pk], redefined.seq) != {}
    changed(series, "2018")
    assert standing(series).version == 2


def test_versions_follow_one_another_in_time() -> None:
    series = users(("2016", "1,000"))
    changed(series, "2017-07")
    for since in ("2017-07-01", "2017", "2016"):
        with pytest.raises(RedefinitionError, match="after 2017-07, from which version 2"):
            changed(series, since)
    changed(series, "2018")
    first, second = Redefinition.objects.current().order_by("version")
    with pytest.raises(RedefinitionError, match="Only the newest"):
        take_back(first, reason=REASON, actor=None, now=NOW)
    take_back(second, reason=REASON, actor=None, now=NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"since": "2017/2018"}, "since"),
        ({"since": "next year"}, "since"),
        ({"since": "undated"}, "since"),
        ({"definition": {"en": "Only one."}}, "definition"),
        ({"reason": {"en": "  "}}, "reason"),
    ],
)
def test_what_is_refused_names_its_field_and_changes_nothing(
    given: dict[str, Any], field: str
) -> None:
    series = users(("2016", "1,000"))
    with pytest.raises(RedefinitionError) as refusal:
        changed(series, **given)
    assert refusal.value.field == field
    assert Indicator.objects.get().version == 1
    assert not Redefinition.objects.exists()


def test_only_a_publisher_redefines() -> None:
    series = users(("2016", "1,000"))
    nobody = User.objects.create_user("editor")
    with pytest.raises(PermissionDenied):
        changed(series, actor=nobody)
    changed(series)
    for act in (
        lambda: set_comparable(standing(series), WHY, reason=REASON, actor=nobody, now=NOW),
        lambda: take_back(standing(series), reason=REASON, actor=nobody, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_what_was_changed_meanwhile_is_refused() -> None:
    series = users(("2016", "1,000"))
    changed(series)
    seen = standing(series)
    set_comparable(seen, WHY, reason=REASON, actor=None, now=NOW)
    with pytest.raises(RedefinitionError, match="changed meanwhile"):
        take_back(seen, reason=REASON, actor=None, now=NOW)
    with pytest.raises(RedefinitionError, match="stands already"):
        set_comparable(standing(series), WHY, reason=REASON, actor=None, now=NOW)


def test_one_query_tells_that_nothing_is_redefined(django_assert_num_queries: Any) -> None:
    series = users(("2016", "1,000"))
    with django_assert_num_queries(1):
        assert breaks_of([series.pk]) == {}


def test_stated_growth_across_cannot_be_checked_against_levels() -> None:
    level = users(("2016", "1,000"), ("2017", "1,100"))
    rate = make_series(
        "webank.users-growth", unit="growth", nature="ratio", growth_of=level.indicator
    )
    publish((rate, "2017", "10%"), definitions_changed=True)
    place = (rate.pk, "2017")
    assert checks_of([rate.pk])[place].verdict.verdict == "consistent"
    changed(level)
    verdict = checks_of([rate.pk])[place].verdict
    assert (verdict.verdict, verdict.implied.null_reason) == ("undecidable", "break")
