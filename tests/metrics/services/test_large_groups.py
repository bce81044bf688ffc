"""Groups of ten thousand members: bounded batches, touched periods only, the same values."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models import DerivedValue, RefreshRun, RuleInput, SeriesSummary, StaleSeries
from metrics.selectors.values import evaluate
from metrics.services import claims
from metrics.services.refresh import mark_everything, refresh_all, refresh_batch
from metrics.services.verification import verify_derived
from tests.metrics.factories import NOW, publish
from tests.metrics.large import LargeGroup, large_group

pytestmark = pytest.mark.django_db


def test_ten_thousand_members_get_shares_ranks_and_a_sum() -> None:
    large = large_group(10_000, years=2)
    large.mark()
    refresh_all(now=NOW)
    assert DerivedValue.objects.count() == 2 * (10_000 + 10_000 + 1)
    total = DerivedValue.objects.get(series=large.total, period="2002")
    shares = _values(large, "share", "2002")
    assert total.value == sum(_observed(large, "2002"))
    assert abs(sum(map(Fraction, shares)) - 100) < Fraction(1, 10**25)
    assert min(_values(large, "rank", "2002")) == 1
    assert not StaleSeries.objects.exists()


def test_batch_takes_whole_periods_up_to_its_limit_of_cells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large = large_group(50, years=6)
    # Three rules: 50 + 50 + 50 inputs a period, so two periods come to the limit.
    monkeypatch.setattr(claims, "MOST_CELLS", 300)
    large.mark()
    run = refresh_batch(now=NOW)
    assert run is not None
    assert run.targets == 6
    assert DerivedValue.objects.values("period").distinct().count() == 2
    refresh_all(now=NOW)
    assert DerivedValue.objects.values("period").distinct().count() == 6


def test_one_changed_member_writes_only_the_period_that_it_touches() -> None:
    large = large_group(1_000, years=3)
    large.mark()
    refresh_all(now=NOW)
    seqs = set(DerivedValue.objects.values_list("computed_seq", flat=True))
    publish((large.members[0], "2002", "100000"), kind="revision")
    refresh_all(now=NOW)
    moved = DerivedValue.objects.exclude(computed_seq__in=seqs)
    assert set(moved.values_list("period", flat=True)) == {"2002"}
    assert moved.filter(series__indicator__key="revenue-share").count() == 1_000


def test_unchanged_members_write_nothing() -> None:
    large = large_group(200)
    large.mark()
    refresh_all(now=NOW)
    large.mark()
    assert refresh_all(now=NOW) == 0


def test_stored_values_are_what_evaluation_gives() -> None:
    large = large_group(30)
    large.mark()
    refresh_all(now=NOW)
    rows = list(DerivedValue.objects.filter(period="2003"))
    found = evaluate([(row.series_id, "2003") for row in rows], None)
    assert len(rows) == 61
    for row in rows:
        figure = found[row.series_id, "2003"].figure
        assert (row.value, row.lower, row.upper) == (figure.value, figure.lower, figure.upper)


def test_outputs_of_members_have_no_stored_summary() -> None:
    large = large_group(20)
    large.mark()
    refresh_all(now=NOW)
    stored = SeriesSummary.objects.values_list("series__indicator__key", flat=True)
    assert not {"revenue-share", "revenue-rank"} & set(stored)


def test_member_that_leaves_takes_its_outputs_along() -> None:
    large = large_group(20)
    large.mark()
    refresh_all(now=NOW)
    edges = RuleInput.objects.filter(version__rule__in=large.rules.values())
    edges.filter(input=large.members[0]).update(seq_to=99)
    large.mark()
    refresh_all(now=NOW)
    assert not DerivedValue.objects.filter(series__entity=large.members[0].entity).exists()
    assert abs(sum(_values(large, "share", "2001")) - 100) < Decimal("1e-25")


def test_queries_do_not_grow_with_the_members() -> None:
    counts = []
    for size in (20, 400):
        large = large_group(size, name=f"r{size}")
        large.mark("2001")
        with CaptureQueriesContext(connection) as queries:
            refresh_batch(now=NOW)
        assert DerivedValue.objects.filter(series__entity=large.members[0].entity).exists()
        counts.append(len(queries))
        StaleSeries.objects.all().delete()
    assert counts[0] == counts[1]


def test_large_group_verifies() -> None:
    large_group(300)
    mark_everything()
    refresh_all(now=NOW)
    found = verify_derived()
    assert found.differences == []
    assert found.values == DerivedValue.objects.count() == 3 * 601
    assert RefreshRun.objects.filter(failed__gt=0).count() == 0


def _values(large: LargeGroup, kind: str, period: str) -> list[Decimal]:
    rows = DerivedValue.objects.filter(rule_version__rule=large.rules[kind], period=period)
    return [value for value in rows.values_list("value", flat=True) if value is not None]


def _observed(large: LargeGroup, period: str) -> list[Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT value FROM metrics_observation WHERE period = %s AND series_id = ANY(%s)",
            [period, [series.pk for series in large.members]],
        )
        return [value for (value,) in cursor.fetchall()]


def test_edges_are_read_by_their_ids_without_the_table_of_series() -> None:
    """Their usual order would join and sort all series by key: work grew with the table."""
    large = large_group(20, years=2)
    large.mark()
    refresh_all(now=NOW)
    with CaptureQueriesContext(connection) as queries:
        publish((large.members[0], "2002", "100000"), kind="revision")
        refresh_all(now=NOW)
    edges = [one["sql"] for one in queries if 'FROM "metrics_ruleinput"' in one["sql"]]
    assert edges
    assert not [sql for sql in edges if 'JOIN "metrics_series"' in sql]
