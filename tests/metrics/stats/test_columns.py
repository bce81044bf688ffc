"""The quick ways of whole columns give what the definitions give, to the last digit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import Figure
from metrics.stats.columns import column_ranks, column_shares, column_sum, is_plain
from metrics.stats.members import rank_of, sum_of
from metrics.stats.rules import share_of_total

HALF = Decimal("0.5")


@st.composite
def plain(draw: st.DrawFn) -> Figure:
    """A value above zero with both bounds above zero."""
    digits = draw(st.integers(1, 10**12))
    value = Decimal(digits).scaleb(-draw(st.integers(0, 6)))
    below = draw(st.sampled_from([Decimal(0), value * HALF, value / 3]))
    above = draw(st.sampled_from([Decimal(0), value, Decimal("0.001")]))
    return Figure(value, value - below, value + above)


columns = st.lists(plain(), min_size=1, max_size=12)


def split(figures: list[Figure]) -> tuple[list[Decimal], list[Decimal], list[Decimal]]:
    rows = [(f.value, f.lower, f.upper) for f in figures]
    return tuple(map(list, zip(*rows, strict=True)))  # type: ignore[return-value]


def cells(figures: list[Figure]) -> list[tuple[Decimal | None, ...]]:
    return [(f.value, f.lower, f.upper) for f in figures]


@given(columns)
def test_sum_is_that_of_the_definition(figures: list[Figure]) -> None:
    assert column_sum(*split(figures)) == sum_of(figures)


@given(columns)
def test_ranks_are_those_of_the_definition(figures: list[Figure]) -> None:
    ranked = rank_of(dict(enumerate(figures)))
    assert column_ranks(*split(figures)) == cells([ranked[i] for i in range(len(figures))])


@given(columns, plain())
def test_shares_are_those_of_the_definition(figures: list[Figure], total: Figure) -> None:
    made = column_shares(*split(figures), total)
    assert made == cells([share_of_total(figure, total) for figure in figures])


def test_total_that_may_be_zero_is_refused() -> None:
    one = [Decimal(1)]
    with pytest.raises(ValueError, match="above zero"):
        column_shares(one, one, one, Figure(Decimal(1), Decimal(0), Decimal(2)))


@pytest.mark.parametrize(
    ("lowers", "uppers", "is_so"),
    [
        ([Decimal(1)], [Decimal(2)], True),
        ([Decimal(0)], [Decimal(2)], False),
        ([Decimal(-1)], [Decimal(2)], False),
        ([None], [Decimal(2)], False),
        ([Decimal(1)], [None], False),
        ([], [], True),
    ],
)
def test_plain_is_bounded_and_above_zero(lowers: list, uppers: list, is_so: bool) -> None:
    assert is_plain(lowers, uppers) is is_so
