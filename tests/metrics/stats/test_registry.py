import pytest

from metrics.stats.natures import NATURES, GrowthKind, Nature
from metrics.stats.registry import BY_KEY, STATISTICS, Kind, Statistic
from metrics.stats.transforms import OUTPUT_UNIT_KINDS, WITH_BOUNDS, Transform


@pytest.mark.parametrize("statistic", STATISTICS, ids=lambda s: f"{s.kind}-{s.key}")
def test_worked_example_is_what_the_code_computes(statistic: Statistic) -> None:
    assert statistic.example.run() == statistic.example.output


@pytest.mark.parametrize("statistic", STATISTICS, ids=lambda s: f"{s.kind}-{s.key}")
def test_statistic_is_told_in_both_languages(statistic: Statistic) -> None:
    texts = (statistic.name, statistic.unit, statistic.minimum_data, statistic.gaps)
    for told in (*texts, statistic.source):
        assert set(told) == {"zh-hans", "en"}
        assert all(told.values())
    assert statistic.formula
    assert statistic.example.inputs


def test_every_transform_is_registered_once() -> None:
    keys = [s.key for s in STATISTICS if s.kind is Kind.TRANSFORM]
    assert sorted(keys) == sorted(Transform) == sorted(OUTPUT_UNIT_KINDS)
    assert {s.key for s in STATISTICS if s.kind is Kind.TRANSFORM and s.has_bounds} == WITH_BOUNDS


def test_keys_of_a_kind_are_unique_and_found() -> None:
    pairs = [(s.kind, s.key) for s in STATISTICS]
    assert len(set(pairs)) == len(pairs)
    assert BY_KEY[Kind.RULE, "share"].name["en"] == "Share of total"


def test_every_nature_has_rules() -> None:
    assert set(NATURES) == set(Nature)
    for nature, rules in NATURES.items():
        assert rules.nature is nature
        assert "lin" in rules.transforms
        assert set(rules.transforms) <= set(Transform)


def test_stocks_refuse_sums_over_time_and_ratios_change_by_points() -> None:
    assert "sum" not in NATURES[Nature.STOCK].aggregations
    assert "sum" in NATURES[Nature.FLOW].aggregations
    assert NATURES[Nature.RATIO].growth_kind is GrowthKind.POINTS
    assert not NATURES[Nature.RATIO].summable
    assert NATURES[Nature.RANK].growth_kind is GrowthKind.NONE
