"""What a checked file would do, a page at a time, in a fixed number of queries."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from metrics.models import ImportBatch, Series
from metrics.selectors.import_difference import LINES, DifferenceLine, difference_page
from metrics.selectors.imports import changes_since, import_progress
from tests.metrics.factories import NOW, EntityFactory, make_series, publish
from tests.metrics.services.imports.conftest import checked, imported, make_layout, private_files

pytestmark = pytest.mark.django_db
__all__ = ["private_files"]

FIRST = "entity,period,value\nacme,2017,10\nacme,2018,12.50\nzeta,2018,7\n"


@pytest.fixture(autouse=True)
def companies() -> list[Series]:
    return [make_series(f"{slug}.revenue", nature="flow") for slug in ("acme", "zeta")]


def lines(batch: ImportBatch, **asked: object) -> tuple[DifferenceLine, ...]:
    return difference_page(batch, language="en", **asked).lines  # type: ignore[arg-type]


def brief(batch: ImportBatch, **asked: object) -> list[tuple[str, str, str, str, str]]:
    return [(one.mark, one.key, one.period, one.before, one.after) for one in lines(batch, **asked)]


def test_first_file_is_all_new_in_its_own_order() -> None:
    batch = checked(make_layout(), FIRST)
    assert brief(batch) == [
        ("new", "acme.revenue", "2017", "", "10"),
        ("new", "acme.revenue", "2018", "", "12.50"),
        ("new", "zeta.revenue", "2018", "", "7"),
    ]
    assert [one.row for one in lines(batch)] == [2, 3, 4]


def test_changed_new_and_withdrawn_are_told_with_what_stood() -> None:
    layout = make_layout(complete=True)
    imported(layout, FIRST)
    batch = checked(layout, "entity,period,value\nacme,2017,1234567.8\nacme,2019,9\n")
    assert brief(batch) == [
        ("changed", "acme.revenue", "2017", "10", "1,234,567.8"),
        ("new", "acme.revenue", "2019", "", "9"),
        ("withdrawn", "acme.revenue", "2018", "12.50", ""),
        ("withdrawn", "zeta.revenue", "2018", "7", ""),
    ]
    assert [one.row for one in lines(batch)] == [2, 3, None, None]


def test_one_mark_or_one_entity_can_be_asked_for() -> None:
    layout = make_layout(complete=True)
    imported(layout, FIRST)
    batch = checked(layout, "entity,period,value\nacme,2017,11\nacme,2019,9\n")
    assert [one[0] for one in brief(batch, mark="withdrawn")] == ["withdrawn", "withdrawn"]
    assert brief(batch, entity="zet") == [("withdrawn", "zeta.revenue", "2018", "7", "")]
    assert len(brief(batch, entity="ACME")) == 3
    assert brief(batch, mark="new", entity="机构 acme")[0][1:3] == ("acme.revenue", "2019")
    assert brief(batch, entity="nobody") == []


def test_all_new_file_is_filtered_too() -> None:
    batch = checked(make_layout(), FIRST)
    assert len(brief(batch, mark="new")) == 3
    assert brief(batch, mark="changed") == []
    assert [one[1] for one in brief(batch, entity="zeta")] == ["zeta.revenue"]


def test_missing_value_is_told_by_its_reason() -> None:
    layout = make_layout(missing="null", missing_reason="restricted")
    imported(layout, FIRST)
    batch = checked(layout, "entity,period,value\nacme,2017,..\n")
    assert brief(batch) == [("changed", "acme.revenue", "2017", "10", "restricted")]


def test_qualifier_stands_before_the_number() -> None:
    columns = {"entity": "entity", "period": "period", "stated": "stated"}
    batch = checked(make_layout(columns=columns), "entity,period,stated\nacme,2017,超过6000万\n")
    assert brief(batch) == [("new", "acme.revenue", "2017", "", "more than 60,000,000")]


def test_what_changes_beside_the_same_value_is_told() -> None:
    imported(make_layout(), FIRST)
    columns = {"entity": "entity", "period": "period", "value": "value", "note": "note"}
    layout = make_layout("noted", columns=columns)
    batch = checked(layout, "entity,period,value,note\nacme,2017,10,audited\n")
    (line,) = lines(batch)
    assert (line.mark, line.before, line.after) == ("changed", "10", "10")
    assert line.beside == (("Note", "empty", "audited"),)


def test_coarser_digits_of_the_same_value_are_told_as_resolution() -> None:
    layout = make_layout()
    imported(layout, FIRST)
    (line,) = lines(checked(layout, "entity,period,value\nacme,2018,12.5\n"))
    assert line.before == "12.50"


def test_series_to_be_created_is_told_by_the_key_it_gets() -> None:
    layout = make_layout(unknown_entities="create", entity_codes="iso3")
    EntityFactory(slug="germany")
    batch = checked(layout, "entity,period,value\nFRA,2017,1\nDEU,2017,2\n")
    told = [(one.key, one.name, one.is_new_series) for one in lines(batch)]
    assert told == [
        ("france.revenue", "France · Users", True),
        ("germany.revenue", "Germany · Users", True),
    ]
    assert [one[1] for one in brief(batch, entity="fran")] == ["france.revenue"]


def test_pages_divide_the_lines_and_a_page_past_the_end_is_the_last() -> None:
    rows = "".join(f"acme,{1900 + n},{n}\n" for n in range(LINES + 5))
    batch = checked(make_layout(), f"entity,period,value\n{rows}")
    first, second = (difference_page(batch, page=n, language="en") for n in (1, 99))
    assert (first.number, first.pages, first.count, len(first.lines)) == (1, 2, LINES + 5, LINES)
    assert (second.number, len(second.lines)) == (2, 5)
    assert difference_page(batch, page=-3, language="en").number == 1


@pytest.mark.parametrize("entity", ["", "a"])
@pytest.mark.parametrize("count", [1, 20])
def test_page_of_one_and_of_many_lines_costs_the_same(
    count: int, entity: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    layout = make_layout(complete=True, unknown_entities="create")
    imported(layout, FIRST)
    rows = "".join(f"acme,{1990 + n},{n}\na-{n},2017,{n}\n" for n in range(count))
    batch = checked(layout, f"entity,period,value\n{rows}")
    with django_assert_num_queries(9 if entity else 6):
        difference_page(batch, entity=entity, language="en")


def test_progress_tells_rate_and_time_left_while_reading() -> None:
    batch = ImportBatch(state="checking", phase="reading", rows_done=3_000, rows_total=9_000)
    batch.uploaded_at = batch.started_at = NOW
    progress = import_progress(batch, NOW + timedelta(seconds=10))
    assert progress.is_moving
    assert (progress.rate, progress.remaining) == (300.0, timedelta(seconds=20))


@pytest.mark.parametrize(
    ("state", "phase", "done", "seconds"),
    [
        ("uploaded", "waiting", 0, 10),
        ("checking", "reading", 0, 10),
        ("checking", "reading", 100, 0.5),
        ("checking", "comparing", 100, 10),
        ("staged", "done", 100, 10),
    ],
)
def test_progress_without_a_rate_tells_no_time_left(
    state: str, phase: str, done: int, seconds: float
) -> None:
    batch = ImportBatch(state=state, phase=phase, rows_done=done, rows_total=100)
    batch.uploaded_at = batch.started_at = NOW
    progress = import_progress(batch, NOW + timedelta(seconds=seconds))
    assert (progress.rate, progress.remaining) == (None, None)
    assert progress.is_moving is (state != "staged")
    assert progress.waiting == timedelta(seconds=seconds)


def test_publications_since_the_comparison_are_counted() -> None:
    batch = checked(make_layout(), FIRST)
    assert changes_since(batch) == 0
    publish((make_series("acme.revenue"), "2001", "1"))
    assert changes_since(batch) == 1
    assert changes_since(ImportBatch()) == 0
