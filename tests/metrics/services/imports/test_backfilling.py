"""Files of past vintages: own permission, the source's own days, no answer as of a seq changed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied

from metrics.models import ImportLayout, Observation, Series
from metrics.selectors.values import series_values
from metrics.selectors.vintages import series_vintages
from metrics.services.imports.publishing import ImportStateError, publish_import
from metrics.services.imports.undoing import undo_import
from tests.metrics.factories import NOW, make_release, make_series
from tests.metrics.services.imports.conftest import checked, make_layout, problems

pytestmark = pytest.mark.django_db
COLUMNS = {name: name for name in ("entity", "period", "value", "vintage_on")}
PAST = "entity,period,value,vintage_on\nacme,2018,11,2019-01-31\nacme,2018,11.5,2019-06-30\n"


@pytest.fixture
def series() -> Series:
    from metrics.services.publishing import publish_release
    from metrics.services.staging import stage_observation
    from tests.metrics.factories import SourceFactory

    series = make_series("acme.revenue", nature="flow")
    release = make_release()
    stage_observation(
        release,
        series=series,
        period="2018",
        source=SourceFactory(),
        stated="12",
        vintage_on=date(2020, 1, 31),
    ).save()
    publish_release(release, actor=None, now=NOW)
    return series


def layout(**fields: Any) -> ImportLayout:
    return make_layout("past", columns=COLUMNS, mode="backfill", **fields)


def user(*permissions: str) -> User:
    made = User.objects.create_user("-".join(permissions), is_staff=True)
    made.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return made


def test_past_vintages_are_told_by_the_days_of_the_source(series: Series) -> None:
    batch = checked(layout(), PAST)
    assert (batch.state, batch.new, problems(batch)) == ("staged", 2, [])
    change = publish_import(batch, actor=None, now=NOW)
    assert change is not None
    told = next(iter(series_vintages({series.pk})[series.pk].values()))
    assert [(str(v.realtime_from), v.statement.value.figure.value) for v in told] == [
        ("2019-01-31", Decimal(11)),
        ("2019-06-30", Decimal("11.5")),
        ("2020-01-31", Decimal(12)),
    ]
    batch.refresh_from_db()
    assert batch.state == "published"


def test_answers_as_of_any_seq_stay_as_they_were(series: Series) -> None:
    before = {seq: series_values([series.pk], seq) for seq in (1, None)}
    publish_import(checked(layout(), PAST), actor=None, now=NOW)
    assert {seq: series_values([series.pk], seq) for seq in (1, None)} == before
    assert Observation.objects.current().count() == 1


@pytest.mark.parametrize(
    "line",
    [
        "acme,2018,11,2020-01-31",  # the day of the current one
        "acme,2018,11,2021-01-31",
        "acme,2017,11,2019-01-31",  # a period without a current value
        "acme,2018,11,",
    ],
)
@pytest.mark.usefixtures("series")
def test_row_that_is_no_past_vintage_is_a_problem_with_its_row(line: str) -> None:
    batch = checked(layout(), PAST + line + "\n")
    assert batch.state == "invalid"
    assert [(row, code) for row, _, _, code in problems(batch)] == [(4, "no_vintage")]


@pytest.mark.usefixtures("series")
def test_same_day_given_twice_is_a_problem() -> None:
    batch = checked(layout(), PAST + "acme,2018,12,2019-01-31\n")
    assert [found[3] for found in problems(batch)] == ["twice"]


@pytest.mark.usefixtures("series")
def test_backfill_needs_its_own_permission() -> None:
    batch = checked(layout(), PAST)
    for allowed in (["add_importbatch"], ["add_importbatch", "publish_release"]):
        with pytest.raises(PermissionDenied):
            publish_import(batch, actor=user(*allowed), now=NOW)
    assert (
        publish_import(batch, actor=user("backfill_vintage", "add_importbatch"), now=NOW)
        is not None
    )


@pytest.mark.usefixtures("series")
def test_known_vintages_write_nothing() -> None:
    publish_import(checked(layout(), PAST), actor=None, now=NOW)
    count = Observation.objects.count()
    batch = checked(ImportLayout.objects.get(), PAST + "\n")
    assert publish_import(batch, actor=None, now=NOW) is None
    assert Observation.objects.count() == count


@pytest.mark.usefixtures("series")
def test_vintages_of_a_file_are_not_undone() -> None:
    batch = checked(layout(), PAST)
    publish_import(batch, actor=None, now=NOW)
    with pytest.raises(ImportStateError):
        undo_import(batch, actor=None, now=NOW)
