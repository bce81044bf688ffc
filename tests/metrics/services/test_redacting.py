"""A redacted value is gone from every answer about any moment; its rows stay as a tombstone."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from metrics.models import (
    Change,
    DerivedValue,
    ImportBatch,
    Observation,
    Series,
    StagedObservation,
    ValueRedaction,
)
from metrics.selectors.values import evaluate
from metrics.services.redacting import (
    ask_value_redaction,
    lift_value_redaction,
    reach_of_value,
    redact_value,
)
from metrics.services.staging import stage_observation
from metrics.services.two_persons import TwoPersonError, refuse
from metrics.services.verification import verify_derived
from tests.metrics.factories import NOW, SourceFactory, make_release, make_series, publish
from tests.metrics.services.imports.conftest import checked, imported, make_layout

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def users() -> Series:
    """Three vintages of 2018, the second from another source, and an earlier year."""
    series = make_series("webank.users")
    publish((series, "2017", "5,000万"), (series, "2018", "6,100万"))
    publish((series, "2018", "6,200万"), now=NOW + MINUTE, source=SourceFactory(slug="other"))
    publish((series, "2018", "6,300万"), kind="correction", now=NOW + 2 * MINUTE)
    return series


def asked(series: Series, by: User, period: str = "2018") -> ValueRedaction:
    redaction = ValueRedaction(
        series=series, period=period, reason_zh_hans="法院裁定", reason_en="Court order"
    )
    ask_value_redaction(redaction, actor=by, now=NOW + 3 * MINUTE)
    return redaction


def test_value_is_gone_at_every_moment(users: Series, first: User, second: User) -> None:
    before = Change.objects.latest_seq()
    redaction = asked(users, first)
    assert reach_of_value(redaction)["observations"] >= 3
    change = redact_value(redaction, actor=second, now=NOW + 4 * MINUTE)
    assert (change.seq, change.kind) == (before + 1, "redaction")
    assert change.summary["redacted"] == "webank.users@2018"
    rows = Observation.objects.filter(series=users, period="2018")
    assert {(row.value, row.lower, row.stated, row.null_reason) for row in rows} == {
        (None, None, "", "restricted")
    }
    for seq in range(1, change.seq + 1):
        value = evaluate([(users.pk, "2018")], seq)[users.pk, "2018"]
        assert value is not None
        assert (value.figure.value, value.figure.null_reason) == (None, "restricted")
    kept = Observation.objects.current().get(series=users, period="2017")
    assert kept.stated == "5,000万"
    redaction.refresh_from_db()
    assert (redaction.state, redaction.decided_by) == ("done", second)
    assert redaction.blanked["observations"] == rows.count()


def test_what_was_derived_of_it_is_derived_anew(first: User, second: User) -> None:
    level = make_series("acme.revenue", nature="flow")
    growth = make_series("acme.revenue-growth", unit="growth", nature="ratio")
    growth.indicator.growth_of = level.indicator
    growth.indicator.save()
    publish((level, "2018", "150"), (growth, "2018", "50%"), definitions_changed=True)
    implied = DerivedValue.objects.get(series=level, period="2017")
    assert implied.value == 100
    redact_value(asked(level, first), actor=second, now=NOW + 4 * MINUTE)
    implied.refresh_from_db()
    assert (implied.value, implied.lower, implied.upper) == (None, None, None)
    assert verify_derived().differing == 0


def test_it_takes_two_superusers(users: Series, first: User, second: User) -> None:
    editor = User.objects.create_user("editor", is_staff=True)
    redaction = ValueRedaction(
        series=users, period="2018", reason_zh_hans="因", reason_en="Because"
    )
    with pytest.raises(PermissionDenied):
        ask_value_redaction(redaction, actor=editor, now=NOW)
    redaction = asked(users, first)
    with pytest.raises(PermissionDenied):
        redact_value(redaction, actor=editor, now=NOW)
    with pytest.raises(TwoPersonError, match="Somebody else"):
        redact_value(redaction, actor=first, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ValueRedaction.objects.update(state="done", decided_by=first)
    assert Observation.objects.current().filter(stated="6,300万").exists()
    with transaction.atomic():
        refuse(redaction, actor=second, now=NOW)
    with pytest.raises(TwoPersonError, match="decided already"):
        redact_value(redaction, actor=second, now=NOW)


def test_reason_is_asked_for_in_both_languages(users: Series, first: User) -> None:
    with pytest.raises(TwoPersonError, match="both languages"):
        ask_value_redaction(
            ValueRedaction(series=users, period="2018", reason_en="x"), actor=first, now=NOW
        )
    with pytest.raises(TwoPersonError, match="no value for 2011"):
        asked(users, first, "2011")


def test_slot_takes_no_value_until_that_is_lifted(users: Series, first: User, second: User) -> None:
    redaction = asked(users, first)
    redact_value(redaction, actor=second, now=NOW + 4 * MINUTE)
    with pytest.raises(TwoPersonError, match=r"webank\.users@2018 is redacted"):
        publish((users, "2018", "6,300万"), now=NOW + 5 * MINUTE)
    publish((users, "2019", "7,000万"), now=NOW + 5 * MINUTE)
    lift_value_redaction(redaction, actor=first)
    publish((users, "2018", "6,400万"), now=NOW + 6 * MINUTE)
    assert Observation.objects.current().filter(series=users, stated="6,400万").exists()
    assert not Observation.objects.filter(series=users, stated="6,300万").exists()
    with pytest.raises(TwoPersonError, match="Only what is done"):
        lift_value_redaction(redaction, actor=first)


def test_waiting_rows_are_blanked(users: Series, first: User, second: User) -> None:
    release = make_release("revision")
    stage_observation(
        release, series=users, period="2018", source=SourceFactory(), stated="6,500万"
    ).save()
    redact_value(asked(users, first), actor=second, now=NOW + 4 * MINUTE)
    row = StagedObservation.objects.get(release=release)
    assert (row.value, row.stated, row.null_reason) == (None, "", "restricted")


@pytest.mark.django_db(transaction=True)
def test_kept_file_is_removed_and_the_slot_is_left_out_of_the_next(
    first: User, second: User
) -> None:
    acme = make_series("acme.revenue", nature="flow")
    layout = make_layout()
    batch = imported(layout, "entity,period,value\nacme,2017,10\nacme,2018,12.50\n")
    path = Path(batch.file.path)
    assert path.exists()
    redact_value(asked(acme, first), actor=second, now=NOW + 4 * MINUTE)
    assert not path.exists()
    batch.refresh_from_db()
    assert not batch.file
    again = checked(layout, "entity,period,value\nacme,2017,11\nacme,2018,12.50\n")
    assert (again.state, again.changed, again.new, again.skipped) == ("staged", 1, 0, 1)
    assert not ImportBatch.objects.filter(rows__period="2018").exists()


def test_database_lets_nothing_but_blanking_through(users: Series) -> None:
    row = Observation.objects.filter(series=users).first()
    assert row is not None
    for statement in (
        "UPDATE metrics_observation SET value = 1 WHERE id = %s",
        "UPDATE metrics_observation SET value = NULL, lower = NULL, upper = NULL, stated = '',"
        " note = '', null_reason = 'restricted', period = '2011' WHERE id = %s",
        "DELETE FROM metrics_observation WHERE id = %s",
    ):
        with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(f"SET LOCAL fintechsite.redacting = 'on'; {statement}", [row.pk])
