"""Conflicts are looked for slot by slot only where something was recorded since the comparison."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models import ImportBatch, Observation, Series
from metrics.services.imports.conflicts import ImportConflictsError
from metrics.services.imports.publishing import publish_import
from metrics.services.publishing import publish_release
from metrics.services.staging import stage_observation
from tests.metrics.factories import NOW, SourceFactory, make_release, make_series, publish
from tests.metrics.services.imports.conftest import checked, make_layout

pytestmark = pytest.mark.django_db
FIRST = "entity,period,value\nacme,2017,10\nacme,2018,12.50\n"


@pytest.fixture
def acme() -> Series:
    return make_series("acme.revenue", nature="flow")


def looks(queries: CaptureQueriesContext) -> bool:
    """Whether the slots of the file were looked at."""
    return any("SELECT s.key, r.period, r.place" in one["sql"] for one in queries)


@pytest.mark.usefixtures("acme")
def test_nothing_recorded_since_spares_the_look() -> None:
    batch = checked(make_layout(), FIRST)
    with CaptureQueriesContext(connection) as queries:
        publish_import(batch, actor=None, now=NOW)
    assert not looks(queries)


def test_another_slot_recorded_since_is_no_conflict_once_looked_at(acme: Series) -> None:
    batch = checked(make_layout(), FIRST)
    publish((acme, "2016", "1"))
    with CaptureQueriesContext(connection) as queries:
        publish_import(batch, actor=None, now=NOW)
    assert looks(queries)
    assert Observation.objects.current().count() == 3


@pytest.mark.usefixtures("acme")
def test_two_files_of_one_release_for_one_slot_refuse_it() -> None:
    batches = [
        checked(make_layout(), FIRST),
        checked(make_layout("again"), FIRST.replace("12.50", "13")),
    ]
    release = make_release()
    ImportBatch.objects.filter(pk__in=[batch.pk for batch in batches]).update(release=release)
    with pytest.raises(ImportConflictsError) as caught:
        publish_release(release, actor=None, now=NOW)
    assert ("acme.revenue", "2018") in caught.value.slots
    assert not Observation.objects.exists()


def test_value_by_hand_in_the_release_of_a_file_refuses_it(acme: Series) -> None:
    batch = checked(make_layout(), FIRST)
    release = make_release()
    stage_observation(
        release, series=acme, period="2018", source=SourceFactory(), stated="13"
    ).save()
    ImportBatch.objects.filter(pk=batch.pk).update(release=release)
    with pytest.raises(ImportConflictsError) as caught:
        publish_release(release, actor=None, now=NOW)
    assert caught.value.slots == [("acme.revenue", "2018")]
