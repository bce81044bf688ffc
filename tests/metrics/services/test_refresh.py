"""The queue: nothing lost, nothing done twice, several workers side by side."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from metrics.models import (
    Change,
    DerivedValue,
    RefreshRun,
    Rule,
    Series,
    SeriesSummary,
    StaleSeries,
)
from metrics.selectors.values import evaluate
from metrics.services import quoted, refresh
from metrics.services.refresh import refresh_all, refresh_batch
from metrics.services.stale import Targets, mark
from tests.metrics.factories import NOW, make_group, make_series, publish


@pytest.fixture
def leave_to_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases evaluate nothing themselves, as after a large import."""
    monkeypatch.setattr(quoted, "INLINE_CELLS", -1)


@pytest.fixture
def panel() -> tuple[list[Series], Series]:
    members = [make_series(f"e-{n}.revenue", nature="flow") for n in range(3)]
    total = make_series("market.revenue-total", nature="flow")
    Rule.objects.create(
        key="sum", kind="sum", group=make_group("all", members), name_zh_hans="和", name_en="sum"
    )
    return members, total


def fill(panel: tuple[list[Series], Series], *texts: str) -> Change:
    members, total = panel
    return publish(
        *[(m, "2018", text) for m, text in zip(members, texts, strict=True)],
        rule_definitions={"sum": {"output": total.key}},
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("leave_to_workers")
def test_deferred_release_is_worked_off_level_by_level(
    panel: tuple[list[Series], Series],
) -> None:
    change = fill(panel, "50", "30", "20")
    assert change.summary["deferred"] is True
    assert not DerivedValue.objects.exists()
    refresh_all(now=NOW)
    assert DerivedValue.objects.get(series=panel[1]).value == Decimal(100)
    assert SeriesSummary.objects.get(series=panel[1]).latest_value == Decimal(100)
    assert not StaleSeries.objects.exists()


@pytest.mark.django_db
def test_marks_of_an_evaluated_release_change_nothing(
    panel: tuple[list[Series], Series],
) -> None:
    change = fill(panel, "50", "30", "20")
    assert StaleSeries.objects.exists()
    assert refresh_all(now=NOW) == 0
    assert Change.objects.latest_seq() == change.seq
    assert not StaleSeries.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("leave_to_workers")
def test_refresh_that_writes_ticks_the_clock(panel: tuple[list[Series], Series]) -> None:
    change = fill(panel, "50", "30", "20")
    refresh_all(now=NOW)
    last = Change.objects.get(pk=Change.objects.latest_seq())
    assert last.kind == "refresh"
    assert last.seq > change.seq
    assert DerivedValue.objects.get().computed_seq <= last.seq
    assert RefreshRun.objects.filter(seq__isnull=False).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("leave_to_workers")
def test_group_rule_touches_only_the_period_that_changed(
    panel: tuple[list[Series], Series],
) -> None:
    members, total = panel
    fill(panel, "50", "30", "20")
    publish(*[(m, "2017", "10") for m in members])
    refresh_all(now=NOW)
    seqs = dict(DerivedValue.objects.values_list("period", "computed_seq"))
    publish((members[0], "2018", "60"), kind="revision")
    refresh_all(now=NOW)
    rows = {row.period: row for row in DerivedValue.objects.filter(series=total)}
    assert rows["2018"].value == Decimal(110)
    assert rows["2017"].computed_seq == seqs["2017"]


@pytest.mark.django_db
@pytest.mark.usefixtures("leave_to_workers")
def test_failing_target_waits_and_the_others_go_on(
    panel: tuple[list[Series], Series], monkeypatch: pytest.MonkeyPatch
) -> None:
    members, total = panel
    fill(panel, "50", "30", "20")
    compute = refresh.compute_work

    def fail_for_one(targets: Targets) -> object:
        if members[0].pk in targets.series:
            raise ValueError("no such nature")
        return compute(targets)

    monkeypatch.setattr(refresh, "compute_work", fail_for_one)
    refresh_all(now=NOW)
    assert DerivedValue.objects.get(series=total).value == Decimal(100)
    left = StaleSeries.objects.get()
    assert (left.series_id, left.attempts, left.error) == (members[0].pk, 1, "no such nature")
    monkeypatch.undo()
    assert refresh_batch(now=NOW) is None
    refresh_all(now=NOW + timedelta(hours=2))
    assert SeriesSummary.objects.filter(series=members[0]).exists()
    assert not StaleSeries.objects.exists()


@pytest.mark.django_db
def test_release_goes_live_whatever_cannot_be_computed(panel: tuple[list[Series], Series]) -> None:
    """A formula of a formula leaves what numbers can hold: it waits, alone, with the reason."""
    members, total = panel
    for key in ("e.base", "e.power", "e.tower"):
        make_series(key, unit="times", nature="ratio")
    inputs, times = ({"x": "e.base"}, {"x": "e.power"}), "*".join("x" * 240)
    for key, output, taken in zip(("one", "two"), ("e.power", "e.tower"), inputs, strict=True):
        Rule.objects.create(key=key, kind="formula", name_zh_hans=key, name_en=key)
        rule = {"output": output, "inputs": taken, "formula": times}
        publish(rule_definitions={key: rule})
    fill(panel, "50", "30", "20")
    change = publish((make_series("e.base"), "2018", "1" + "0" * 24), (members[0], "2018", "60"))
    assert change.summary["deferred"]
    refresh_all(now=NOW)
    assert DerivedValue.objects.get(series=total).value == Decimal(110)
    left = StaleSeries.objects.get()
    assert (left.series_id, left.attempts) == (make_series("e.tower").pk, 1)
    tower = make_series("e.tower").pk
    assert evaluate([(tower, "2018")], change.seq) == {(tower, "2018"): None}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("leave_to_workers")
def test_killed_worker_gives_its_marks_back(panel: tuple[list[Series], Series]) -> None:
    fill(panel, "50", "30", "20")
    before = StaleSeries.objects.count()

    def die(targets: Targets) -> object:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refresh, "compute_work", die)
        with pytest.raises(KeyboardInterrupt):
            refresh_batch(now=NOW)
    assert StaleSeries.objects.count() == before
    refresh_all(now=NOW)
    assert DerivedValue.objects.get(series=panel[1]).value == Decimal(100)


@pytest.mark.django_db
def test_empty_queue_writes_no_run() -> None:
    assert refresh_batch(now=NOW) is None
    assert not RefreshRun.objects.exists()


@pytest.mark.django_db
def test_same_target_marked_twice_is_computed_once() -> None:
    series = make_series("x.users")
    publish((series, "2018", "10"))
    StaleSeries.objects.all().delete()
    mark(Targets(series={series.pk}))
    mark(Targets(series={series.pk}))
    with transaction.atomic():
        run = refresh_batch(now=NOW)
    assert run is not None
    assert (run.targets, run.marks) == (1, 2)
