"""Two connections at once: what happens between a worker's reading and its writing is not lost.

Each test lets something be published when a worker has read its inputs and not yet written, then
works off what is left and compares what stands with the definitions.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from metrics.models import (
    DerivedValue,
    GroupMember,
    Observation,
    RefreshRun,
    Rule,
    Series,
    SeriesSummary,
    StaleSeries,
)
from metrics.services import claims, refresh
from metrics.services.corrections import withdraw_observation
from metrics.services.publishing import publish_definitions
from metrics.services.refresh import refresh_all, refresh_batch
from metrics.services.stale import Targets
from metrics.services.verification import verify_derived
from metrics.stats import derivation
from metrics.stats.bounds import Figure
from metrics.stats.periods import Period
from tests.metrics.factories import NOW, SourceFactory, make_group, make_series, publish
from tests.metrics.services.conftest import Others

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("leave_to_workers")]


@pytest.fixture
def members() -> list[Series]:
    return [make_series(f"e-{n}.revenue", nature="flow") for n in range(3)]


@pytest.fixture
def total(members: list[Series]) -> Series:
    """The sum of the three, 100 in 2018, published and not yet computed."""
    total = make_series("market.revenue-total", nature="flow")
    Rule.objects.create(
        key="sum", kind="sum", group=make_group("all", members), name_zh_hans="和", name_en="sum"
    )
    publish(
        *[(m, "2018", text) for m, text in zip(members, ("50", "30", "20"), strict=True)],
        rule_definitions={"sum": {"output": total.key}},
    )
    return total


def rules(targets: Targets) -> bool:
    return bool(targets.rules)


def one_of(series: Series) -> Callable[[Targets], bool]:
    return lambda targets: series.pk in targets.series


def values(series: Series) -> dict[str, Decimal | None]:
    return dict(DerivedValue.objects.filter(series=series).values_list("period", "value"))


def work_off() -> None:
    """What is left is worked off, and then everything is as the definitions make it."""
    refresh_all(now=NOW)
    assert not StaleSeries.objects.exists()
    assert verify_derived().differences == []


def test_revised_input_is_read_again(members: list[Series], total: Series, others: Others) -> None:
    others.while_a_worker_computes(
        lambda: publish((members[0], "2018", "60"), kind="revision"), when=rules
    )
    assert values(total) != {"2018": Decimal(100)}
    work_off()
    assert values(total) == {"2018": Decimal(110)}


def test_another_period_leaves_the_first_as_computed(
    members: list[Series], total: Series, others: Others
) -> None:
    others.while_a_worker_computes(
        lambda: publish(*[(member, "2017", "10") for member in members]), when=rules
    )
    work_off()
    assert values(total) == {"2018": Decimal(100), "2017": Decimal(30)}


def test_withdrawn_input_leaves_no_sum(
    members: list[Series], total: Series, others: Others
) -> None:
    row = Observation.objects.current().get(series=members[0])
    boss = User.objects.create_superuser("boss")
    reason = {"zh-hans": "误", "en": "wrong"}
    others.while_a_worker_computes(
        lambda: withdraw_observation(row, reason=reason, actor=boss, now=NOW), when=rules
    )
    work_off()
    assert values(total) == {"2018": None}


def test_rival_that_takes_the_preference_is_what_counts(
    members: list[Series], total: Series, others: Others
) -> None:
    rival = SourceFactory(slug="rival")
    others.while_a_worker_computes(
        lambda: publish((members[0], "2018", "70"), source=rival), when=rules
    )
    work_off()
    assert values(total) == {"2018": Decimal(120)}


def test_rule_saved_meanwhile_is_the_one_in_force(
    members: list[Series], total: Series, others: Others
) -> None:
    other = make_series("market.revenue-new-total", nature="flow")

    def save() -> None:
        with transaction.atomic():
            publish_definitions(
                actor=None, now=NOW, what="sum", rule_definitions={"sum": {"output": other.key}}
            )

    others.while_a_worker_computes(save, when=rules)
    work_off()
    assert values(total) == {}
    assert values(other) == {"2018": Decimal(100)}


def test_member_that_joins_meanwhile_is_counted(
    members: list[Series], total: Series, others: Others
) -> None:
    fourth = make_series("e-3.revenue")
    publish((fourth, "2018", "5"))

    def join() -> None:
        with transaction.atomic():
            group = Rule.objects.get(key="sum").group
            GroupMember.objects.create(group=group, series=fourth, position=3)
            publish_definitions(actor=None, now=NOW, what="group")

    others.while_a_worker_computes(join, when=rules)
    work_off()
    assert values(total) == {"2018": Decimal(105)}


def test_nature_changed_meanwhile_is_what_the_summary_goes_by(
    members: list[Series], total: Series, others: Others
) -> None:
    def edit() -> None:
        with transaction.atomic():
            indicator = members[0].indicator
            indicator.nature = "stock"
            indicator.save()
            publish_definitions(actor=None, now=NOW, what="indicator")

    others.while_a_worker_computes(edit, when=one_of(members[0]))
    work_off()
    assert SeriesSummary.objects.get(series=members[0]).nature == "stock"


def test_value_made_of_a_derived_one_follows_it(
    members: list[Series], total: Series, others: Others
) -> None:
    """A worker computes a ratio to the sum while another release moves the sum itself."""
    share = make_series("e-0.revenue-to-total", unit="times", nature="ratio")
    Rule.objects.create(key="ratio", kind="ratio", name_zh_hans="比", name_en="ratio")
    definition = {
        "output": share.key,
        "inputs": {"numerator": members[0].key, "denominator": total.key},
    }
    refresh_all(now=NOW)
    with transaction.atomic():
        publish_definitions(
            actor=None, now=NOW, what="ratio", rule_definitions={"ratio": definition}
        )
    others.while_a_worker_computes(lambda: _move_the_sum(members), when=one_of(share))
    work_off()
    assert values(share) == {"2018": Decimal("0.4")}


def _move_the_sum(members: list[Series]) -> None:
    """Published and worked off by this worker, while the other one holds the ratio."""
    publish((members[1], "2018", "55"), kind="revision")
    refresh_all(now=NOW)


def test_two_workers_share_the_backlog(others: Others) -> None:
    """While one worker holds its targets another takes the next ones, not the same."""
    series = [make_series(f"e-{n}.users") for n in range(4)]
    publish(*[(s, "2018", "10") for s in series])
    held, release = threading.Event(), threading.Event()
    compute = refresh.compute_work
    seen: list[set[int]] = []

    def slow(targets: Targets) -> object:
        seen.append(set(targets.series))
        if len(seen) == 1:
            held.set()
            release.wait(20)
        return compute(targets)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refresh, "compute_work", slow)
        others.start(lambda: refresh_batch(now=NOW, limit=2))
        assert held.wait(20)
        refresh_batch(now=NOW, limit=2)
        release.set()
        others.end()
    assert len(seen) == 2
    assert not seen[0] & seen[1]
    assert SeriesSummary.objects.count() == 4
    assert not StaleSeries.objects.exists()


def test_two_workers_share_the_periods_of_one_rule(
    members: list[Series], total: Series, others: Others, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "MOST_CELLS", 1)
    publish(*[(member, "2017", "10") for member in members])
    StaleSeries.objects.filter(series__isnull=False).delete()
    seen: list[list[str]] = []
    others.while_a_worker_computes(
        lambda: seen.append(_periods_taken(refresh_batch(now=NOW))), when=rules
    )
    assert len(seen[0]) == 1
    refresh_all(now=NOW)
    assert values(total) == {"2018": Decimal(100), "2017": Decimal(30)}


def _periods_taken(run: RefreshRun | None) -> list[str]:
    assert run is not None
    rows = DerivedValue.objects.filter(computed_seq=run.seq)
    return list(rows.values_list("period", flat=True).distinct())


def test_value_that_the_database_refuses_fails_alone(
    members: list[Series], total: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A null without a reason comes to a check of the database, not to an exception of ours."""
    share = make_series("e-0.revenue-to-total", unit="times", nature="ratio")
    Rule.objects.create(key="ratio", kind="ratio", name_zh_hans="比", name_en="ratio")
    inputs = {"numerator": members[0].key, "denominator": members[1].key}
    publish(
        (members[0], "2017", "5"),
        rule_definitions={"ratio": {"output": share.key, "inputs": inputs}},
    )
    monkeypatch.setitem(
        derivation.KINDS,
        "ratio",
        lambda edges, *_: {pk: {Period.parse("2018"): Figure(None, None, None)} for pk in edges},
    )
    refresh_all(now=NOW)
    assert values(total) == {"2018": Decimal(100), "2017": None}
    left = StaleSeries.objects.get()
    assert (left.series_id, left.attempts) == (share.pk, 1)
    assert "check constraint" in left.error
    monkeypatch.undo()
    refresh_all(now=NOW + timedelta(hours=2))
    assert round(values(share)["2018"] or 0, 2) == Decimal("1.67")
    assert not StaleSeries.objects.exists()
