"""A block of cells: read as saving would read it, saved as one release or not at all."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from metrics.models import Change, Observation, Release, Series
from metrics.selectors.grid import MOST_PERIODS, chosen_series, grid_of, usual_frequency, window
from metrics.services.corrections import Saved
from metrics.services.grid import GridRefusedError, save_cells, summary
from metrics.services.grid_cells import Said, State, Typed, judge_cells
from metrics.services.staging import StagingError
from metrics.stats.periods import Period
from tests.metrics.factories import NOW, SourceFactory, make_group, make_series, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield


@pytest.fixture
def users() -> Series:
    """Stated for 2016 and 2017, by changes 1 and 2."""
    series = make_series("webank.users")
    publish((series, "2016", "近1,200万"))
    publish((series, "2017", "超过6,000万"))
    return series


@pytest.fixture
def publisher() -> User:
    user = User.objects.create_user("publisher")
    user.user_permissions.add(Permission.objects.get(codename="publish_release"))
    return User.objects.get(pk=user.pk)


def typed(series: Series, period: str, base: int, text: str) -> Typed:
    return Typed(series.pk, period, base, text)


def states(*cells: Typed, said: Said | None = None) -> list[State]:
    return [one.state for one in judge_cells(cells, said or Said(), language="en")]


def save(*cells: Typed, actor: Any, said: Said | None = None, **how: Any) -> Saved:
    defaults: dict[str, Any] = {"kind": "correction", "reason": {"en": "misread"}, "now": NOW}
    return save_cells(
        cells,
        said or Said(SourceFactory()),
        actor=actor,
        language="en",
        **(defaults | how),
    )


def live(series: Series, period: str) -> Observation:
    return Observation.objects.current().get(series=series, period=period, preferred=True)


def test_cell_reads_as_nothing_new_changed_withdrawn_or_unreadable(users: Series) -> None:
    said = Said(SourceFactory())
    assert states(typed(users, "2016", 1, "近1,200万"), said=said) == [State.SAME]
    assert states(typed(users, "2016", 1, " 近1,200万 "), said=said) == [State.SAME]
    assert states(typed(users, "2018", 0, "1亿"), said=said) == [State.NEW]
    assert states(typed(users, "2016", 1, "1,200万"), said=said) == [State.CHANGED]
    assert states(typed(users, "2016", 1, ""), said=said) == [State.WITHDRAWN]
    assert states(typed(users, "2018", 0, "许多"), said=said) == [State.INVALID]
    assert states(typed(users, "2018", 0, ""), said=said) == [State.SAME]


@pytest.mark.parametrize(
    ("period", "text", "message"),
    [
        ("2018", "许多", "'许多', character 1"),
        ("2018-Q1", "1亿", "2018-Q1 does not fit webank.users"),
        ("2018", "1" * 35, "character 35: expected at most 34 digits"),
        ("2018", "1亿" + " 人" * 150, "characters; expected at most 200"),
        ("2018", "1\x00", "expected the end of the figure"),
    ],
)
def test_unreadable_cell_tells_what_is_expected(
    users: Series, period: str, text: str, message: str
) -> None:
    judged = judge_cells([typed(users, period, 0, text)], Said(SourceFactory()), language="en")
    assert judged[0].state == State.INVALID
    assert message in judged[0].message


def test_unknown_series_is_refused(users: Series) -> None:
    judged = judge_cells([Typed(10**14, "2018", 0, "1")], Said(), language="en")
    assert judged[0].message == "This series is unknown."


def test_new_value_without_a_source_is_refused_and_a_changed_one_keeps_its_own(
    users: Series,
) -> None:
    assert states(typed(users, "2018", 0, "1亿")) == [State.INVALID]
    assert states(typed(users, "2016", 1, "1亿")) == [State.CHANGED]


@pytest.mark.parametrize("text", ["not reported", "未公布", "not_reported"])
def test_reason_for_no_value_is_typed_in_words_of_either_language_or_as_code(
    users: Series, text: str
) -> None:
    with override("zh-hans"):
        words = str(Observation(null_reason="not_reported").get_null_reason_display())
    cell = typed(users, "2018", 0, words if text == "未公布" else text)
    judged = judge_cells([cell], Said(SourceFactory()), language="en")
    assert judged[0].row is not None
    assert (judged[0].row.null_reason, judged[0].row.stated) == ("not_reported", "")


def test_block_is_one_release_and_one_change(users: Series, publisher: User) -> None:
    saved = save(
        typed(users, "2016", 1, ""),
        typed(users, "2017", 2, "超过6,100万"),
        typed(users, "2018", 0, "123456789012345678901234567890.1234"),
        actor=publisher,
    )
    assert saved.change is not None
    assert Change.objects.latest_seq() == saved.change.seq == 3
    assert saved.release.staged.count() == 3
    assert saved.release.title_en == "Grid: 3 values of 1 series, 2016 to 2018"
    assert (saved.release.kind, saved.release.reason_en) == ("correction", "misread")
    assert live(users, "2016").null_reason == "withdrawn"
    assert (live(users, "2017").stated, live(users, "2017").locator) == ("超过6,100万", "1.2.1")
    assert str(live(users, "2018").value) == "123456789012345678901234567890.1234"


def test_who_may_not_publish_leaves_the_block_for_approval(users: Series) -> None:
    saved = save(
        typed(users, "2017", 2, "1亿"), actor=User.objects.create_user("editor"), kind="revision"
    )
    assert (saved.change, saved.release.state) == (None, "draft")
    assert live(users, "2017").stated == "超过6,000万"
    grid = grid_of([users], [Period.parse("2017")], "en")
    assert grid.cells[users.pk, "2017"].waiting == "1亿"


def test_cell_changed_meanwhile_is_refused_and_nothing_of_the_block_is_saved(
    users: Series, publisher: User
) -> None:
    publish((users, "2017", "7,000万"), kind="correction")
    cells = [typed(users, "2017", 2, "8,000万"), typed(users, "2018", 0, "1亿")]
    with pytest.raises(GridRefusedError) as refused:
        save(*cells, actor=publisher)
    conflict, fine = refused.value.judged
    assert (conflict.state, conflict.text, conflict.seq) == (State.CONFLICT, "7,000万", 3)
    assert "“7,000万”" in conflict.message
    assert fine.state == State.NEW
    assert Change.objects.latest_seq() == 3
    assert Release.objects.count() == 3
    save(typed(users, "2017", conflict.seq, "8,000万"), cells[1], actor=publisher)
    assert live(users, "2017").stated == "8,000万"


def test_untouched_cell_of_an_older_page_stays_as_somebody_else_left_it(
    users: Series, publisher: User
) -> None:
    publish((users, "2017", "7,000万"), kind="correction")
    save(typed(users, "2017", 2, "超过6,000万"), typed(users, "2018", 0, "1亿"), actor=publisher)
    assert live(users, "2017").stated == "7,000万"


def test_both_typed_the_same_is_no_conflict(users: Series) -> None:
    publish((users, "2017", "7,000万"), kind="correction")
    assert states(typed(users, "2017", 2, "7,000万")) == [State.SAME]


def test_cell_filled_by_somebody_else_meanwhile_is_a_conflict(users: Series) -> None:
    publish((users, "2018", "1亿"))
    assert states(typed(users, "2018", 0, "2亿"), said=Said(SourceFactory())) == [State.CONFLICT]
    assert states(typed(users, "2018", 0, ""), said=Said(SourceFactory())) == [State.SAME]


def test_rival_stated_meanwhile_is_a_conflict_too(users: Series) -> None:
    publish((users, "2017", "5,000万"), source=SourceFactory(slug="rival"))
    own = Observation.objects.current().get(series=users, period="2017", source__slug="report-2019")
    assert not own.preferred
    assert states(typed(users, "2017", 2, "6,100万")) == [State.CONFLICT]


def test_another_source_stands_beside_the_first_and_speaks_for_the_slot(
    users: Series, publisher: User
) -> None:
    save(
        typed(users, "2017", 2, "6,200万"),
        actor=publisher,
        said=Said(SourceFactory(slug="annual"), locator="p. 3"),
        kind="revision",
    )
    rows = Observation.objects.current().filter(series=users, period="2017")
    assert {(row.source.slug, row.stated, row.preferred) for row in rows} == {
        ("annual", "6,200万", True),
        ("report-2019", "超过6,000万", False),
    }
    assert live(users, "2017").locator == "p. 3"


def test_block_that_only_withdraws_is_a_withdrawal(users: Series, publisher: User) -> None:
    saved = save(typed(users, "2017", 2, ""), actor=publisher)
    assert saved.change is not None
    assert saved.change.kind == "withdrawal"
    assert states(typed(users, "2017", 3, "")) == [State.SAME]
    assert states(typed(users, "2017", 3, "1亿")) == [State.CHANGED]


@pytest.mark.parametrize(
    ("text", "how", "field"),
    [
        ("超过6,000万", {}, "cells"),
        ("1亿", {"kind": "new"}, "kind"),
        ("1亿", {"reason": {"en": "", "zh-hans": ""}}, "reason"),
    ],
)
def test_what_is_wrong_with_the_whole_names_the_field(
    users: Series, publisher: User, text: str, how: dict[str, Any], field: str
) -> None:
    with pytest.raises(StagingError) as refused:
        save(typed(users, "2017", 2, text), actor=publisher, **how)
    assert refused.value.field == field
    assert Release.objects.count() == 2


def test_summary_counts_what_would_happen(users: Series) -> None:
    cells = [
        typed(users, "2016", 1, ""),
        typed(users, "2017", 2, "1亿"),
        typed(users, "2018", 0, "1亿"),
        typed(users, "2019", 0, "2亿"),
        typed(users, "2020", 0, "?"),
        typed(users, "2021", 5, "9亿"),
    ]
    judged = judge_cells(cells, Said(SourceFactory()), language="en")
    text = "2 new, 1 changed, 1 withdrawn, 1 cannot be saved, 1 changed by somebody else"
    assert summary(judged) == text
    assert summary([]) == "nothing to save"


def test_cells_show_values_without_text_reasons_and_derived_values(users: Series) -> None:
    growth = make_series(
        "webank.users-growth", unit="growth", nature="ratio", growth_of=users.indicator
    )
    publish((growth, "2016", "100%"), definitions_changed=True)
    periods = [Period.parse(code) for code in ("2015", "2016", "2018")]
    cells = grid_of([users], periods, "en").cells
    assert cells[users.pk, "2015"].kind == "derived"
    assert cells[users.pk, "2015"].text == "under 8 million"
    assert (cells[users.pk, "2016"].text, cells[users.pk, "2016"].qualifier) == (
        "近1,200万",
        "nearly",
    )
    assert (cells[users.pk, "2018"].kind, cells[users.pk, "2018"].text) == ("empty", "")


def test_plain_number_shows_its_qualifier_and_reads_back_as_the_same(
    users: Series, publisher: User
) -> None:
    row = live(users, "2017")
    Observation.objects.filter(pk=row.pk).update(seq_to=2)
    row.pk, row.stated = None, ""
    row.save()
    cell = grid_of([users], [Period.parse("2017")], "en").cells[users.pk, "2017"]
    assert cell.text == "over 60000000"
    chinese = judge_cells([typed(users, "2017", 2, "超过60000000")], Said(), language="zh-hans")
    assert chinese[0].state == State.SAME


def test_judging_and_showing_cost_the_same_for_many_cells(users: Series) -> None:
    others = [make_series(f"bank-{number}.users") for number in range(10)]
    publish(*[(one, str(year), "1万") for one in others for year in range(2000, 2020)])

    def queries(series: list[Series], years: range) -> tuple[int, int]:
        cells = [typed(one, str(year), 1, "2万") for one in series for year in years]
        with CaptureQueriesContext(connection) as judging:
            judge_cells(cells, Said(SourceFactory()), language="en")
        with CaptureQueriesContext(connection) as showing:
            grid_of(series, [Period.parse(str(year)) for year in years], "en")
        return len(judging), len(showing)

    SourceFactory()
    assert queries(others[:1], range(2000, 2001)) == queries(others, range(2000, 2020))


def test_saving_costs_the_same_for_many_cells(users: Series) -> None:
    editor = User.objects.create_user("editor")
    editor.has_perm("metrics.publish_release")  # loads its permissions
    others = [make_series(f"bank-{number}.users") for number in range(10)]

    def queries(series: list[Series]) -> int:
        cells = [typed(one, "2018", 0, "2万") for one in series]
        said = Said(SourceFactory())
        with CaptureQueriesContext(connection) as captured:
            save(*cells, actor=editor, said=said, kind="new")
        return len(captured)

    assert queries(others[:1]) == queries(others[1:])


def test_window_is_bounded_and_ends_after_the_latest() -> None:
    latest = Period.parse("2018")
    assert [p.code for p in window(latest, None, None)][-2:] == ["2018", "2019"]
    assert len(window(latest, None, None)) == 12
    assert window(latest, Period.parse("2030"), None) == [Period.parse("2030")]
    assert len(window(latest, Period.parse("1900"), None)) == MOST_PERIODS
    span = window(latest, Period.parse("2016-Q3"), Period.parse("2017-Q1"))
    assert [p.code for p in span] == ["2016-Q3", "2016-Q4", "2017-Q1"]


def test_group_keeps_its_order_and_frequency_is_that_of_most(users: Series) -> None:
    other = make_series("alipay.users")
    monthly = make_series("alipay.visits", frequency="M")
    group = make_group("payers", [users, monthly, other])
    assert [one.key for one in chosen_series(group=group.pk)] == [
        "webank.users",
        "alipay.visits",
        "alipay.users",
    ]
    found = chosen_series(group=group.pk, entity=other.entity_id)
    assert {one.key for one in found} == {"alipay.visits", "alipay.users"}
    assert usual_frequency(chosen_series(group=group.pk)) == "A"
    assert [one.key for one in chosen_series(keys=["alipay.users"], ids=[users.pk])] == [
        "alipay.users",
        "webank.users",
    ]


def test_unreadable_cell_is_told_in_chinese(users: Series) -> None:
    cells = [typed(users, "2018", 0, "许多"), typed(users, "2018-Q1", 0, "1亿")]
    with override("zh-hans"):
        judged = judge_cells(cells, Said(SourceFactory()), language="zh-hans")
    assert [one.message for one in judged] == [
        "'许多' 第 1 个字符处：应为数字",
        "2018-Q1 不符合 webank.users 的频率（A）",
    ]
