"""An observation has its series, whatever two connections do at once (migration 0011)."""

import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from metrics.models import Observation, Release, Series
from tests.metrics.factories import SourceFactory, make_release, make_series, publish
from tests.metrics.services.conftest import Others

pytestmark = pytest.mark.django_db(transaction=True)
MISSING = 999_999_999


def observation(series_id: int, release: Release, period: str = "2018") -> Observation:
    return Observation(
        series_id=series_id,
        period=period,
        value=Decimal(1),
        source=SourceFactory(),
        release=release,
        seq_from=1,
    )


def delete(series: Series) -> int:
    """Past Django's own look for what protects it: two connections cannot rely on that."""
    return int(Series.objects.filter(pk=series.pk)._raw_delete("default"))


def test_observation_of_no_series_is_refused_with_the_rest_of_its_statement() -> None:
    series, release = make_series("webank.users"), make_release()

    with pytest.raises(IntegrityError, match=f"series {MISSING}, which does not exist"):
        Observation.objects.bulk_create(
            [observation(series.pk, release), observation(MISSING, release)]
        )

    assert not Observation.objects.exists()


def test_series_with_observations_is_not_deleted_even_when_all_are_closed() -> None:
    series = make_series("webank.users")
    publish((series, "2018", "1"))
    Observation.objects.update(seq_to=99)

    with pytest.raises(IntegrityError, match=f"series {series.pk} still has observations"):
        delete(series)

    assert Series.objects.filter(pk=series.pk).exists()


def test_series_without_observations_is_deleted() -> None:
    assert delete(make_series("webank.users")) == 1


def test_series_keeps_its_id() -> None:
    series = make_series("webank.users")

    with pytest.raises(IntegrityError, match="never changes"):
        Series.objects.filter(pk=series.pk).update(id=MISSING)


def test_series_deleted_while_a_value_is_written_is_kept(others: Others) -> None:
    series, release = make_series("webank.users"), make_release()
    written, refused = threading.Event(), []

    def write() -> None:
        with transaction.atomic():
            observation(series.pk, release).save()
            written.set()
            thread.join(0.3)  # the other waits for this transaction
            assert thread.is_alive()

    def remove() -> None:
        written.wait(10)
        try:
            delete(series)
        except IntegrityError as error:
            refused.append(str(error))

    thread = others.start(remove)
    write()
    others.end()

    assert "still has observations" in refused[0]
    assert Observation.objects.filter(series=series).count() == 1


def test_value_written_while_its_series_is_deleted_is_refused(others: Others) -> None:
    series, release = make_series("webank.users"), make_release()
    removed, refused = threading.Event(), []

    def remove() -> None:
        with transaction.atomic():
            delete(series)
            removed.set()
            thread.join(0.3)
            assert thread.is_alive()

    def write() -> None:
        removed.wait(10)
        try:
            observation(series.pk, release).save()
        except IntegrityError as error:
            refused.append(str(error))

    thread = others.start(write)
    remove()
    others.end()

    assert "does not exist" in refused[0]
    assert not Observation.objects.exists()
