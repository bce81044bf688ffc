"""From a file to readers: what differs is written and nothing else."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied

from metrics.models import Change, Entity, ImportRow, Observation, Release, Series, StaleSeries
from metrics.selectors.values import evaluate
from metrics.selectors.vintages import series_vintages
from metrics.services.imports.checking import check_import, compare_again
from metrics.services.imports.conflicts import ImportConflictsError
from metrics.services.imports.publishing import (
    ImportStateError,
    discard_import,
    publish_import,
    take_back,
)
from metrics.services.imports.recording import RowsLostError
from metrics.services.imports.uploading import AlreadyWaitingError
from metrics.services.publishing import publish_release
from metrics.services.refresh import refresh_all
from metrics.stats.periods import Period
from tests.metrics.factories import NOW, EntityFactory, SourceFactory, make_series, publish
from tests.metrics.services.imports.conftest import (
    checked,
    imported,
    make_layout,
    problems,
    uploaded,
)

pytestmark = pytest.mark.django_db
LATER = date(2020, 3, 1)
FIRST = "entity,period,value\nacme,2017,10\nacme,2018,12.50\nzeta,2018,7\n"


@pytest.fixture
def companies() -> list[Series]:
    return [make_series(f"{slug}.revenue", nature="flow") for slug in ("acme", "zeta")]


def current() -> dict[tuple[str, str], Decimal | None]:
    rows = Observation.objects.current().preferred().select_related("series")
    return {(row.series.key, row.period): row.value for row in rows}


def staff(*permissions: str) -> User:
    user = User.objects.create_user("-".join(permissions) or "nobody", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.mark.usefixtures("companies")
def test_first_file_is_recorded_with_bounds_and_source() -> None:
    batch = imported(make_layout(), FIRST)
    assert batch.state == "published"
    assert (batch.new, batch.changed, batch.same) == (3, 0, 0)
    row = Observation.objects.get(series__key="acme.revenue", period="2018")
    assert format(row.value or 0, "f") == "12.50"
    assert (row.lower, row.upper, row.resolution) == (
        Decimal("12.495"),
        Decimal("12.505"),
        Decimal("0.01"),
    )
    assert (row.qualifier, row.status, row.null_reason, row.stated) == ("exact", "A", "", "")
    assert (row.source.slug, row.release_id, row.preferred) == (
        "report-2019",
        batch.release_id,
        True,
    )
    assert (str(row.period_start), str(row.period_end)) == ("2018-01-01", "2018-12-31")


@pytest.mark.usefixtures("companies")
def test_same_file_again_writes_nothing_and_makes_no_change() -> None:
    layout = make_layout()
    imported(layout, FIRST)
    rows, seq = Observation.objects.count(), Change.objects.latest_seq()
    batch = checked(layout, FIRST)
    assert batch.state == "unchanged"
    assert (batch.new, batch.changed, batch.same) == (0, 0, 3)
    assert (Observation.objects.count(), Change.objects.latest_seq()) == (rows, seq)
    with pytest.raises(ImportStateError):
        publish_import(batch, actor=None, now=NOW)


@pytest.mark.usefixtures("companies")
def test_same_values_in_other_bytes_are_compared_and_write_nothing() -> None:
    layout = make_layout()
    imported(layout, FIRST)
    batch = checked(layout, FIRST.replace("\n", "\r\n"))
    assert (batch.state, batch.same) == ("unchanged", 3)
    assert ImportRow.objects.filter(batch=batch).count() == 3


@pytest.mark.usefixtures("companies")
def test_same_file_is_compared_anew_after_an_edit() -> None:
    layout = make_layout()
    imported(layout, FIRST)
    publish((Series.objects.get(key="acme.revenue"), "2018", "13"), kind="correction")
    batch = checked(layout, FIRST)
    assert (batch.state, batch.changed, batch.same) == ("staged", 1, 2)


@pytest.mark.usefixtures("companies")
def test_revised_file_writes_only_what_differs() -> None:
    layout = make_layout()
    first = imported(layout, FIRST)
    batch = checked(layout, FIRST.replace("12.50", "13").replace("zeta,2018,7\n", "zeta,2019,8\n"))
    assert (batch.new, batch.changed, batch.same) == (1, 1, 1)
    change = publish_import(batch, actor=None, now=NOW, kind="revision")
    assert change is not None
    assert (change.kind, change.summary["inserted"], change.summary["closed"]) == ("revision", 2, 1)
    assert current() == {
        ("acme.revenue", "2017"): Decimal(10),
        ("acme.revenue", "2018"): Decimal(13),
        ("zeta.revenue", "2018"): Decimal(7),
        ("zeta.revenue", "2019"): Decimal(8),
    }
    acme = Series.objects.get(key="acme.revenue")
    before = evaluate([(acme.pk, "2018")], change.seq - 1)[acme.pk, "2018"]
    assert before is not None
    assert before.figure.value == Decimal("12.50")
    assert first.release_id != batch.release_id


@pytest.mark.usefixtures("companies")
def test_complete_file_withdraws_what_it_leaves_out() -> None:
    layout = make_layout(complete=True)
    imported(layout, FIRST)
    batch = checked(layout, "entity,period,value\nacme,2017,10\nzeta,2018,7\n")
    assert (batch.state, batch.withdrawn, batch.same) == ("staged", 1, 2)
    publish_import(batch, actor=None, now=NOW)
    row = Observation.objects.current().get(series__key="acme.revenue", period="2018")
    assert (row.value, row.null_reason, row.status) == (None, "withdrawn", "M")
    again = checked(layout, "entity,period,value\nacme,2017,10\nzeta,2018,7\n\n")
    assert again.state == "unchanged"


@pytest.mark.usefixtures("companies")
@pytest.mark.parametrize(("day", "withdrawn_on"), [(None, NOW.date()), (LATER, LATER)])
def test_complete_file_withdraws_as_of_its_own_day_never_of_the_value_s(
    day: date | None, withdrawn_on: date
) -> None:
    layout = make_layout(complete=True)
    imported(layout, FIRST, vintage_on=date(2019, 3, 1))
    imported(layout, "entity,period,value\nacme,2017,10\nzeta,2018,7\n", vintage_on=day)
    series = Series.objects.get(key="acme.revenue")
    slot = series_vintages([series.pk])[series.pk][Period.parse("2018")]
    assert [one.realtime_from for one in slot] == [date(2019, 3, 1), withdrawn_on]
    assert [one.statement.value.figure.null_reason for one in slot] == ["", "withdrawn"]


@pytest.mark.usefixtures("companies")
def test_incomplete_file_withdraws_nothing() -> None:
    layout = make_layout()
    imported(layout, FIRST)
    assert checked(layout, "entity,period,value\nacme,2017,10\n").state == "unchanged"


@pytest.mark.usefixtures("companies")
def test_new_value_takes_the_preference_from_a_rival_and_keeps_it() -> None:
    acme = Series.objects.get(key="acme.revenue")
    publish((acme, "2018", "99"), source=SourceFactory(slug="rival"))
    imported(make_layout(), FIRST)
    rows = Observation.objects.current().filter(series=acme, period="2018")
    assert {(row.source.slug, row.value, row.preferred) for row in rows} == {
        ("report-2019", Decimal("12.50"), True),
        ("rival", Decimal(99), False),
    }


@pytest.mark.usefixtures("companies")
def test_layout_without_preference_leaves_it_and_speaks_where_nobody_does() -> None:
    acme = Series.objects.get(key="acme.revenue")
    publish((acme, "2018", "99"), source=SourceFactory(slug="rival"))
    imported(make_layout(preferred=False), FIRST)
    assert current()["acme.revenue", "2018"] == Decimal(99)
    assert current()["acme.revenue", "2017"] == Decimal(10)


@pytest.mark.usefixtures("companies")
def test_changed_value_keeps_what_its_slot_has() -> None:
    layout = make_layout()
    imported(layout, FIRST)
    acme = Series.objects.get(key="acme.revenue")
    publish((acme, "2018", "99"), source=SourceFactory(slug="rival"), kind="revision")
    imported(layout, FIRST.replace("12.50", "13"), kind="revision")
    assert current()["acme.revenue", "2018"] == Decimal(99)


@pytest.mark.usefixtures("companies")
def test_slot_edited_since_refuses_the_file_until_it_is_compared_again() -> None:
    layout = make_layout()
    imported(layout, FIRST)
    batch = checked(layout, FIRST.replace("12.50", "13"))
    publish((Series.objects.get(key="acme.revenue"), "2018", "14"), kind="correction")
    seq = Change.objects.latest_seq()
    with pytest.raises(ImportConflictsError) as raised:
        publish_import(batch, actor=None, now=NOW)
    assert raised.value.slots == [("acme.revenue", "2018")]
    batch.refresh_from_db()
    assert (batch.release, Change.objects.latest_seq()) == (None, seq)
    assert not Release.objects.filter(imports=batch).exists()
    batch = compare_again(batch.pk, now=NOW)
    assert (batch.state, batch.changed) == ("staged", 1)
    publish_import(batch, actor=None, now=NOW)
    assert current()["acme.revenue", "2018"] == Decimal(13)


@pytest.mark.usefixtures("companies")
def test_slot_filled_since_refuses_a_file_that_was_all_new() -> None:
    batch = checked(make_layout(), FIRST)
    publish((Series.objects.get(key="zeta.revenue"), "2018", "8"))
    with pytest.raises(ImportConflictsError):
        publish_import(batch, actor=None, now=NOW)
    assert current() == {("zeta.revenue", "2018"): Decimal(8)}


def test_proposed_entities_and_series_are_created_by_the_publication() -> None:
    EntityFactory(slug="acme")
    layout = make_layout(unknown_entities="create")
    batch = checked(layout, FIRST)
    assert [one.slug for one in batch.proposed_entities.all()] == ["zeta"]
    assert batch.proposed_series.count() == 2
    assert not Series.objects.exists()
    batch.proposed_entities.update(slug="zeta-group", name_en="Zeta Group", kind="institution")
    publish_import(batch, actor=None, now=NOW)
    assert Entity.objects.get(slug="zeta-group").name_en == "Zeta Group"
    assert current()["zeta-group.revenue", "2018"] == Decimal(7)
    layout.refresh_from_db()
    assert layout.entities == {"zeta": "zeta-group"}
    assert checked(layout, FIRST).state == "unchanged"


@pytest.mark.usefixtures("companies")
def test_large_file_is_left_to_the_workers_and_marked() -> None:
    lines = [f"acme,{year},{year}" for year in range(1000, 3100)]
    imported(make_layout(), "entity,period,value\n" + "\n".join(lines))
    assert StaleSeries.objects.filter(series__key="acme.revenue").exists()
    refresh_all(now=NOW)
    assert Series.objects.get(key="acme.revenue").summary.count == 2100


@pytest.mark.usefixtures("companies")
def test_editor_leaves_the_file_for_approval_and_a_publisher_publishes_it() -> None:
    batch = checked(make_layout(), FIRST)
    assert publish_import(batch, actor=staff("add_importbatch"), now=NOW) is None
    batch.refresh_from_db()
    assert (batch.state, batch.release is not None) == ("staged", True)
    assert not Observation.objects.exists()
    with pytest.raises(ImportStateError):
        publish_import(batch, actor=None, now=NOW)
    assert batch.release is not None
    publish_release(batch.release, actor=staff("publish_release"), now=NOW)
    batch.refresh_from_db()
    assert (batch.state, len(current())) == ("published", 3)


@pytest.mark.usefixtures("companies")
def test_file_is_taken_back_from_approval() -> None:
    batch = checked(make_layout(), FIRST)
    publish_import(batch, actor=staff("add_importbatch"), now=NOW)
    take_back(batch, actor=None)
    batch.refresh_from_db()
    assert batch.release is None
    assert publish_import(batch, actor=None, now=NOW) is not None


@pytest.mark.usefixtures("companies")
def test_user_without_permission_may_neither_upload_publish_nor_discard() -> None:
    nobody, layout = staff(), make_layout()
    with pytest.raises(PermissionDenied):
        uploaded(layout, FIRST, actor=nobody)
    batch = checked(layout, FIRST)
    with pytest.raises(PermissionDenied):
        publish_import(batch, actor=nobody, now=NOW)
    with pytest.raises(PermissionDenied):
        discard_import(batch, actor=nobody)
    with pytest.raises(PermissionDenied):
        take_back(batch, actor=nobody)
    assert not Observation.objects.exists()


@pytest.mark.usefixtures("companies")
def test_rows_lost_in_a_crash_are_read_again() -> None:
    batch = checked(make_layout(), FIRST)
    ImportRow.objects.all().delete()  # as an unlogged table after a crash
    with pytest.raises(RowsLostError):
        publish_import(batch, actor=None, now=NOW)
    batch.refresh_from_db()
    assert batch.state == "uploaded"
    batch = check_import(batch.pk, now=NOW)
    assert publish_import(batch, actor=None, now=NOW) is not None
    assert len(current()) == 3


@pytest.mark.usefixtures("companies")
def test_discarded_file_leaves_no_rows_and_cannot_be_published() -> None:
    batch = checked(make_layout(), FIRST)
    discard_import(batch, actor=None)
    assert not ImportRow.objects.exists()
    with pytest.raises(ImportStateError):
        publish_import(batch, actor=None, now=NOW)


@pytest.mark.usefixtures("companies")
def test_same_file_that_waits_already_is_told() -> None:
    layout = make_layout()
    batch = uploaded(layout, FIRST)
    with pytest.raises(AlreadyWaitingError) as raised:
        uploaded(layout, FIRST)
    assert raised.value.batch == batch


@pytest.mark.usefixtures("companies")
def test_slot_given_twice_is_a_problem_with_both_rows() -> None:
    batch = checked(make_layout(), FIRST + "acme,2017,11\n")
    assert batch.state == "invalid"
    assert problems(batch) == [(5, "", "2017", "twice")]
    assert batch.problems.get().params == {"first": 2}
