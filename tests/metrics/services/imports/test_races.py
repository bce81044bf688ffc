"""A long import in one connection, quick edits and readers in others."""

import threading
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from metrics.models import Change, ImportBatch, Observation, Series
from metrics.selectors.values import series_values
from metrics.services import clock, publishing
from metrics.services.imports import recording, released
from metrics.services.imports.conflicts import ImportConflictsError
from metrics.services.imports.publishing import ImportStateError, publish_import
from metrics.services.imports.undoing import undo_import
from metrics.services.refresh import refresh_all
from metrics.services.verification import verify_derived
from tests.metrics.factories import NOW, make_series, publish
from tests.metrics.services.conftest import Others
from tests.metrics.services.imports.conftest import checked, imported, make_layout

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)
FIRST = "entity,period,value\nacme,2017,10\nacme,2018,12.50\nzeta,2018,7\n"


@pytest.fixture(autouse=True)
def companies() -> list[Series]:
    return [make_series(f"{slug}.revenue", nature="flow") for slug in ("acme", "zeta")]


def answer(instant: datetime) -> dict[tuple[int, str], Decimal | None]:
    seq = Change.objects.seq_as_of(instant)
    found = series_values(list(Series.objects.values_list("pk", flat=True)), seq)
    return {
        (pk, period.code): value.figure.value
        for pk, values in found.items()
        for period, value in values.items()
    }


def test_long_import_and_quick_edits_leave_earlier_answers_as_they_were(
    others: Others, monkeypatch: pytest.MonkeyPatch, companies: list[Series]
) -> None:
    """The import writes for a quarter of an hour; edits wait for the clock, readers do not."""
    publish((companies[1], "2016", "1"), now=NOW)
    batch = checked(make_layout(), FIRST)
    record, holds, go_on = released.record_import, threading.Event(), threading.Event()
    importing = threading.local()

    def slowly(which: ImportBatch, change: Change) -> Any:
        importing.yes = True
        holds.set()
        assert go_on.wait(30)
        return record(which, change)

    monkeypatch.setattr(released, "record_import", slowly)
    monkeypatch.setattr(publishing, "monotonic", lambda: 0.0)
    monkeypatch.setattr(
        clock, "monotonic", lambda: 900.0 if getattr(importing, "yes", False) else 0.0
    )
    others.start(lambda: publish_import(batch, actor=None, now=NOW + SECOND))
    assert holds.wait(30)
    asked = {NOW + SECOND * n: answer(NOW + SECOND * n) for n in range(0, 900, 60)}
    for n in range(3):
        row = (companies[1], "2015", str(n))
        others.start(lambda row=row, n=n: publish(row, kind="revision", now=NOW + SECOND * n))
    go_on.set()
    others.end()
    assert {instant: answer(instant) for instant in asked} == asked
    assert Observation.objects.current().count() == 5
    instants = list(Change.objects.order_by("seq").values_list("published_at", flat=True))
    assert instants == sorted(set(instants))


def test_file_is_published_once_by_two_at_the_same_time(others: Others) -> None:
    batch = checked(make_layout(), FIRST)
    ends: list[str] = []

    def act() -> None:
        try:
            publish_import(ImportBatch.objects.get(pk=batch.pk), actor=None, now=NOW)
            ends.append("published")
        except ImportStateError:
            ends.append("refused")

    for _ in range(2):
        others.start(act)
    others.end()
    assert sorted(ends) == ["published", "refused"]
    assert Observation.objects.count() == 3


def test_edit_that_comes_first_refuses_the_file(
    others: Others, monkeypatch: pytest.MonkeyPatch, companies: list[Series]
) -> None:
    """The file was compared before; the edit is published while the import waits for the clock."""
    layout = make_layout()
    imported(layout, FIRST)
    batch = checked(layout, FIRST.replace("12.50", "13"))
    lock, waits, go_on = publishing.lock_clock, threading.Event(), threading.Event()
    main = threading.get_ident()

    def slowly() -> None:
        if threading.get_ident() != main:
            waits.set()
            assert go_on.wait(30)
        lock()

    monkeypatch.setattr(publishing, "lock_clock", slowly)
    ends: list[object] = []

    def act() -> None:
        try:
            publish_import(batch, actor=None, now=NOW)
        except ImportConflictsError as error:
            ends.append(error.slots)

    others.start(act)
    assert waits.wait(30)
    publish((companies[0], "2018", "14"), kind="correction")
    go_on.set()
    others.end()
    assert ends == [[("acme.revenue", "2018")]]
    assert Observation.objects.current().get(period="2018", series=companies[0]).value == 14


def test_refresh_beside_an_import_loses_nothing(others: Others, companies: list[Series]) -> None:
    layout = make_layout()
    imported(layout, FIRST)
    batch = checked(layout, FIRST.replace("12.50", "13"))
    others.while_a_worker_computes(
        lambda: publish_import(batch, actor=None, now=NOW),
        when=lambda targets: companies[0].pk in targets.series,
    )
    refresh_all(now=NOW)
    assert companies[0].summary.latest_value == 13
    assert verify_derived().differences == []


def test_edit_beside_an_undo_is_left(
    others: Others, monkeypatch: pytest.MonkeyPatch, companies: list[Series]
) -> None:
    batch = imported(make_layout(), FIRST)
    lock, waits, go_on = publishing.lock_clock, threading.Event(), threading.Event()
    main = threading.get_ident()

    def slowly() -> None:
        if threading.get_ident() != main:
            waits.set()
            assert go_on.wait(30)
        lock()

    monkeypatch.setattr(publishing, "lock_clock", slowly)
    left: list[object] = []
    others.start(lambda: left.extend(undo_import(batch, actor=None, now=NOW).left))
    assert waits.wait(30)
    publish((companies[1], "2018", "8"), kind="correction")
    go_on.set()
    others.end()
    assert left == [("zeta.revenue", "2018")]
    assert Observation.objects.current().get(series=companies[1]).value == 8


def test_failure_in_mid_recording_takes_everything_back(monkeypatch: pytest.MonkeyPatch) -> None:
    layout = make_layout(unknown_entities="create")
    batch = checked(layout, FIRST + "nova,2018,3\n")
    seq = Change.objects.latest_seq()

    def fail(*_: object) -> None:
        raise RuntimeError("no disk")

    monkeypatch.setattr(recording, "last_id", fail)
    with pytest.raises(RuntimeError):
        publish_import(batch, actor=None, now=NOW)
    assert Change.objects.latest_seq() == seq
    assert not Series.objects.filter(entity__slug="nova").exists()
    monkeypatch.undo()
    batch.refresh_from_db()
    assert publish_import(batch, actor=None, now=NOW) is not None
