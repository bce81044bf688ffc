"""`any` finds what `in` finds, with one parameter."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models import Observation, Series
from tests.metrics.factories import make_series, publish

pytestmark = pytest.mark.django_db


def test_any_of_keys_and_of_related_rows_finds_what_in_finds() -> None:
    series = [make_series(f"entity-{n}.users") for n in range(3)]
    publish(*((one, "2018", "1") for one in series))
    wanted = [series[0].pk, series[2].pk]

    assert set(Series.objects.filter(pk__any=wanted)) == {series[0], series[2]}
    assert Observation.objects.filter(series__any=wanted).count() == 2
    assert Observation.objects.filter(series__any=series[:1]).count() == 1
    assert not Series.objects.filter(pk__any=[]).exists()
    assert Series.objects.exclude(pk__any=wanted).get() == series[1]


def test_any_of_thousands_is_one_parameter() -> None:
    with CaptureQueriesContext(connection) as captured:
        list(Series.objects.filter(pk__any=range(5000)))

    assert captured[0]["sql"].count("ANY(") == 1
    assert ", ".join(["1", "2", "3"]) not in captured[0]["sql"]
