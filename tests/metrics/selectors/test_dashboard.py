"""What the first page of the admin tells, in a fixed number of queries."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from metrics.models import ImportBatch, ImportLayout, RefreshRun, Release, StaleSeries
from metrics.selectors import dashboard
from tests.metrics.factories import NOW, SourceFactory, make_release, make_series, publish

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def fill(count: int) -> None:
    """So many rows for every panel."""
    rival = SourceFactory(slug="rival")
    for number in range(count):
        series = make_series(f"e-{number}.users")
        publish((series, "2017", "60"))
        publish((series, "2017", "61"), source=rival)
        make_release()
        Release.objects.filter(pk=make_release().pk).update(
            state="scheduled", scheduled_at=NOW + timedelta(days=number + 1)
        )
        StaleSeries.objects.create(series=series, attempts=1, error="fault")
        make_import()
        make_import("failed")
    RefreshRun.objects.create(started_at=NOW, finished_at=NOW)


def make_import(state: str = "staged", release: Release | None = None) -> ImportBatch:
    layout, _ = ImportLayout.objects.get_or_create(slug="gdp", name_zh_hans="一", name_en="GDP")
    return ImportBatch.objects.create(
        layout=layout,
        layout_frozen={},
        file_name=f"{state}.csv",
        size=1,
        uploaded_at=NOW,
        state=state,
        release=release,
    )


@pytest.mark.parametrize(
    ("summary", "queries"),
    [
        (dashboard.waiting_releases, 2),
        (dashboard.scheduled_releases, 2),
        (lambda: dashboard.overdue_series(TODAY), 2),
        (dashboard.rival_values, 2),
        (dashboard.open_imports, 2),
        (dashboard.failing_imports, 2),
        (dashboard.refresh_state, 4),
    ],
    ids=["waiting", "scheduled", "overdue", "rivals", "imports", "failing imports", "refresh"],
)
@pytest.mark.parametrize("rows", [1, 20])
def test_summary_of_one_and_many_rows_costs_the_same(
    rows: int,
    summary: Callable[[], dashboard.Summary],
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    fill(rows)
    with django_assert_num_queries(queries):
        found = summary()
    assert len(found.lines) == min(found.count, dashboard.SHOWN)
    assert found.count >= rows


@pytest.mark.parametrize(
    ("frequency", "latest", "is_overdue"),
    [
        ("A", "2023", True),
        ("A", "2024", False),
        ("M", "2026-08", True),
        ("M", "2026-09", False),
        ("A", "undated", False),
        ("A", "2007/2018", False),
    ],
)
def test_series_is_overdue_one_whole_period_after_a_period_ended(
    frequency: str, latest: str, is_overdue: bool
) -> None:
    publish((make_series("webank.users", frequency=frequency), latest, "60"))
    assert dashboard.overdue_series(TODAY).count == int(is_overdue)


def test_rival_of_the_same_value_is_no_conflict() -> None:
    series = make_series("webank.users")
    publish((series, "2017", "60"))
    publish((series, "2017", "60"), source=SourceFactory(slug="rival"))
    assert dashboard.rival_values().count == 0


def test_failing_target_is_told_with_its_error() -> None:
    StaleSeries.objects.create(series=make_series("webank.users"), attempts=3, error="no input")
    line: Any = dashboard.refresh_state().lines[0]
    assert (line.text, line.note) == ("webank.users", "no input")


def test_files_are_told_until_they_are_decided_or_wait_for_approval() -> None:
    for state in ("uploaded", "checking", "staged", "failed", "invalid", "published", "discarded"):
        make_import(state)
    make_import("staged", make_release())
    found = dashboard.open_imports()
    assert [line.text for line in found.lines] == ["staged.csv", "checking.csv", "uploaded.csv"]


def test_file_that_failed_is_told_until_a_later_one_of_its_name_was_read() -> None:
    for state in ("failed", "invalid", "staged", "discarded"):
        make_import(state)
    assert [line.text for line in dashboard.failing_imports().lines] == [
        "invalid.csv",
        "failed.csv",
    ]
    later = make_import("published")
    ImportBatch.objects.filter(pk=later.pk).update(file_name="failed.csv")
    assert [line.text for line in dashboard.failing_imports().lines] == ["invalid.csv"]
