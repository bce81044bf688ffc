"""A file never overrules a decision for a source, and follows one for its own."""

from decimal import Decimal

import pytest

from metrics.models import Observation, Series
from metrics.services.imports.undoing import undo_import
from metrics.services.preferences import prefer_source
from tests.metrics.factories import NOW, SourceFactory, make_series, publish
from tests.metrics.services.imports.conftest import imported, make_layout

pytestmark = pytest.mark.django_db
FILE = "entity,period,value\nacme,2017,10\nacme,2018,12.50\nacme,2019,13\n"
WHY = {"en": "audited"}


@pytest.fixture
def acme() -> Series:
    """A rival states 2017 and 2018; the source of the file stated 2016 once."""
    series = make_series("acme.revenue", nature="flow")
    publish((series, "2016", "9"))
    publish((series, "2017", "98"), (series, "2018", "99"), source=SourceFactory(slug="rival"))
    return series


def spoken(series: Series) -> dict[str, Decimal | None]:
    rows = Observation.objects.current().preferred().filter(series=series)
    return {row.period: row.value for row in rows}


def decide(series: Series, slug: str, periods: list[str] | None = None) -> None:
    source = SourceFactory(slug=slug)
    prefer_source(series, source, periods=periods, reason=WHY, actor=None, now=NOW)


def test_file_stands_beside_a_source_that_was_decided_for(acme: Series) -> None:
    decide(acme, "rival")
    imported(make_layout(), FILE)
    assert spoken(acme) == {"2016": 9, "2017": 98, "2018": 99, "2019": 13}
    assert Observation.objects.current().filter(series=acme, preferred=False).count() == 2


def test_decision_for_one_period_holds_in_that_one(acme: Series) -> None:
    decide(acme, "rival", ["2017"])
    imported(make_layout(), FILE)
    assert spoken(acme) == {"2016": 9, "2017": 98, "2018": Decimal("12.50"), "2019": 13}


def test_decision_for_the_files_source_is_followed_by_a_layout_without_preference(
    acme: Series,
) -> None:
    decide(acme, "report-2019")
    imported(make_layout(preferred=False), FILE)
    assert spoken(acme) == {"2016": 9, "2017": 10, "2018": Decimal("12.50"), "2019": 13}


def test_decision_for_a_period_outranks_the_one_for_all_in_a_file(acme: Series) -> None:
    decide(acme, "report-2019")
    decide(acme, "rival", ["2018"])
    imported(make_layout(), FILE)
    assert spoken(acme) == {"2016": 9, "2017": 10, "2018": 99, "2019": 13}


def test_decision_on_another_series_changes_nothing(acme: Series) -> None:
    other = make_series("zeta.revenue")
    publish((other, "2017", "1"), source=SourceFactory(slug="rival"))
    decide(other, "rival")
    imported(make_layout(), FILE)
    assert spoken(acme)["2017"] == 10


WITH_SOURCES = {"entity": "entity", "period": "period", "value": "value", "source": "source"}
BOTH = "entity,period,value,source\nacme,2018,1,report-2019\nacme,2018,2,third\n"


@pytest.mark.parametrize(("preferred", "expected"), [(True, 2), (False, 99)])
def test_file_of_two_sources_for_one_slot_prefers_the_later_row(
    acme: Series, preferred: bool, expected: int
) -> None:
    SourceFactory(slug="third")
    imported(make_layout(columns=WITH_SOURCES, preferred=preferred), BOTH)
    assert spoken(acme)["2018"] == expected
    assert Observation.objects.current().filter(series=acme, period="2018").count() == 3


def test_file_of_two_sources_where_nobody_speaks_prefers_one() -> None:
    series = make_series("acme.revenue", nature="flow")
    for slug in ("report-2019", "third"):
        SourceFactory(slug=slug)
    imported(make_layout(columns=WITH_SOURCES, preferred=False), BOTH)
    assert spoken(series) == {"2018": 2}


def test_file_of_two_sources_follows_a_decision_for_one_of_them(acme: Series) -> None:
    SourceFactory(slug="third")
    decide(acme, "report-2019")
    imported(make_layout(columns=WITH_SOURCES), BOTH)
    assert spoken(acme)["2018"] == 1


@pytest.mark.parametrize(("preferred", "expected"), [(True, 2), (False, 1)])
def test_new_source_beside_a_changed_one_of_the_same_file(
    acme: Series, preferred: bool, expected: int
) -> None:
    SourceFactory(slug="third")
    publish((acme, "2018", "12"))
    imported(make_layout(columns=WITH_SOURCES, preferred=preferred), BOTH)
    assert spoken(acme)["2018"] == expected


def test_value_in_the_place_of_a_withdrawn_one_takes_the_preference_anew(acme: Series) -> None:
    layout = make_layout()
    undo_import(imported(layout, FILE), actor=None, now=NOW)
    assert spoken(acme)["2018"] == 99
    imported(layout, FILE)
    assert spoken(acme)["2018"] == Decimal("12.50")
    assert Observation.objects.current().filter(series=acme, period="2018").count() == 2
