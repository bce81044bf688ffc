"""What of a long series is drawn."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from metrics.charts.thinning import shape_of

numbers = st.one_of(st.none(), st.integers(-9, 9).map(Decimal))


def test_short_series_is_drawn_whole() -> None:
    assert shape_of([Decimal(1), None, Decimal(3)], most=3) == [0, 1, 2]


def test_peaks_and_gaps_of_each_stretch_stay() -> None:
    values = [Decimal(n % 2) for n in range(100)]
    values[37], values[61] = Decimal(900), Decimal(-900)
    gapped = [*values[:50], None, *values[51:]]
    drawn = shape_of(gapped, most=12)
    assert {0, 37, 50, 61, 99} <= set(drawn)
    assert len(drawn) <= 18


def test_zero_is_a_value() -> None:
    values = [Decimal(5)] * 100
    values[40] = Decimal(0)
    assert 40 in shape_of(values, most=9)


def test_breaks_stay() -> None:
    assert {54, 55} <= set(shape_of([Decimal(1)] * 100, {54, 55}, most=6))


@given(values=st.lists(numbers, min_size=1, max_size=300), most=st.integers(4, 60))
def test_places_are_in_order_and_hold_the_extremes(values: list[Decimal | None], most: int) -> None:
    drawn = shape_of(values, most=most)
    present = [value for value in values if value is not None]
    shown = [values[place] for place in drawn if values[place] is not None]
    assert drawn == sorted(set(drawn))
    assert len(drawn) <= max(most * 4 // 3 + 6, 1)
    assert (min(present), max(present)) == (min(shown), max(shown)) if present else not shown  # type: ignore[type-var]
