"""The World Bank's GDP and the consumer price index of the United States, as published."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from metrics.models import (
    DerivedValue,
    Entity,
    Group,
    ImportBatch,
    Indicator,
    Observation,
    Rule,
    Series,
    SeriesSummary,
)
from metrics.selectors.summaries import series_summary
from metrics.selectors.values import evaluate
from metrics.services.imports.publishing import publish_import
from metrics.services.imports.undoing import undo_import
from metrics.services.publishing import publish_definitions
from metrics.services.refresh import refresh_all
from metrics.services.verification import verify_derived
from tests.metrics.factories import NOW, EntityFactory, IndicatorFactory, SourceFactory, UnitFactory
from tests.metrics.services.imports.conftest import DATA, checked, imported, make_layout, problems

pytestmark = pytest.mark.django_db
# The file leaves nothing out: a check of our own reading of it.
ROWS, ENTITIES, AGGREGATES = 13_979, 262, 48


def gdp_layout() -> None:
    usd = UnitFactory(key="usd", kind="currency", name_en="US dollar", name_zh_hans="美元")
    make_layout(
        "world-bank-gdp",
        columns={
            "entity": "Country Code",
            "entity_name": "Country Name",
            "period": "Year",
            "value": "Value",
        },
        indicator=IndicatorFactory(key="gdp", unit=usd, nature="flow"),
        source=SourceFactory(slug="world-bank"),
        entity_codes="iso3",
        unknown_entities="create",
    )


@pytest.fixture
def world(gdp: Callable[[], bytes]) -> bytes:
    """The file imported, with the share in World's GDP and the rank of every country."""
    from metrics.models import ImportLayout

    gdp_layout()
    data = gdp()
    imported(ImportLayout.objects.get(), data, "world-bank-gdp.csv")
    group = Group.objects.create(
        key="countries",
        name_zh_hans="各国",
        name_en="Countries",
        total=Series.objects.get(key="world.gdp"),
        member_indicator=Indicator.objects.get(key="gdp"),
        member_kind="country",
    )
    IndicatorFactory(
        key="gdp-share", unit=UnitFactory(key="percent", kind="percent"), nature="ratio"
    )
    IndicatorFactory(key="gdp-rank", unit=UnitFactory(key="rank", kind="rank"), nature="rank")
    for kind in ("share", "rank"):
        Rule.objects.create(
            key=f"gdp-{kind}", kind=kind, group=group, name_zh_hans=kind, name_en=kind
        )
    publish_definitions(
        actor=None,
        now=NOW,
        what="rules",
        rule_definitions={f"gdp-{kind}": {"output": f"gdp-{kind}"} for kind in ("share", "rank")},
    )
    refresh_all(now=NOW)
    return data


def shares(period: str) -> dict[str, Decimal]:
    rows = DerivedValue.objects.filter(series__indicator__key="gdp-share", period=period)
    return {
        slug: value
        for slug, value in rows.values_list("series__entity__slug", "value")
        if value is not None
    }


def test_every_row_of_the_gdp_file_is_read(gdp: Callable[[], bytes]) -> None:
    from metrics.models import ImportLayout

    gdp_layout()
    batch = checked(ImportLayout.objects.get(), gdp(), "world-bank-gdp.csv")
    assert problems(batch) == []
    assert (batch.new, batch.skipped) == (ROWS, 0)
    kinds = list(batch.proposed_entities.values_list("kind", flat=True))
    assert (len(kinds), kinds.count("aggregate")) == (ENTITIES, AGGREGATES)
    names = {
        one.code: (one.slug, one.name_zh_hans, one.kind) for one in batch.proposed_entities.all()
    }
    assert names["CHN"] == ("china", "中国", "country")
    assert names["WLD"] == ("world", "世界", "aggregate")
    assert names["OED"][2] == names["EUU"][2] == "aggregate"
    assert names["XKX"][2] == names["CHI"][2] == "country"


def test_values_are_stored_as_published(world: bytes) -> None:
    stored = {
        (row.series.entity.slug, row.period): format(row.value or 0, "f")
        for row in Observation.objects.current().select_related("series__entity")
    }
    assert len(stored) == ROWS
    assert stored["afghanistan", "2000"] == "3521418059.923445"


def test_no_aggregate_joins_the_countries(world: bytes) -> None:
    members = Entity.objects.filter(series__groups__key="countries")
    assert set(members.values_list("kind", flat=True)) == {"country"}
    assert members.count() == ENTITIES - AGGREGATES


def test_shares_of_countries_never_exceed_the_world(world: bytes) -> None:
    periods = set(DerivedValue.objects.values_list("period", flat=True))
    assert len(periods) > 50
    for period in periods:
        found = shares(period)
        assert max(found.values()) < 100
        assert sum(found.values()) <= Decimal("100.01"), period


def test_ranks_are_by_value(world: bytes) -> None:
    rows = DerivedValue.objects.filter(series__indicator__key="gdp-rank", period="2016")
    ranks = dict(rows.values_list("series__entity__slug", "value"))
    assert [ranks[slug] for slug in ("united-states", "china", "japan")] == [1, 2, 3]


def test_everything_derived_verifies(world: bytes) -> None:
    assert verify_derived().differences == []


def test_later_country_joins_by_itself(world: bytes) -> None:
    from metrics.models import ImportLayout

    more = world + b"\nNorth Korea,PRK,2016,16789000000\n"
    imported(ImportLayout.objects.get(), more, "world-bank-gdp.csv")
    refresh_all(now=NOW)
    assert shares("2016")["north-korea"] > 0


def test_revision_moves_share_rank_and_summary_and_leaves_the_old_answers(world: bytes) -> None:
    from metrics.models import ImportLayout

    series = {
        key: Series.objects.get(key=f"japan.{key}") for key in ("gdp", "gdp-share", "gdp-rank")
    }
    cells = [(one.pk, "2016") for one in series.values()]
    before = evaluate(cells, None)
    old_mean = SeriesSummary.objects.get(series=series["gdp"]).mean
    lines = world.decode().splitlines()
    (place,) = [n for n, line in enumerate(lines) if line.startswith("Japan,JPN,2016,")]
    lines[place] = "Japan,JPN,2016,13000000000000"
    batch = checked(ImportLayout.objects.get(), "\n".join(lines), "world-bank-gdp.csv")
    assert (batch.changed, batch.new, batch.same) == (1, 0, ROWS - 1)
    change = publish_import(batch, actor=None, now=NOW, kind="revision")
    assert change is not None
    refresh_all(now=NOW)
    after = evaluate(cells, None)
    assert after[series["gdp-rank"].pk, "2016"].figure.value == 2
    assert after[series["gdp-share"].pk, "2016"].figure.value > 15
    assert evaluate(cells, change.seq - 1) == before
    assert SeriesSummary.objects.get(series=series["gdp"]).mean != old_mean
    made = series_summary(series["gdp-rank"])
    assert made is not None
    assert made.minimum == 2
    undo_import(ImportBatch.objects.get(pk=batch.pk), actor=None, now=NOW)
    refresh_all(now=NOW)
    assert {key: value.figure for key, value in evaluate(cells, None).items()} == {
        key: value.figure for key, value in before.items()
    }


def test_gdp_file_again_is_unchanged(world: bytes) -> None:
    from metrics.models import ImportLayout

    batch = checked(ImportLayout.objects.get(), world + b"\n", "world-bank-gdp.csv")
    assert (batch.state, batch.same) == ("unchanged", ROWS)


def test_price_index_is_imported_with_its_published_change() -> None:
    EntityFactory(slug="united-states", kind="country")
    IndicatorFactory(key="consumer-prices", nature="index")
    IndicatorFactory(key="published-inflation", nature="ratio")
    layout = make_layout(
        "us-cpi",
        shape="wide",
        headers="series",
        columns={"period": "Date"},
        indicators={
            "Index": "united-states.consumer-prices",
            "Inflation": "united-states.published-inflation",
        },
        frequency="M",
        period_format="first-day",
        unknown_entities="create",
    )
    data = (DATA / "us-cpi-monthly.csv").read_bytes()
    batch = imported(layout, data, "us-cpi-monthly.csv")
    lines = data.decode().splitlines()[1:]
    assert batch.new == sum(bool(cell) for line in lines for cell in line.split(",")[1:])
    stored = Observation.objects.filter(series__indicator__key="consumer-prices")
    assert stored.get(period="1913-01").value == Decimal("9.8")
    assert not stored.filter(period="2025-10").exists()
    assert Series.objects.get(key="united-states.consumer-prices").frequency == "M"
