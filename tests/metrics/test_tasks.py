"""The tasks: a turn of bounded length, and one other worker called while there is more."""

import pytest

from metrics import tasks
from metrics.models import DerivedValue, StaleSeries
from metrics.services import claims
from metrics.tasks import refresh_derived, sweep
from tests.metrics.large import large_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(tasks, "nudge", names.append)
    return names


def test_task_with_nothing_due_calls_nobody(nudged: list[str]) -> None:
    refresh_derived()
    assert nudged == []


def test_task_that_does_everything_in_one_batch_calls_nobody(nudged: list[str]) -> None:
    large = large_group(5)
    large.mark("2001")
    refresh_derived()
    assert DerivedValue.objects.count() == 11
    sweep()
    assert nudged == ["metrics.refresh_derived"]  # the sum's summary was the next level


def test_task_calls_one_other_worker_and_goes_on(
    nudged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "MOST_CELLS", 1)
    large = large_group(5, years=4)
    large.mark()
    refresh_derived()
    assert nudged == ["metrics.refresh_derived"]
    assert DerivedValue.objects.count() == 4 * 11
    assert not StaleSeries.objects.exists()


def test_turn_ends_when_its_time_is_up(nudged: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "MOST_CELLS", 1)
    monkeypatch.setattr(tasks, "TURN_SECONDS", 0)
    large = large_group(5, years=4)
    large.mark()
    refresh_derived()
    assert 0 < DerivedValue.objects.count() < 4 * 11
    assert nudged == ["metrics.refresh_derived"]
