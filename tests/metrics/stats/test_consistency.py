from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import Figure
from metrics.stats.consistency import Consistency, compare_stated
from metrics.stats.figures import parse_stated
from metrics.stats.rules import difference, growth, ratio, share_of_total, sum_of
from metrics.stats.wording import Qualifier

AGREES, DIFFERS, UNKNOWN = (
    Consistency.CONSISTENT,
    Consistency.INCONSISTENT,
    Consistency.UNDECIDABLE,
)


def read(text: str, unit_kind: str = "count") -> Figure:
    parsed = parse_stated(text, unit_kind=unit_kind)
    return Figure.stated(parsed.value, parsed.resolution, parsed.qualifier)


# Segment revenues of the report; the stated shares are rounded to whole percents.
SEGMENTS = ("18.13亿", "10.65亿", "1.60亿", "0.71亿")


@pytest.mark.parametrize(
    ("stated", "part", "total", "verdict"),
    [
        ("98.6%", "8.17亿", "8.29亿", AGREES),  # 98.43 to 98.67
        ("18.3%", "1.51亿", "8.29亿", AGREES),  # 18.14 to 18.29: touches 18.25
        ("98.3%", "8.17亿", "8.29亿", DIFFERS),
        ("18.6%", "1.51亿", "8.29亿", DIFFERS),
        ("约18.6%", "1.51亿", "8.29亿", UNKNOWN),
        ("超过18%", "1.51亿", "8.29亿", AGREES),
        ("超过19%", "1.51亿", "8.29亿", DIFFERS),
        ("不到18%", "1.51亿", "8.29亿", DIFFERS),
        ("近20%", "1.51亿", "8.29亿", AGREES),
        ("18.3%", "超过1.51亿", "8.29亿", AGREES),  # over 18.2: may be 18.3
        ("17.3%", "超过1.51亿", "8.29亿", DIFFERS),
        ("18.3%", "约1.51亿", "8.29亿", UNKNOWN),
    ],
)
def test_stated_share_is_compared_with_what_levels_imply(
    stated: str, part: str, total: str, verdict: Consistency
) -> None:
    implied = share_of_total(read(part), read(total))
    assert compare_stated(read(stated, "percent"), implied).verdict is verdict


@pytest.mark.parametrize(
    ("part", "stated"), list(zip(SEGMENTS, ("58%", "34%", "5%", "2%"), strict=True))
)
def test_segment_shares_of_the_report_agree_with_its_revenues(part: str, stated: str) -> None:
    total = sum_of([read(segment, "currency") for segment in SEGMENTS])
    implied = share_of_total(read(part, "currency"), total)
    assert compare_stated(read(stated, "percent"), implied).verdict is AGREES


@pytest.mark.parametrize(
    ("stated", "current", "prior", "verdict"),
    [
        ("17.5%", "1.51亿", "1.285亿", AGREES),
        ("10%", "1.51亿", "1.285亿", DIFFERS),
        ("1.2倍", "超过3,400万", "1,545万", AGREES),
        ("1.2倍", "超过6,000万", "1,545万", DIFFERS),
        ("1.2倍", "3,400万", "超过1,545万", AGREES),
        ("1.2倍", "超过3,400万", "超过1,545万", UNKNOWN),  # no growth of two lower bounds
    ],
)
def test_stated_growth_is_compared_with_the_growth_of_levels(
    stated: str, current: str, prior: str, verdict: Consistency
) -> None:
    implied = growth(read(current), read(prior))
    assert compare_stated(read(stated, "growth"), implied).verdict is verdict


def test_stated_points_are_compared_with_the_difference_of_ratios() -> None:
    implied = difference(read("34.6%", "percent"), read("28.5%", "percent"))
    assert compare_stated(read("6.1ppts", "points"), implied).verdict is AGREES
    assert compare_stated(read("7.1ppts", "points"), implied).verdict is DIFFERS


def test_verdict_tells_interval_gap_and_difference() -> None:
    implied = share_of_total(Figure.stated(Decimal(20), Decimal(2)), Figure.stated(Decimal(100)))
    above = compare_stated(read("23.5%", "percent"), implied)
    assert (above.lower, above.upper) == (19, 21)
    assert (above.gap, above.difference) == (Decimal("2.45"), Decimal("3.5"))
    below = compare_stated(read("18.5%", "percent"), implied)
    assert (below.gap, below.difference) == (Decimal("-0.45"), Decimal("-1.5"))
    assert compare_stated(read("20.5%", "percent"), implied).gap == 0


def test_touching_intervals_are_consistent() -> None:
    stated = Figure.stated(Decimal(10), Decimal(2))
    assert compare_stated(stated, Figure.stated(Decimal(12), Decimal(2))).verdict is AGREES
    assert compare_stated(stated, Figure.stated(Decimal("12.01"), Decimal(2))).verdict is DIFFERS


@pytest.mark.parametrize("reason", ["input_missing", "not_determinable", "base_zero"])
def test_missing_side_is_undecidable_without_a_difference(reason: str) -> None:
    known, missing = Figure.stated(Decimal(1)), Figure.missing(reason)
    for pair in ((known, missing), (missing, known)):
        verdict = compare_stated(*pair)
        assert (verdict.verdict, verdict.gap, verdict.difference) == (UNKNOWN, None, None)


def test_two_lower_bounds_never_contradict_each_other() -> None:
    lower = Figure.stated(Decimal(5), None, Qualifier.OVER)
    higher = Figure.stated(Decimal(9), None, Qualifier.OVER)
    assert compare_stated(lower, higher).verdict is AGREES
    assert compare_stated(higher, Figure.stated(Decimal(5), None, Qualifier.UNDER)).gap == 4


levels = st.decimals("0.01", 10**6, places=2)


@given(levels, levels, st.integers(0, 3))
def test_truthfully_rounded_figures_always_agree(
    part: Decimal, total: Decimal, places: int
) -> None:
    """Whatever the true levels, a share rounded from them agrees with levels rounded from them."""
    unit = Decimal(1).scaleb(-places)
    share = ratio(Figure.stated(part), Figure.stated(total)).value
    assert share is not None
    stated = Figure.stated((share * 100).quantize(unit), unit)
    tenth = Decimal("0.1")
    rounded = [Figure.stated(level.quantize(tenth), tenth) for level in (part, total)]
    assert compare_stated(stated, share_of_total(*rounded)).verdict is not DIFFERS


@given(st.lists(levels, min_size=4, max_size=4))
def test_gap_changes_its_sign_when_the_sides_are_exchanged(numbers: list[Decimal]) -> None:
    a, b = Figure.stated(numbers[0], numbers[1]), Figure.stated(numbers[2], numbers[3])
    one, other = compare_stated(a, b), compare_stated(b, a)
    assert one.verdict is other.verdict
    assert one.gap is not None
    assert other.gap is not None
    assert one.gap == -other.gap
