"""The record of a series as it stood at an earlier seq, and the definitions in force then."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models import Change, Redefinition, Rule, Series
from metrics.selectors.definitions import past_definition_versions
from metrics.selectors.panel import panel_of
from metrics.selectors.record import RecordRow, SeriesRecord, series_record
from metrics.services.redefinitions import redefine, set_comparable, take_back
from tests.metrics.factories import NOW, SourceFactory, make_group, make_series, publish

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def recorded(series: Series, seq: int | None) -> SeriesRecord:
    """Of all its periods, the latest first."""
    loaded = Series.objects.with_definitions().get(pk=series.pk)
    panel = panel_of({series.key: loaded}, seq)
    periods = sorted(panel.values_of(series.key), reverse=True)
    return series_record(loaded, "en", panel, periods, seq)


def rows(series: Series, seq: int | None) -> dict[str, RecordRow]:
    return {row.period: row for row in recorded(series, seq).rows}


def test_row_has_the_value_of_its_time_and_what_stood_before_it() -> None:
    series = make_series("acme.users")
    first = publish((series, "2018", "100"))
    second = publish((series, "2018", "110"), (series, "2019", "7"), now=NOW + HOUR)
    publish((series, "2018", "120"), kind="correction", now=NOW + 2 * HOUR)
    then = rows(series, first.seq)
    assert (list(then), then["2018"].number, then["2018"].before) == (["2018"], "100", ())
    then = rows(series, second.seq)
    assert (list(then), then["2018"].number) == (["2019", "2018"], "110")
    assert [(one.number, one.until) for one in then["2018"].before] == [
        ("100", second.published_at)
    ]
    assert [one.number for one in rows(series, None)["2018"].before] == ["110", "100"]


def test_rival_of_a_later_day_does_not_stand_beside_it() -> None:
    series, rival = make_series("acme.users"), SourceFactory(slug="rival", title_en="Rival")
    publish((series, "2018", "100"), source=rival)
    first = Change.objects.latest_seq()
    second = publish((series, "2018", "110"), now=NOW + HOUR).seq
    then, later = rows(series, first)["2018"], rows(series, second)["2018"]
    assert (then.number, then.source_title, then.rivals) == ("100", "Rival", ())
    assert (later.number, [one.number for one in later.rivals]) == ("110", ["100"])


@pytest.fixture
def total() -> Series:
    """market.total of 2018 = 50 + 30."""
    members = [make_series(f"e-{n}.revenue", nature="flow") for n in range(2)]
    total = make_series("market.total", nature="flow")
    Rule.objects.create(key="sum", kind="sum", name_en="Total", group=make_group("all", members))
    publish(
        (members[0], "2018", "50"), (members[1], "2018", "30"),
        rule_definitions={"sum": {"output": total.key}},
    )  # fmt: skip
    return total


def test_derived_row_names_the_inputs_of_its_time(total: Series) -> None:
    first = Change.objects.latest_seq()
    publish((Series.objects.get(key="e-0.revenue"), "2018", "70"), now=NOW + HOUR)
    row = rows(total, first)["2018"]
    assert row.derivation
    assert (row.number, [one.number for one in row.derivation.inputs]) == ("80", ["50", "30"])
    record = recorded(total, first)
    assert [one.number for one in record.lineage[0].inputs] == ["50", "30"]


def test_queries_do_not_grow_with_rows_or_members(total: Series) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            recorded(total, seq)
        return len(captured)

    seq = Change.objects.latest_seq()
    one = queries()
    group = Rule.objects.get(key="sum").group
    assert group
    members = [make_series(f"f-{n}.revenue") for n in range(20)]
    for position, member in enumerate(members):
        group.members.create(series=member, position=position + 2)
    years = [str(year) for year in range(2009, 2019)]
    publish(*((m, y, "7") for m in members for y in years), definitions_changed=True)
    seq = Change.objects.latest_seq()
    assert queries() == one


def versions(series: Series, seq: int) -> list[tuple[int, str, str | None]]:
    """Number, English text and English reason of what stood at a seq."""
    found = past_definition_versions(Series.objects.get(pk=series.pk).indicator, seq)
    return [
        (one.number, one.definition.get("en", "unknown"), (one.comparable or {}).get("en"))
        for one in found
    ]


def redefined(series: Series, since: str, text: str, **more: Any) -> Change:
    indicator = Series.objects.get(pk=series.pk).indicator
    both = {"zh-hans": text, "en": text}
    asked: dict[str, Any] = {"comparable": {}, "reason": {"en": "It changed."}, **more}
    return redefine(indicator, since=since, definition=both, actor=None, now=NOW, **asked)


def test_definition_is_that_of_the_seq_whatever_came_later() -> None:
    series = make_series("acme.users")
    start = publish((series, "2018", "100")).seq
    second = redefined(series, "2016", "Active.").seq
    row = Redefinition.objects.get()
    said = {"reason": {"en": "Asked."}, "actor": None, "now": NOW}
    waived = set_comparable(row, {"en": "Restated."}, **said).seq  # type: ignore[arg-type]
    third = redefined(series, "2017", "Daily.").seq
    first = (1, "Registered users.", None)
    assert versions(series, start) == [first]
    assert versions(series, second) == [first, (2, "Active.", None)]
    assert versions(series, waived) == [first, (2, "Active.", "Restated.")]
    assert versions(series, third) == [
        first, (2, "Active.", "Restated."), (3, "Daily.", None),
    ]  # fmt: skip


def test_text_that_was_taken_back_is_known_to_be_unknown() -> None:
    series = make_series("acme.users")
    publish((series, "2018", "100"))
    redefined(series, "2016", "Active.")
    kept = redefined(series, "2017", "Daily.").seq
    row = Redefinition.objects.get(version=3)
    taken = take_back(row, reason={"en": "Wrong."}, actor=None, now=NOW).seq
    again = redefined(series, "2018", "Weekly.").seq
    first, second = (1, "Registered users.", None), (2, "Active.", None)
    assert versions(series, kept) == [first, second, (3, "unknown", None)]
    assert versions(series, taken) == [first, second]
    assert versions(series, again) == [first, second, (3, "Weekly.", None)]
