"""Checks that are interrupted, repeated, held by others, or fail: nothing is lost or half-done."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from metrics import tasks
from metrics.models import ImportBatch, ImportDifference, ImportRow
from metrics.services.imports import checking, clearing, storing
from metrics.services.imports.checking import check_import, resume_imports
from tests.metrics.factories import NOW, make_series
from tests.metrics.services.conftest import Others
from tests.metrics.services.imports.conftest import checked, imported, make_layout, uploaded

pytestmark = pytest.mark.django_db
FIRST = "entity,period,value\nacme,2017,10\nacme,2018,12.50\nzeta,2018,7\n"


@pytest.fixture(autouse=True)
def companies() -> None:
    for slug in ("acme", "zeta"):
        make_series(f"{slug}.revenue", nature="flow")


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    sent: list[tuple[str, int]] = []
    monkeypatch.setattr(checking, "nudge", lambda name, pk: sent.append((name, pk)))
    return sent


def test_check_that_is_run_twice_gives_the_same() -> None:
    batch = checked(make_layout(), FIRST)
    again = check_import(batch.pk, now=NOW)
    assert (again.state, again.new) == ("staged", 3)
    assert ImportRow.objects.count() == 3


def test_check_that_was_cut_off_starts_anew(nudged: list[tuple[str, int]]) -> None:
    batch = checked(make_layout(), FIRST)
    ImportBatch.objects.update(state="checking", phase="reading", rows_done=1)
    assert resume_imports(NOW) == 1
    assert nudged == [("metrics.check_import", batch.pk)]
    batch = check_import(batch.pk, now=NOW)
    assert (batch.state, batch.rows_done, ImportRow.objects.count()) == ("staged", 3, 3)


def test_upload_whose_message_was_lost_is_asked_for_again(nudged: list[tuple[str, int]]) -> None:
    uploaded(make_layout(), FIRST)
    assert resume_imports(NOW) == 0
    assert resume_imports(NOW + timedelta(minutes=1)) == 1


def test_decided_files_are_not_asked_for_again(nudged: list[tuple[str, int]]) -> None:
    layout = make_layout()
    imported(layout, FIRST)
    checked(layout, FIRST)
    checked(layout, "entity,period,value\nacme,x,1\n")
    assert resume_imports(NOW + timedelta(days=1)) == 0


def test_error_of_ours_is_kept_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, nudged: list[tuple[str, int]]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(checking, "compare", fail)
    batch = checked(make_layout(), FIRST)
    assert (batch.state, batch.failure) == ("failed", "no such thing")
    assert resume_imports(NOW + timedelta(days=1)) == 0


def test_file_that_is_gone_is_told() -> None:
    batch = uploaded(make_layout(), FIRST)
    Path(batch.file.path).unlink()
    batch = check_import(batch.pk, now=NOW)
    assert batch.state == "failed"
    assert "No such file" in batch.failure


def test_rows_of_another_batch_are_left_alone() -> None:
    layout = make_layout()
    first = checked(layout, FIRST)
    second = checked(layout, FIRST + "zeta,2019,1\n")
    check_import(second.pk, now=NOW)
    assert ImportRow.objects.filter(batch=first).count() == 3
    assert ImportRow.objects.filter(batch=second).count() == 4


def test_counts_and_times_are_told() -> None:
    batch = checked(make_layout(), FIRST)
    assert (batch.rows_total, batch.rows_done, batch.phase) == (3, 3, "done")
    assert batch.started_at == NOW
    assert batch.finished_at is not None
    assert batch.finished_at >= NOW


def test_tasks_check_and_resume(nudged: list[tuple[str, int]]) -> None:
    batch = uploaded(make_layout(), FIRST)
    tasks.resume_imports()
    assert nudged == [("metrics.check_import", batch.pk)]
    tasks.check_import(batch.pk)
    batch.refresh_from_db()
    assert batch.state == "staged"


def test_rows_of_decided_files_are_removed_after_a_month() -> None:
    layout = make_layout()
    imported(layout, FIRST)
    waiting = checked(layout, FIRST.replace("12.50", "13"))
    ImportBatch.objects.update(finished_at=NOW)
    assert clearing.clear_imports(NOW + timedelta(days=29)) == 0
    assert clearing.clear_imports(NOW + timedelta(days=31)) == 3
    assert set(ImportRow.objects.values_list("batch_id", flat=True)) == {waiting.pk}
    assert ImportDifference.objects.filter(batch=waiting).exists()


@pytest.mark.django_db(transaction=True)
def test_batch_in_the_hands_of_another_worker_is_left_to_it(others: Others) -> None:
    batch = uploaded(make_layout(), FIRST)
    with storing.holding(batch.pk):
        others.start(lambda: check_import(batch.pk, now=NOW))
        others.end()
        batch.refresh_from_db()
        assert batch.state == "uploaded"
    assert check_import(batch.pk, now=NOW).state == "staged"


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_by_others_while_the_file_is_read(
    others: Others, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metrics.services.imports.blocks.CHUNK", 10)
    monkeypatch.setattr(storing, "CELLS", 300)
    lines = [f"acme,{year},1" for year in range(1000, 1500)]
    batch = uploaded(make_layout(), "entity,period,value\n" + "\n".join(lines))
    seen: list[tuple[str, int, int]] = []
    tell = checking._tell

    def look(which: ImportBatch, headers: int, done: int) -> None:
        tell(which, headers, done)
        connection.on_commit(lambda: others.start(note))

    def note() -> None:
        row = ImportBatch.objects.get(pk=batch.pk)
        seen.append((row.state, row.rows_done, row.rows_total))

    monkeypatch.setattr(checking, "_tell", look)
    check_import(batch.pk, now=NOW)
    others.end()
    assert {(state, total) for state, _, total in seen[:1]} == {("checking", 500)}
    assert len(seen) == 5


def test_series_that_is_new_far_down_is_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its id is reserved while rows are being copied."""
    monkeypatch.setattr("metrics.services.imports.blocks.CHUNK", 2)
    layout = make_layout(unknown_entities="create")
    batch = checked(layout, FIRST + "late,2018,1\nlater,2018,2\n")
    assert batch.proposed_series.count() == 2
    assert len({one.reserved_id for one in batch.proposed_series.all()}) == 2


@pytest.mark.parametrize("rows", [1, 20])
def test_queries_do_not_grow_with_the_rows(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lines = [f"acme,{2000 + n},1" for n in range(rows)]
    batch = uploaded(make_layout(), "entity,period,value\n" + "\n".join(lines))
    with django_assert_num_queries(33):
        check_import(batch.pk, now=NOW)
