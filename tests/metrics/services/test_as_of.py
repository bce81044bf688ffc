"""An answer as of a moment never changes, whatever is published at the same time."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection

from metrics.models import Change, Series
from metrics.querysets import SETTLING
from metrics.selectors.values import series_values
from metrics.services import clock, publishing
from metrics.services.clock import tick
from tests.metrics.factories import NOW, make_series, publish

SECOND = timedelta(seconds=1)


def answer(series: Series, instant: datetime) -> dict[str, Decimal | None]:
    seq = Change.objects.seq_as_of(instant)
    values = series_values([series.pk], seq)[series.pk]
    return {period.code: value.figure.value for period, value in values.items()}


@pytest.fixture
def threads() -> Iterator[list[threading.Thread]]:
    started: list[threading.Thread] = []
    yield started
    for thread in started:
        thread.join(30)
        assert not thread.is_alive()


def in_thread(threads: list[threading.Thread], work: Callable[[], Any], name: str) -> None:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    threads.append(threading.Thread(target=run, name=name))
    threads[-1].start()


def is_import() -> bool:
    return threading.current_thread().name == "import"


@pytest.mark.django_db(transaction=True)
def test_long_import_and_quick_edits_leave_earlier_answers_as_they_were(
    threads: list[threading.Thread], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import writes for a quarter of an hour while readers ask and editors save."""
    series = make_series("webank.users")
    publish((series, "2016", "100"), now=NOW)
    record, holds, go_on = publishing.record_observations, threading.Event(), threading.Event()

    def slowly(rows: Any, change: Change) -> Any:
        if is_import():
            holds.set()
            assert go_on.wait(30)
        return record(rows, change)

    monkeypatch.setattr(publishing, "record_observations", slowly)
    # What the machine's clock shows at the start of a publication, and at its end.
    monkeypatch.setattr(publishing, "monotonic", lambda: 0.0)
    monkeypatch.setattr(clock, "monotonic", lambda: 900.0 if is_import() else 0.0)
    many = [(series, str(year), "1") for year in range(1000, 1200)]
    in_thread(threads, lambda: publish(*many, now=NOW + SECOND), "import")
    assert holds.wait(30)
    asked = {NOW + SECOND * n: answer(series, NOW + SECOND * n) for n in range(0, 900, 60)}
    for n in range(3):  # these wait for the lock, with moments of before the import's end
        row = (series, "2017", str(n))
        in_thread(
            threads, partial(publish, row, kind="revision", now=NOW + SECOND * (10 + n)), "edit"
        )
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert {instant: answer(series, instant) for instant in asked} == asked
    moments = list(Change.objects.order_by("seq").values_list("published_at", flat=True))
    assert moments == sorted(set(moments))
    assert moments[1] == NOW + SECOND * 901
    assert len(answer(series, moments[-1])) == 202


@pytest.mark.django_db
def test_publication_that_is_quick_keeps_its_instant() -> None:
    assert publish((make_series("webank.users"), "2017", "1")).published_at == NOW


@pytest.mark.django_db
def test_moment_is_settled_once_it_is_past_or_followed_by_a_change() -> None:
    tick(Change.Kind.NEW, now=NOW)
    settled = Change.objects.is_settled
    assert settled(NOW, now=NOW)
    assert not settled(NOW + SECOND, now=NOW + SECOND)
    assert settled(NOW + SECOND, now=NOW + SECOND + SETTLING)
    assert Change.objects.seq_as_of(datetime(2020, 1, 1, tzinfo=UTC)) == 0
