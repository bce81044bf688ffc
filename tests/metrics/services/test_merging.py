"""Writing what was computed over cells that came since it was compared."""

from decimal import Decimal

import pytest
from django.db import transaction

from metrics.models import Change, DerivedValue, Rule, Series
from metrics.services.clock import lock_clock, tick
from metrics.services.derived import Scope, Work
from metrics.services.merging import merge, stage
from tests.metrics.factories import NOW, make_group, make_series, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def series() -> Series:
    return make_series("market.revenue", nature="flow")


def version_of(key: str, series: Series, *, is_wide: bool) -> int:
    """A version of a rule with this output: of a group, or of single series."""
    member = make_series(f"{key}.revenue", nature="flow")
    definition: dict[str, object]
    if is_wide:
        kind, definition = "sum", {"output": series.key}
    else:
        kind = "formula"
        definition = {"output": series.key, "formula": "a * 2", "inputs": {"a": member.key}}
    group = make_group(key, [member]) if is_wide else None
    rule = Rule.objects.create(key=key, kind=kind, group=group, name_zh_hans=key, name_en=key)
    publish(rule_definitions={key: definition})
    return int(rule.versions.get().pk)


def write(series: Series, value: int, version: int, *, meanwhile: int | None = None) -> None:
    """Compute a cell; `meanwhile` is the version by which another writes it before the merge."""
    scope = Scope((series.pk,))
    number = Decimal(value)
    work = Work(cells=[(scope, [(series.pk, "2018", number, number, number, "", version)])])
    with transaction.atomic():
        stage(work)
        if meanwhile is not None:
            written_by_another(series, meanwhile)
        lock_clock()
        merge(work, tick(Change.Kind.REFRESH, now=NOW))


def written_by_another(series: Series, version: int) -> None:
    DerivedValue.objects.create(
        series=series,
        period="2018",
        period_start="2018-01-01",
        period_end="2018-12-31",
        value=7,
        rule_version_id=version,
        computed_seq=1,
    )


def stands(series: Series) -> tuple[Decimal | None, int]:
    cell = DerivedValue.objects.get(series=series, period="2018")
    return cell.value, cell.rule_version_id


def test_new_cell_is_written(series: Series) -> None:
    single = version_of("single", series, is_wide=False)
    write(series, 4, single)
    assert stands(series) == (4, single)


def test_cell_that_came_since_from_a_rule_of_single_series_is_overwritten(series: Series) -> None:
    single = version_of("single", series, is_wide=False)
    write(series, 4, single, meanwhile=single)
    assert stands(series) == (4, single)
    assert DerivedValue.objects.get(series=series).computed_seq == Change.objects.latest_seq()


def test_cell_that_came_since_from_a_rule_of_a_group_is_left_alone(series: Series) -> None:
    wide = version_of("wide", series, is_wide=True)
    other = make_series("other.revenue", nature="flow")
    single = version_of("single", other, is_wide=False)
    write(series, 4, single, meanwhile=wide)
    assert stands(series) == (7, wide)


def test_changed_and_gone_cells_are_told_apart(series: Series) -> None:
    single = version_of("single", series, is_wide=False)
    write(series, 4, single)
    write(series, 5, single)
    assert stands(series) == (5, single)
    with transaction.atomic():
        gone = Work(cells=[(Scope((series.pk,)), [])])
        assert stage(gone) == 1
        lock_clock()
        merge(gone, tick(Change.Kind.REFRESH, now=NOW))
    assert not DerivedValue.objects.filter(series=series).exists()
