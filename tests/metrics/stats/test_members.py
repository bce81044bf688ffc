from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import Figure
from metrics.stats.members import peer_index, rank_of, sum_of
from metrics.stats.wording import Qualifier

MISSING, INPUT_MISSING = Figure.missing("not_reported"), Figure.missing("input_missing")
UNKNOWN = Figure.missing("not_determinable")


def exact(value: str, resolution: str | None = None) -> Figure:
    return Figure.stated(Decimal(value), None if resolution is None else Decimal(resolution))


def over(value: str) -> Figure:
    return Figure.stated(Decimal(value), None, Qualifier.OVER)


def under(value: str) -> Figure:
    return Figure.stated(Decimal(value), None, Qualifier.UNDER)


def about(value: str) -> Figure:
    return Figure.stated(Decimal(value), None, Qualifier.ABOUT)


def indexes(*members: Figure) -> list[Figure]:
    return list(peer_index(dict(enumerate(members))).values())


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([exact("50"), exact("100"), exact("150")], [exact("50"), exact("100"), exact("150")]),
        ([exact("30"), exact("10")], [exact("150"), exact("50")]),
        ([exact("30"), exact("10"), MISSING], [exact("150"), exact("50"), INPUT_MISSING]),
        ([exact("30")], [INPUT_MISSING]),
        ([exact("30"), MISSING], [INPUT_MISSING, INPUT_MISSING]),
        ([], []),
        ([exact("5"), exact("-5")], [Figure.missing("base_zero")] * 2),
        ([exact("0"), exact("4")], [exact("0"), exact("200")]),
        # Signs that differ: the sum may vanish, so there are values and no bounds.
        ([exact("6"), exact("-2")], [about("300"), about("-100")]),
        # 9 to 11 of a sum of 29 to 31 of two: 2 x 9 / (9 + 20), not 2 x 9 / 31.
        (
            [exact("10", "2"), exact("30")],
            [
                Figure(Decimal(50), Decimal(1800) / 39, Decimal(2200) / 41),
                Figure(Decimal(150), Decimal(6000) / 41, Decimal(6000) / 39),
            ],
        ),
        ([over("10"), exact("30")], [over("50"), under("150")]),
        ([under("10"), exact("30")], [UNKNOWN, UNKNOWN]),
        ([about("10"), exact("30")], [about("50"), about("150")]),
        ([over("10"), over("30")], [UNKNOWN, UNKNOWN]),
    ],
)
def test_peer_index_gives_hand_computed_figures(
    members: list[Figure], expected: list[Figure]
) -> None:
    found = indexes(*members)
    assert [f.null_reason for f in found] == [f.null_reason for f in expected]
    for figure, hoped in zip(found, expected, strict=True):
        for side in ("value", "lower", "upper"):
            left, right = getattr(figure, side), getattr(hoped, side)
            assert (left is None) == (right is None)
            assert left is None or abs(left - right) < Decimal("1e-20")


def test_peer_index_keeps_the_order_of_its_members() -> None:
    assert list(peer_index({"b": exact("1"), "a": MISSING, "c": exact("2")})) == ["b", "a", "c"]


amounts = st.lists(st.decimals("0.01", 10**9, places=2), min_size=2, max_size=9)


@given(amounts, st.integers(1, 1000))
def test_mean_of_the_indexes_is_a_hundred_whatever_the_scale(
    listed: list[Decimal], factor: int
) -> None:
    found = indexes(*(Figure.stated(n) for n in listed))
    scaled = indexes(*(Figure.stated(n * factor) for n in listed))
    total = sum_of(found)
    assert total.value is not None
    assert abs(total.value / len(listed) - 100) < Decimal("1e-20")
    for one, other in zip(found, scaled, strict=True):
        assert one.value is not None
        assert other.value is not None
        assert abs(one.value - other.value) < Decimal("1e-20")


@given(data=st.data(), listed=amounts)
def test_any_true_members_lie_within_the_bounds(data: st.DataObject, listed: list[Decimal]) -> None:
    members = [Figure.stated(n, Decimal("0.01")) for n in listed]
    truths = [Figure.stated(data.draw(st.decimals(m.lower, m.upper, places=4))) for m in members]
    near = Decimal("1e-15")
    for whole, truth in zip(indexes(*members), indexes(*truths), strict=True):
        assert None not in (whole.lower, whole.upper, truth.value)
        assert whole.lower - near <= truth.value <= whole.upper + near


def slow_ranks(members: list[Figure]) -> list[tuple[int, int, int]]:
    """The definition, member against member."""
    told = []
    for i, member in enumerate(members):
        others = [other for j, other in enumerate(members) if j != i]
        place = 1 + sum(other.value > member.value for other in others)
        best = 1 + sum(
            other.lower is not None and member.upper is not None and other.lower > member.upper
            for other in others
        )
        worst = 1 + sum(
            other.upper is None or member.lower is None or other.upper > member.lower
            for other in others
        )
        told.append((place, best, worst))
    return told


figures = st.builds(
    Figure.stated,
    st.decimals(-9, 9, places=0),
    st.sampled_from([None, Decimal(1), Decimal(4)]),
    st.sampled_from(Qualifier),
)


@given(st.lists(figures, max_size=12))
def test_ranks_are_those_of_the_definition(members: list[Figure]) -> None:
    ranks = rank_of(dict(enumerate(members)))
    assert [(r.value, r.lower, r.upper) for r in ranks.values()] == slow_ranks(members)


def test_rank_has_the_keys_of_its_members_in_order() -> None:
    ranks = rank_of({"c": exact("1"), "a": MISSING, "b": exact("3")})
    assert [(key, rank.value) for key, rank in ranks.items()] == [("c", 2), ("a", None), ("b", 1)]
