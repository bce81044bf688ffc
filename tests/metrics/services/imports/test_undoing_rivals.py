"""Undo beside rival sources: the rival answers, and earlier moments keep the old answer."""

from decimal import Decimal

import pytest

from metrics.models import ImportBatch, ImportLayout, Observation, Series
from metrics.selectors.values import evaluate
from metrics.services.imports.undoing import Undone, slots_changed_since, undo_import
from metrics.services.preferences import prefer_source
from tests.metrics.factories import NOW, SourceFactory, make_series, publish
from tests.metrics.services.imports.conftest import imported, make_layout

pytestmark = pytest.mark.django_db
OURS = "entity,period,value\nacme,2018,12.50\n"
RIVAL = "entity,period,value\nacme,2018,99\n"


@pytest.fixture
def acme() -> Series:
    return make_series("acme.revenue", nature="flow")


@pytest.fixture
def ours() -> ImportLayout:
    return make_layout()


@pytest.fixture
def beside() -> ImportLayout:
    """A rival that stands beside others."""
    return make_layout("rival", source=SourceFactory(slug="rival"), preferred=False)


def answer(series: Series, seq: int | None = None) -> Decimal | None:
    value = evaluate([(series.pk, "2018")], seq)[series.pk, "2018"]
    return None if value is None else value.figure.value


def standing(series: Series) -> dict[str, tuple[Decimal | None, str, bool]]:
    rows = Observation.objects.current().filter(series=series).select_related("source")
    return {row.source.slug: (row.value, row.null_reason, row.preferred) for row in rows}


def undone(batch: ImportBatch) -> Undone:
    return undo_import(batch, actor=None, now=NOW)


def test_rival_from_before_answers_again(acme: Series, ours: ImportLayout) -> None:
    imported(make_layout("rival", source=SourceFactory(slug="rival")), RIVAL)
    batch = imported(ours, OURS)
    assert answer(acme) == Decimal("12.50")
    result = undone(batch)
    assert result.left == []
    assert standing(acme) == {
        "rival": (Decimal(99), "", True),
        "report-2019": (None, "withdrawn", False),
    }
    assert answer(acme) == Decimal(99)
    before = result.change.seq - 1
    assert [answer(acme, seq) for seq in (before - 1, before)] == [Decimal(99), Decimal("12.50")]


def test_rival_recorded_beside_the_file_since_answers(
    acme: Series, ours: ImportLayout, beside: ImportLayout
) -> None:
    batch = imported(ours, OURS)
    imported(beside, RIVAL)
    assert (answer(acme), slots_changed_since(batch)) == (Decimal("12.50"), [])
    result = undone(batch)
    assert (result.change.summary["closed"], result.change.summary["inserted"]) == (2, 2)
    assert answer(acme) == Decimal(99)
    assert answer(acme, result.change.seq - 1) == Decimal("12.50")


def test_rival_revised_beside_the_file_since_answers_with_its_revision(
    acme: Series, ours: ImportLayout, beside: ImportLayout
) -> None:
    imported(beside, RIVAL)
    batch = imported(ours, OURS)
    imported(beside, RIVAL.replace("99", "98"), kind="revision")
    assert undone(batch).left == []
    assert answer(acme) == Decimal(98)


def test_rival_of_before_outranks_one_that_came_since(
    acme: Series, ours: ImportLayout, beside: ImportLayout
) -> None:
    third = make_layout("third", source=SourceFactory(slug="third"), preferred=False)
    imported(third, RIVAL.replace("99", "3"))
    imported(beside, RIVAL)
    publish((acme, "2018", "97"), source=SourceFactory(slug="rival"), kind="correction")
    batch = imported(ours, OURS)
    undone(batch)
    assert standing(acme)["rival"] == (Decimal(97), "", True)


def test_rival_that_withdrew_answers_only_where_nobody_states_anything(
    acme: Series, ours: ImportLayout, beside: ImportLayout
) -> None:
    undone(imported(make_layout("gone", source=SourceFactory(slug="gone")), RIVAL))
    batch = imported(ours, OURS)
    imported(beside, RIVAL)
    undone(batch)
    assert answer(acme) == Decimal(99)


def test_revision_taken_back_leaves_the_preference(
    acme: Series, ours: ImportLayout, beside: ImportLayout
) -> None:
    imported(ours, OURS)
    imported(beside, RIVAL)
    before = standing(acme)
    batch = imported(ours, OURS.replace("12.50", "13"), kind="revision")
    undone(batch)
    assert standing(acme) == before


def test_file_beside_a_preferred_rival_is_withdrawn_alone(
    acme: Series, ours: ImportLayout, beside: ImportLayout
) -> None:
    imported(ours, OURS)
    batch = imported(beside, RIVAL)
    imported(ours, OURS.replace("12.50", "13"), kind="revision")
    assert undone(batch).change.summary["inserted"] == 1
    assert standing(acme) == {
        "report-2019": (Decimal(13), "", True),
        "rival": (None, "withdrawn", False),
    }


def test_rival_that_was_decided_for_since_leaves_the_slot(
    acme: Series, ours: ImportLayout, beside: ImportLayout
) -> None:
    batch = imported(ours, OURS)
    imported(beside, RIVAL)
    rival = SourceFactory(slug="rival")
    prefer_source(acme, rival, reason={"en": "audited"}, actor=None, now=NOW)
    assert undone(batch).left == [("acme.revenue", "2018")]
    assert standing(acme)["rival"] == (Decimal(99), "", True)
