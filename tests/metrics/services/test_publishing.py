"""Publishing: append-only rows, one clock, everything or nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from metrics.models import Change, Observation, Release
from metrics.services.corrections import save_observation, withdraw_observation
from metrics.services.publishing import ReleaseStateError, publish_release
from metrics.services.staging import StagingError
from tests.metrics.factories import NOW, SourceFactory, make_release, make_series, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher() -> User:
    user = User.objects.create_user("publisher")
    user.user_permissions.add(Permission.objects.get(codename="publish_release"))
    return User.objects.get(pk=user.pk)


def test_published_row_carries_bounds_and_seq() -> None:
    users = make_series("china-internet.users")
    change = publish((users, "2018", "8.29亿"))
    row = Observation.objects.current().get(series=users)
    assert (row.value, row.lower, row.upper) == (
        Decimal(829000000),
        Decimal(828500000),
        Decimal(829500000),
    )
    assert (row.seq_from, row.seq_to) == (change.seq, None)
    assert str(row.period_end) == "2018-12-31"


def test_correction_closes_the_old_row_and_keeps_it() -> None:
    users = make_series("webank.users")
    first = publish((users, "2017", "超过6,000万"))
    second = publish((users, "2017", "超过6,100万"), kind="correction")
    rows = Observation.objects.filter(series=users).order_by("seq_from")
    assert [(r.value, r.seq_from, r.seq_to) for r in rows] == [
        (Decimal(60000000), first.seq, second.seq),
        (Decimal(61000000), second.seq, None),
    ]


def test_equal_row_writes_nothing() -> None:
    users = make_series("webank.users")
    publish((users, "2017", "超过6,000万"))
    change = publish((users, "2017", "超过6,000万"))
    assert change.summary["inserted"] == change.summary["closed"] == 0
    assert Observation.objects.count() == 1


def test_clock_that_stands_still_still_increases() -> None:
    users = make_series("webank.users")
    first = publish((users, "2017", "6,000万"), now=NOW)
    second = publish((users, "2018", "7,000万"), now=NOW - timedelta(days=1))
    assert second.seq == first.seq + 1
    assert second.published_at > first.published_at


def test_rival_source_takes_the_preference() -> None:
    users = make_series("webank.users")
    publish((users, "2017", "6,000万"))
    publish((users, "2017", "6,010万"), source=SourceFactory(slug="other"))
    preferred = Observation.objects.current().preferred().get(series=users)
    assert preferred.source.slug == "other"
    assert Observation.objects.current().filter(series=users).count() == 2


def test_withdrawal_leaves_a_null_with_the_reason(publisher: User) -> None:
    users = make_series("webank.users")
    publish((users, "2017", "6,000万"))
    row = Observation.objects.current().get(series=users)
    saved = withdraw_observation(row, reason={"en": "retracted"}, actor=publisher, now=NOW)
    now_row = Observation.objects.current().get(series=users)
    assert (now_row.value, now_row.null_reason) == (None, "withdrawn")
    assert saved.change is not None
    assert saved.change.kind == "withdrawal"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE metrics_observation SET value = 1",
        "UPDATE metrics_observation SET stated = 'x', seq_to = 9",
        "DELETE FROM metrics_observation",
    ],
)
def test_database_refuses_to_rewrite_an_observation(statement: str) -> None:
    publish((make_series("webank.users"), "2017", "6,000万"))
    append_only = pytest.raises(IntegrityError, match="append-only")
    with append_only, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_user_without_permission_leaves_the_value_for_approval() -> None:
    users = make_series("webank.users")
    author = User.objects.create_user("author")
    saved = save_observation(
        series=users,
        period="2017",
        source=SourceFactory(),
        kind="new",
        reason={},
        actor=author,
        now=NOW,
        stated="6,000万",
    )
    assert saved.change is None
    assert saved.release.state == Release.State.DRAFT
    assert not Observation.objects.exists()
    with pytest.raises(PermissionDenied):
        publish_release(saved.release, actor=author, now=NOW)


def test_publisher_saves_and_it_is_live(publisher: User) -> None:
    users = make_series("webank.users")
    saved = save_observation(
        series=users,
        period="2017",
        source=SourceFactory(),
        kind="correction",
        reason={"zh-hans": "笔误"},
        actor=publisher,
        now=NOW,
        stated="6,000万",
    )
    assert saved.change is not None
    assert saved.change.actor == publisher
    assert Observation.objects.current().get().release == saved.release


def test_release_is_published_once() -> None:
    release = make_release()
    publish_release(release, actor=None, now=NOW)
    with pytest.raises(ReleaseStateError):
        publish_release(release, actor=None, now=NOW)
    assert Change.objects.count() == 1


@pytest.mark.parametrize(
    ("period", "statement", "field"),
    [
        ("2017-13", {"stated": "6,000万"}, "period"),
        ("2017-Q1", {"stated": "6,000万"}, "period"),
        ("2017", {"stated": "许多"}, "stated"),
        ("2017", {}, "value"),
        ("2017", {"stated": "6,000万", "value": Decimal(6000)}, "value"),
        ("2017", {"stated": "超过6,000万", "qualifier": "about"}, "qualifier"),
        ("2017", {"stated": "6,000万", "null_reason": "not_reported"}, "null_reason"),
        ("2017", {"value": Decimal("9" * 200)}, "value"),
        ("2017", {"value": Decimal("1e400")}, "value"),
        ("2017", {"value": Decimal("1e-3000")}, "value"),
        ("2017", {"stated": "9" * 60}, "stated"),
        ("2017", {"stated": "9" * 30 + "亿"}, "value"),
        ("2017", {"stated": "6,000万", "resolution": Decimal(-5)}, "resolution"),
        ("2017", {"stated": "6,000万", "resolution": Decimal("1e99")}, "resolution"),
    ],
)
def test_value_that_cannot_be_read_names_the_field(
    period: str, statement: dict[str, object], field: str
) -> None:
    users = make_series("webank.users")
    with pytest.raises(StagingError) as error:
        save_observation(
            series=users,
            period=period,
            source=SourceFactory(),
            kind="new",
            reason={},
            actor=None,
            now=NOW,
            **statement,
        )
    assert error.value.field == field
    assert not Release.objects.exists()
