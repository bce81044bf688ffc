"""Undo: what stood stands again, what was edited since is left and listed."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from metrics.models import DerivedValue, Observation, Rule, Series
from metrics.selectors.values import evaluate
from metrics.services.imports.publishing import ImportStateError
from metrics.services.imports.undoing import slots_changed_since, undo_import
from metrics.services.refresh import refresh_all
from metrics.services.verification import verify_derived
from tests.metrics.factories import NOW, SourceFactory, make_group, make_series, publish
from tests.metrics.services.imports.conftest import checked, imported, make_layout

pytestmark = pytest.mark.django_db
FIRST = "entity,period,value\nacme,2017,10\nacme,2018,12.50\nzeta,2018,7\n"


@pytest.fixture
def companies() -> list[Series]:
    return [make_series(f"{slug}.revenue", nature="flow") for slug in ("acme", "zeta")]


def current() -> dict[tuple[str, str, str], tuple[Decimal | None, bool]]:
    rows = Observation.objects.current().select_related("series", "source")
    return {
        (row.series.key, row.period, row.source.slug): (row.value, row.preferred) for row in rows
    }


@pytest.mark.usefixtures("companies")
def test_undone_revision_restores_what_stood() -> None:
    layout = make_layout()
    imported(layout, FIRST)
    before = current()
    batch = imported(layout, FIRST.replace("12.50", "13"), kind="revision")
    undone = undo_import(batch, actor=None, now=NOW)
    assert (current(), undone.left) == (before, [])
    assert undone.change.summary["inserted"] == undone.change.summary["closed"] == 1
    batch.refresh_from_db()
    assert (batch.state, batch.undo_release is not None) == ("undone", True)
    acme = Series.objects.get(key="acme.revenue")
    seen = evaluate([(acme.pk, "2018")], undone.change.seq - 1)[acme.pk, "2018"]
    assert seen is not None
    assert seen.figure.value == Decimal(13)


@pytest.mark.usefixtures("companies")
def test_undone_first_file_withdraws_what_it_brought() -> None:
    batch = imported(make_layout(), FIRST)
    undo_import(batch, actor=None, now=NOW)
    assert set(current().values()) == {(None, True)}
    assert set(Observation.objects.current().values_list("null_reason", flat=True)) == {"withdrawn"}


@pytest.mark.usefixtures("companies")
def test_slot_edited_since_is_left_and_listed() -> None:
    layout = make_layout()
    imported(layout, FIRST)
    revised = FIRST.replace("12.50", "13").replace("zeta,2018,7", "zeta,2018,8")
    batch = imported(layout, revised, kind="revision")
    publish((Series.objects.get(key="acme.revenue"), "2018", "14"), kind="correction")
    assert slots_changed_since(batch) == [("acme.revenue", "2018")]
    undone = undo_import(batch, actor=None, now=NOW)
    assert (undone.left, undone.left_count) == ([("acme.revenue", "2018")], 1)
    assert current()["acme.revenue", "2018", "report-2019"] == (Decimal(14), True)
    assert current()["zeta.revenue", "2018", "report-2019"] == (Decimal(7), True)


@pytest.mark.usefixtures("companies")
def test_rival_gets_its_preference_back() -> None:
    acme = Series.objects.get(key="acme.revenue")
    publish((acme, "2018", "99"), source=SourceFactory(slug="rival"))
    batch = imported(make_layout(), FIRST)
    undo_import(batch, actor=None, now=NOW)
    now = current()
    assert now["acme.revenue", "2018", "rival"] == (Decimal(99), True)
    assert now["acme.revenue", "2018", "report-2019"] == (None, False)


@pytest.mark.usefixtures("companies")
def test_rival_that_came_since_leaves_the_slot() -> None:
    batch = imported(make_layout(), FIRST)
    acme = Series.objects.get(key="acme.revenue")
    publish((acme, "2018", "99"), source=SourceFactory(slug="rival"))
    assert undo_import(batch, actor=None, now=NOW).left == [("acme.revenue", "2018")]
    assert current()["acme.revenue", "2018", "rival"] == (Decimal(99), True)


@pytest.mark.usefixtures("companies")
def test_withdrawal_by_a_complete_file_is_taken_back() -> None:
    layout = make_layout(complete=True)
    imported(layout, FIRST)
    before = current()
    batch = imported(layout, "entity,period,value\nacme,2017,10\nzeta,2018,7\n")
    undo_import(batch, actor=None, now=NOW)
    assert current() == before


def test_what_is_derived_follows(companies: list[Series]) -> None:
    total = make_series("market.revenue-total", nature="flow")
    Rule.objects.create(
        key="sum", kind="sum", group=make_group("all", companies), name_zh_hans="和", name_en="sum"
    )
    publish((companies[0], "2016", "1"), rule_definitions={"sum": {"output": total.key}})
    layout = make_layout()
    imported(layout, FIRST)
    batch = imported(layout, FIRST.replace("12.50", "13"), kind="revision")
    refresh_all(now=NOW)
    assert DerivedValue.objects.get(series=total, period="2018").value == Decimal(20)
    undo_import(batch, actor=None, now=NOW)
    refresh_all(now=NOW)
    assert DerivedValue.objects.get(series=total, period="2018").value == Decimal("19.50")
    assert verify_derived().differences == []


@pytest.mark.usefixtures("companies")
def test_import_is_undone_once_and_only_when_published() -> None:
    layout = make_layout()
    batch = imported(layout, FIRST)
    undo_import(batch, actor=None, now=NOW)
    with pytest.raises(ImportStateError):
        undo_import(batch, actor=None, now=NOW)
    with pytest.raises(ImportStateError):
        undo_import(checked(layout, FIRST + "\n"), actor=None, now=NOW)


@pytest.mark.usefixtures("companies")
def test_user_who_may_not_publish_may_not_undo() -> None:
    batch = imported(make_layout(), FIRST)
    with pytest.raises(PermissionDenied):
        undo_import(batch, actor=User.objects.create_user("author"), now=NOW)
    assert (Decimal("12.50"), True) in current().values()


@pytest.mark.usefixtures("companies")
def test_file_can_be_imported_again_after_an_undo() -> None:
    layout = make_layout()
    before_undo = imported(layout, FIRST)
    standing = current()
    undo_import(before_undo, actor=None, now=NOW)
    imported(layout, FIRST)
    assert current() == standing
