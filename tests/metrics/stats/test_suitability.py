"""What each kind of rule refuses to join, by a table of quantities."""

import pytest

from metrics.stats.natures import NATURES, GrowthKind, Nature
from metrics.stats.quantities import Quantity, UnitKind
from metrics.stats.suitability import GROWTH_UNITS, rule_misfits


def q(written: str) -> Quantity:
    """`nature unit kind`, the kind being "count" where it is left out."""
    nature, unit, kind = [*written.split(), "count"][:3]
    return Quantity(f"{nature}-{unit}", Nature(nature), unit, UnitKind(kind), unit)


def codes(kind: str, inputs: dict[str, list[str]], *outputs: str) -> list[str]:
    quantities = {role: [q(one) for one in listed] for role, listed in inputs.items()}
    return [misfit.code for misfit in rule_misfits(kind, quantities, [q(one) for one in outputs])]


STOCKS = ["stock person", "stock person"]
PERCENT, RANK, INDEX = "ratio % percent", "rank place rank", "index 100 index"


@pytest.mark.parametrize(
    ("kind", "inputs", "output", "expected"),
    [
        ("sum", {"member": STOCKS}, "stock person", []),
        ("sum", {"member": ["flow CNY currency"]}, "flow CNY currency", []),
        ("sum", {"member": [PERCENT, PERCENT]}, PERCENT, ["not-summable"] * 2),
        ("sum", {"member": [INDEX]}, INDEX, ["not-summable"]),
        ("sum", {"member": [RANK]}, RANK, ["not-summable"]),
        ("sum", {"member": ["stock CNY", "stock USD"]}, "stock CNY", ["two-units"]),
        ("sum", {"member": ["stock CNY", "flow CNY"]}, "stock CNY", ["two-natures"]),
        ("sum", {"member": STOCKS}, "flow person", ["output-nature"]),
        ("sum", {"member": STOCKS}, "stock bank", ["output-unit"]),
        ("share", {"part": STOCKS[:1], "whole": STOCKS[1:]}, PERCENT, []),
        ("share", {"part": STOCKS}, PERCENT, []),
        ("share", {"part": [PERCENT], "whole": [PERCENT]}, PERCENT, ["not-summable"] * 2),
        ("share", {"part": [RANK, RANK]}, PERCENT, ["not-summable"] * 2),
        ("share", {"part": ["stock CNY"], "whole": ["stock USD"]}, PERCENT, ["two-units"]),
        ("share", {"part": STOCKS}, "ratio x times", ["output-kind"]),
        ("share", {"part": STOCKS}, "stock % percent", ["output-nature"]),
        ("rank", {"part": [PERCENT, PERCENT]}, RANK, []),
        ("rank", {"part": STOCKS}, "stock place rank", ["output-nature"]),
        ("rank", {"part": STOCKS}, "rank person", ["output-kind"]),
        ("rank", {"part": [RANK]}, RANK, ["not-ranked"]),
        ("rank", {"part": ["stock CNY", "stock USD"]}, RANK, ["two-units"]),
        ("peer-index", {"part": STOCKS}, INDEX, []),
        ("peer-index", {"part": [PERCENT]}, INDEX, ["no-index"]),
        ("peer-index", {"part": [RANK]}, INDEX, ["no-index"]),
        ("peer-index", {"part": STOCKS}, "index % percent", ["output-kind"]),
        ("ratio", {"n": ["flow CNY currency"], "d": STOCKS[:1]}, "flow CNY currency", []),
        ("ratio", {"n": ["flow CNY currency"], "d": STOCKS[:1]}, "ratio x times", []),
        ("ratio", {"n": ["flow CNY currency"], "d": STOCKS[:1]}, PERCENT, ["output-kind"]),
        ("ratio", {"n": STOCKS[:1], "d": STOCKS[1:]}, "ratio x times", []),
        ("ratio", {"n": STOCKS[:1], "d": STOCKS[1:]}, PERCENT, ["output-kind"]),
        ("ratio", {"n": STOCKS[:1], "d": STOCKS[1:]}, "flow x times", ["output-nature"]),
        ("ratio", {"n": [RANK], "d": STOCKS[:1]}, "ratio x times", ["no-ratio"]),
        ("difference", {"a": STOCKS[:1], "b": STOCKS[1:]}, "stock person", []),
        ("difference", {"a": [PERCENT], "b": [PERCENT]}, "ratio pp points", []),
        ("difference", {"a": [PERCENT], "b": [PERCENT]}, PERCENT, ["output-kind"]),
        ("difference", {"a": ["stock CNY"], "b": ["stock USD"]}, "stock CNY", ["two-units"]),
        ("difference", {"a": ["stock CNY"], "b": ["flow CNY"]}, "stock CNY", ["two-natures"]),
        ("difference", {"a": [RANK], "b": [RANK]}, RANK, []),
    ],
)
def test_rule_takes_what_fits_and_names_what_does_not(
    kind: str, inputs: dict[str, list[str]], output: str, expected: list[str]
) -> None:
    assert codes(kind, inputs, output) == expected


@pytest.mark.parametrize("nature", list(Nature))
@pytest.mark.parametrize("unit", ["growth", "points", "percent"])
def test_growth_is_told_as_the_table_of_natures_says(nature: Nature, unit: str) -> None:
    found = codes("implied-prior", {"level": [f"{nature} x"], "growth": [f"ratio g {unit}"]})
    told = NATURES[nature].growth_kind
    if told is GrowthKind.NONE:
        assert found == ["no-growth"]
    else:
        assert found == ([] if unit == GROWTH_UNITS[told] else ["growth-kind"])


@pytest.mark.parametrize("nature", list(Nature))
def test_sum_and_share_follow_the_table_of_natures(nature: Nature) -> None:
    is_refused = not NATURES[nature].summable
    assert ("not-summable" in codes("sum", {"member": [f"{nature} x"]})) == is_refused
    assert ("not-summable" in codes("share", {"part": [f"{nature} x"]})) == is_refused


def test_misfit_says_in_words_what_is_expected() -> None:
    inputs = {"n": [q("flow CNY currency")], "d": [q("stock person")]}
    (misfit,) = rule_misfits("ratio", inputs, [q(PERCENT)])
    assert str(misfit) == (
        "ratio-% is in percent: expected a unit of the kind count, currency, duration, times"
    )
