"""Past vintages: known by the source's own days, never an answer of the clock."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied

from metrics.models import Change, Observation, Release, Series, StagedObservation
from metrics.selectors.values import series_values
from metrics.selectors.vintages import known_on, series_vintages
from metrics.services.corrections import withdraw_observation
from metrics.services.publishing import ReleaseStateError, publish_release
from metrics.services.staging import stage_observation
from metrics.services.vintages import BackfillError, backfill_vintages
from metrics.stats.periods import Period
from tests.metrics.factories import NOW, SourceFactory, make_release, make_series

pytestmark = pytest.mark.django_db


def staged(
    release: Release, series: Series, stated: str, day: date | None, period: str = "2017"
) -> StagedObservation:
    return stage_observation(
        release,
        series=series,
        period=period,
        source=SourceFactory(),
        stated=stated,
        vintage_on=day,
    )


def publish_on(series: Series, stated: str, day: date | None, period: str = "2017") -> Change:
    release = make_release()
    staged(release, series, stated, day, period).save()
    return publish_release(release, actor=None, now=NOW)


def told(series: Series, seq: int | None = None) -> list[tuple[int, str, str | None]]:
    """(value in ten thousands, from, to) of each vintage of 2017."""
    slots = series_vintages([series.pk], seq)[series.pk]
    return [
        (
            int((one.statement.value.figure.value or Decimal(0)) / 10_000),
            str(one.realtime_from),
            str(one.realtime_to) if one.realtime_to else None,
        )
        for slot in slots.values()
        for one in slot
    ]


@pytest.fixture
def users() -> Series:
    """2017 first said on 1 March 2018, revised on 1 March 2019."""
    series = make_series("webank.users")
    publish_on(series, "6,000万", date(2018, 3, 1))
    publish_on(series, "6,100万", date(2019, 3, 1))
    return series


def test_revision_starts_a_vintage_and_ends_the_one_before(users: Series) -> None:
    assert told(users) == [(6000, "2018-03-01", "2019-03-01"), (6100, "2019-03-01", None)]


def test_correction_of_the_same_day_is_no_vintage(users: Series) -> None:
    before = Change.objects.latest_seq()
    publish_on(users, "6,110万", date(2019, 3, 1))
    assert told(users) == [(6000, "2018-03-01", "2019-03-01"), (6110, "2019-03-01", None)]
    assert told(users, before)[-1] == (6100, "2019-03-01", None)


def test_return_to_an_earlier_source_takes_the_later_vintage_away(users: Series) -> None:
    publish_on(users, "6,000万", date(2018, 3, 1))
    assert told(users) == [(6000, "2018-03-01", None)]


def test_value_without_a_day_is_dated_by_its_source_then_by_the_clock() -> None:
    dated = SourceFactory(slug="dated", published_on=date(2018, 2, 1))
    series = make_series("webank.users")
    release = make_release()
    for period, source in (("2016", dated), ("2017", SourceFactory())):
        row = stage_observation(
            release, series=series, period=period, source=source, stated="6,000万"
        )
        row.save()
    publish_release(release, actor=None, now=NOW)
    assert [day for _, day, _ in told(series)] == ["2018-02-01", str(NOW.date())]


def test_backfilled_vintage_answers_its_days_and_no_seq(users: Series) -> None:
    before = {seq: series_values([users.pk], seq) for seq in (None, 1, 2)}
    rows = [staged(make_release(), users, "5,900万", date(2018, 1, 15))]
    change = backfill_vintages(rows, actor=None, now=NOW)
    assert change is not None
    assert change.summary == {"backfilled": 1}
    assert told(users)[0] == (5900, "2018-01-15", "2018-03-01")
    assert {seq: series_values([users.pk], seq) for seq in (None, 1, 2)} == before
    assert series_values([users.pk], change.seq)[users.pk] == before[2][users.pk]
    assert told(users, change.seq - 1)[0] == (6000, "2018-03-01", "2019-03-01")
    assert not Observation.objects.at_seq(change.seq).filter(seq_from=change.seq).exists()


def test_backfill_between_two_vintages_stands_between_them(users: Series) -> None:
    rows = [staged(make_release(), users, "6,050万", date(2018, 9, 1))]
    backfill_vintages(rows, actor=None, now=NOW)
    values = known_on(series_vintages([users.pk])[users.pk], date(2018, 12, 31))
    assert [str(one.statement.value.stated) for one in values.values()] == ["6,050万"]


def test_same_vintage_again_writes_nothing(users: Series) -> None:
    first = [staged(make_release(), users, "5,900万", date(2018, 1, 15))]
    backfill_vintages(first, actor=None, now=NOW)
    again = [staged(make_release(), users, "5,900万", date(2018, 1, 15))]
    assert backfill_vintages(again, actor=None, now=NOW) is None
    assert Observation.objects.count() == 3


def test_corrected_backfill_replaces_the_one_before(users: Series) -> None:
    for stated in ("5,900万", "5,910万"):
        rows = [staged(make_release(), users, stated, date(2018, 1, 15))]
        backfill_vintages(rows, actor=None, now=NOW)
    assert told(users)[0] == (5910, "2018-01-15", "2018-03-01")


@pytest.mark.parametrize(
    ("stated", "day", "period", "field"),
    [
        ("5,900万", None, "2017", "vintage_on"),
        ("5,900万", date(2019, 3, 1), "2017", "vintage_on"),
        ("5,900万", date(2020, 1, 1), "2017", "vintage_on"),
        ("5,900万", date(2018, 3, 1), "2017", "vintage_on"),
        ("5,900万", date(2018, 1, 1), "2016", "period"),
    ],
)
def test_row_that_is_no_past_vintage_is_refused_by_its_field(
    users: Series, stated: str, day: date | None, period: str, field: str
) -> None:
    rows = [staged(make_release(), users, stated, day, period)]
    with pytest.raises(BackfillError) as error:
        backfill_vintages(rows, actor=None, now=NOW)
    assert (error.value.row, error.value.field) == (0, field)
    assert Observation.objects.count() == 2


def test_one_day_given_twice_is_refused(users: Series) -> None:
    release = make_release()
    rows = [staged(release, users, text, date(2018, 1, 1)) for text in ("1万", "2万")]
    with pytest.raises(BackfillError, match="given twice"):
        backfill_vintages(rows, actor=None, now=NOW)


def test_backfill_takes_its_own_permission(users: Series) -> None:
    publisher = User.objects.create_user("publisher")
    publisher.user_permissions.add(Permission.objects.get(codename="publish_release"))
    rows = [staged(make_release(), users, "5,900万", date(2018, 1, 15))]
    with pytest.raises(PermissionDenied):
        backfill_vintages(rows, actor=publisher, now=NOW)
    publisher.user_permissions.add(Permission.objects.get(codename="backfill_vintage"))
    allowed = User.objects.get(pk=publisher.pk)
    change = backfill_vintages(rows, actor=allowed, now=NOW + timedelta(hours=1))
    assert change is not None
    assert change.actor == allowed


def test_published_release_backfills_nothing_more(users: Series) -> None:
    rows = [staged(Release.objects.earliest("pk"), users, "5,900万", date(2018, 1, 15))]
    with pytest.raises(ReleaseStateError):
        backfill_vintages(rows, actor=None, now=NOW)


def test_withdrawal_ends_the_vintage_on_the_day_it_was_made(users: Series) -> None:
    row = Observation.objects.current().get(series=users)
    withdraw_observation(row, reason={"en": "retracted"}, actor=None, now=NOW)
    release = Release.objects.latest("pk")
    publish_release(release, actor=None, now=NOW)
    slot = series_vintages([users.pk])[users.pk][Period.parse("2017")]
    assert [one.statement.value.figure.null_reason for one in slot] == ["", "", "withdrawn"]
    assert slot[-1].realtime_from == slot[-2].realtime_to == NOW.date()
