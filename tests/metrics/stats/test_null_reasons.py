"""Every reason for no value that a statistic can give is provoked, and no other is ever given.

The table below needs a case for each reason that the registry declares (registry_reasons); the
properties at the end look for one that it does not declare.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.models import NullReason
from metrics.stats.aggregation import Aggregation, aggregate
from metrics.stats.breaks import NO_BREAKS, Breaks
from metrics.stats.derivation import derive
from metrics.stats.periods import Frequency, Period
from metrics.stats.reasons import COMPUTED, EVERY, RECORDED, Reason
from metrics.stats.registry import STATISTICS, Kind
from metrics.stats.registry_reasons import REASONS
from metrics.stats.rules import growth
from metrics.stats.transforms import Transform, apply
from tests.metrics.stats.null_reason_cases import CASES, MIDYEAR, Figures, R, figure, series

PROVOKED = [(key, reason) for key, cases in CASES.items() for reason in cases]


def test_codes_are_those_that_are_stored_and_shown() -> None:
    assert set(Reason) == set(NullReason.values)
    assert RECORDED | COMPUTED == EVERY
    assert not RECORDED & COMPUTED


def test_every_statistic_that_gives_values_declares_its_reasons() -> None:
    kinds = (Kind.TRANSFORM, Kind.AGGREGATION, Kind.RULE)
    assert set(REASONS) == {(s.kind, s.key) for s in STATISTICS if s.kind in kinds}


def test_every_declared_reason_has_a_case() -> None:
    assert {key: set(cases) for key, cases in CASES.items()} == {
        key: set(reasons) for key, reasons in REASONS.items()
    }


@pytest.mark.parametrize("kind", [Kind.TRANSFORM, Kind.AGGREGATION, Kind.RULE])
def test_every_computed_reason_comes_from_somewhere(kind: Kind) -> None:
    """Without what is passed on: the reasons that a kind of statistic makes itself."""
    made = {
        reason
        for key, reasons in REASONS.items()
        if key[0] is kind and reasons != EVERY
        for reason in reasons
    }
    never = {
        Kind.TRANSFORM: set(),
        # What a longer period lacks is incomplete, whatever the reason.
        Kind.AGGREGATION: {R.INPUT_MISSING, R.INSUFFICIENT_HISTORY, R.BASE_ZERO, R.SIGN_CHANGE},
        Kind.RULE: {R.INCOMPLETE_PERIOD},
    }
    assert made == COMPUTED - never[kind]


@pytest.mark.parametrize(
    ("key", "reason"), PROVOKED, ids=lambda one: "-".join(one) if isinstance(one, tuple) else one
)
def test_reason_is_given(key: tuple[Kind, str], reason: Reason) -> None:
    assert CASES[key][reason]() == reason


numbers = st.sampled_from(["-2", "-1", "0", "1", "2", "3", ">1", ">-1", "<2", "<-1", ">0", "<0"])
cells = st.one_of(numbers, numbers, st.sampled_from(sorted(Reason)))
breaks_at = st.sampled_from([NO_BREAKS, MIDYEAR, Breaks((date(2017, 5, 1), date(2018, 2, 1)))])


@st.composite
def dated(draw: st.DrawFn, codes: tuple[str, ...]) -> str:
    """Some of the periods, each with a value or a reason."""
    kept = [code for code in codes if draw(st.integers(0, 3))]
    return " ".join(f"{code}={draw(cells)}" for code in kept)


QUARTERS = tuple(f"{year}-Q{n}" for year in (2017, 2018) for n in range(1, 5))


@pytest.mark.parametrize("code", Transform)
@given(told=dated(QUARTERS), breaks=breaks_at, base=st.sampled_from([*QUARTERS, "2017", "2018-S1"]))
def test_transform_gives_no_other_reason(code: str, told: str, breaks: Breaks, base: str) -> None:
    start = Period.parse(base) if base in QUARTERS else None
    made = apply(code, series(told), frequency=Frequency.QUARTER, nature="stock", window=2,
                 index_base=Period.parse(base), span_start=start, breaks=breaks)  # fmt: skip
    assert_declared(Kind.TRANSFORM, code, made)


@pytest.mark.parametrize("method", Aggregation)
@given(told=dated(QUARTERS), breaks=breaks_at)
def test_aggregation_gives_no_other_reason(method: str, told: str, breaks: Breaks) -> None:
    nature = "flow" if method == "sum" else "index"
    made = aggregate(series(told), source="Q", target="A", method=method, nature=nature,
                     breaks=breaks)  # fmt: skip
    assert_declared(Kind.AGGREGATION, method, made)


PAIRS = {
    "share": ("part", "whole"),
    "ratio": ("numerator", "denominator"),
    "difference": ("minuend", "subtrahend"),
    "implied-prior": ("level", "growth"),
    "implied-prior-points": ("level", "growth"),
    "formula": ("x", "y"),
}


@pytest.mark.parametrize("key", PAIRS)
@given(first=dated(QUARTERS), second=dated(QUARTERS), breaks=breaks_at)
def test_rule_of_two_gives_no_other_reason(
    key: str, first: str, second: str, breaks: Breaks
) -> None:
    roles = dict(zip(PAIRS[key], ([1], [2]), strict=True))
    definition = {"formula": "x / y - max(x[-1], abs(y[-1y]))"} if key == "formula" else {}
    definition |= {"change": "points"} if key.endswith("points") else {}
    kind, panel = key.removesuffix("-points"), {1: series(first), 2: series(second)}
    made = derive(kind, {9: roles}, panel, definition=definition, breaks={1: breaks, 2: breaks})
    assert_declared(Kind.RULE, key, made[9])


@pytest.mark.parametrize("key", ["sum", "rank", "peer-index", "share"])
@given(members=st.lists(dated(QUARTERS[:3]), min_size=1, max_size=4))
def test_rule_over_a_group_gives_no_other_reason(key: str, members: list[str]) -> None:
    panel = {pk: series(told) for pk, told in enumerate(members)}
    one_each = {100 + pk: {"part": [pk]} for pk in panel}
    edges = {100: {"member": list(panel)}} if key == "sum" else one_each
    for made in derive(key, edges, panel, definition={}).values():
        assert_declared(Kind.RULE, key, made)


@given(current=cells, prior=cells)
def test_growth_gives_no_other_reason(current: str, prior: str) -> None:
    made = {Period.parse("2018"): growth(figure(current), figure(prior))}
    assert_declared(Kind.RULE, "growth", made)


def assert_declared(kind: Kind, key: str, made: Figures) -> None:
    for period, one in made.items():
        if one.value is None:
            assert one.null_reason in REASONS[kind, str(key)], period
        else:
            assert not one.null_reason
