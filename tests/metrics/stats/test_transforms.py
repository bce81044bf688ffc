from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import Figure
from metrics.stats.natures import NATURES, Nature
from metrics.stats.periods import Frequency, Period
from metrics.stats.transforms import (
    OUTPUT_UNIT_KINDS,
    WITH_BOUNDS,
    Transform,
    TransformError,
    apply,
    output_qualifier,
    output_unit_kind,
)
from metrics.stats.wording import Qualifier

ANNUAL, QUARTER, MONTH = Frequency.ANNUAL, Frequency.QUARTER, Frequency.MONTH
NEAR = Decimal("1e-9")


def series(text: str) -> dict[Period, Figure]:
    """Read ``2017=110 2018=-`` (a dash: reported as missing)."""
    pairs = (item.split("=") for item in text.split())
    return {
        Period.parse(code): Figure.missing("not_reported")
        if value == "-"
        else Figure.stated(Decimal(value))
        for code, value in pairs
    }


def told(result: Mapping[Period, Figure]) -> list[str]:
    """Tell each result to six decimals, or its null reason."""
    return [
        f.null_reason if f.value is None else format(f.value.quantize(Decimal("0.000001")), "f")
        for f in result.values()
    ]


@pytest.mark.parametrize(
    ("code", "frequency", "values", "expected"),
    [
        ("lin", ANNUAL, "2017=110 2018=-", ["110.000000", "not_reported"]),
        ("chg", ANNUAL, "2017=110 2018=121", ["insufficient_history", "11.000000"]),
        ("chg", ANNUAL, "2016=1 2018=2", ["insufficient_history", "insufficient_history"]),
        ("chg", ANNUAL, "2017=- 2018=2", ["insufficient_history", "input_missing"]),
        ("chg", ANNUAL, "2017=2 2018=-", ["insufficient_history", "input_missing"]),
        ("chg", QUARTER, "2017-Q4=5 2018-Q1=4", ["insufficient_history", "-1.000000"]),
        ("ch1", MONTH, "2017-12=5 2018-12=8", ["insufficient_history", "3.000000"]),
        ("pch", ANNUAL, "2017=110 2018=121", ["insufficient_history", "10.000000"]),
        ("pch", ANNUAL, "2017=0 2018=1", ["insufficient_history", "base_zero"]),
        ("pch", ANNUAL, "2017=-1 2018=1", ["insufficient_history", "sign_change"]),
        ("pch", ANNUAL, "2017=4 2018=0", ["insufficient_history", "-100.000000"]),
        (
            "pc1",
            QUARTER,
            "2017-Q4=100 2018-Q3=1 2018-Q4=125",
            ["insufficient_history", "insufficient_history", "25.000000"],
        ),
        ("pca", ANNUAL, "2017=110 2018=121", ["insufficient_history", "10.000000"]),
        ("pca", QUARTER, "2018-Q3=100 2018-Q4=101", ["insufficient_history", "4.060401"]),
        ("pca", MONTH, "2018-11=100 2018-12=101", ["insufficient_history", "12.682503"]),
        ("pca", ANNUAL, "2017=4 2018=0", ["insufficient_history", "-100.000000"]),
        ("pca", ANNUAL, "2017=-4 2018=1", ["insufficient_history", "sign_change"]),
        ("pca", ANNUAL, "2017=0 2018=1", ["insufficient_history", "base_zero"]),
        ("cch", ANNUAL, "2017=100 2018=101", ["insufficient_history", "0.995033"]),
        ("cch", ANNUAL, "2017=-2 2018=-1", ["insufficient_history", "not_determinable"]),
        ("cch", ANNUAL, "2017=2 2018=0", ["insufficient_history", "not_determinable"]),
        ("cca", QUARTER, "2018-Q3=100 2018-Q4=101", ["insufficient_history", "3.980132"]),
        ("log", ANNUAL, "2015=1 2016=100 2017=0 2018=-", None),
        ("chg", ANNUAL, "2007/2018=9 undated=1", ["insufficient_history"] * 2),
    ],
)
def test_transform_gives_hand_computed_values_and_reasons(
    code: str, frequency: Frequency, values: str, expected: list[str] | None
) -> None:
    result = apply(code, series(values), frequency=frequency, nature=Nature.FLOW)
    assert told(result) == (
        expected or ["0.000000", "4.605170", "not_determinable", "input_missing"]
    )


def test_index_sets_the_base_period_to_a_hundred() -> None:
    values = series("2016=50 2017=60 2018=-")
    result = apply("idx", values, frequency=ANNUAL, nature="stock", index_base=Period.parse("2016"))
    assert told(result) == ["100.000000", "120.000000", "input_missing"]


@pytest.mark.parametrize(
    ("base", "reason"),
    [("2014", "insufficient_history"), ("2015", "base_zero"), ("2013", "input_missing")],
)
def test_index_on_an_impossible_base_tells_the_reason(base: str, reason: str) -> None:
    values = series("2013=- 2015=0 2016=50")
    result = apply("idx", values, frequency=ANNUAL, nature="stock", index_base=Period.parse(base))
    assert told(result)[-1] == reason


def test_rolling_mean_needs_every_period_of_its_window() -> None:
    values = series("2013=1 2014=2 2015=6 2017=9 2018=- 2019=3")
    result = apply("rm", values, frequency=ANNUAL, nature="stock", window=2)
    assert told(result) == [
        "insufficient_history",
        "1.500000",
        "4.000000",
        "insufficient_history",
        "input_missing",
        "input_missing",
    ]


def test_compound_growth_counts_years_across_gaps() -> None:
    values = series("2015=- 2016=100 2018=121 2020=146.41")
    expected = ["insufficient_history", "insufficient_history", "10.000000", "10.000000"]
    result = apply("cagr", values, frequency=ANNUAL, nature="stock")
    assert told(result) == expected
    later = apply("cagr", values, frequency=ANNUAL, nature="stock", span_start=Period.parse("2018"))
    assert told(later) == [*["insufficient_history"] * 3, "10.000000"]


def test_compound_growth_of_quarters_is_annual() -> None:
    values = series("2017-Q4=100 2018-Q2=110 2018-Q4=121")
    result = apply("cagr", values, frequency=QUARTER, nature="flow")
    assert told(result) == ["insufficient_history", "21.000000", "21.000000"]


def test_compound_growth_from_an_absent_start_has_no_history() -> None:
    assert (
        told(
            apply(
                "cagr",
                series("2017=1 2018=2"),
                frequency=ANNUAL,
                nature="flow",
                span_start=Period.parse("2010"),
            )
        )
        == ["insufficient_history"] * 2
    )


@pytest.mark.parametrize("nature", Nature)
@pytest.mark.parametrize("code", Transform)
def test_nature_allows_its_transforms_and_names_them_when_it_refuses(
    nature: Nature, code: Transform
) -> None:
    arguments = {"index_base": Period.parse("2017"), "window": 1}
    values = series("2017=110 2018=121")
    allowed = NATURES[nature].transforms
    if code in allowed:
        assert list(apply(code, values, frequency=ANNUAL, nature=nature, **arguments)) == list(
            values
        )
        return
    with pytest.raises(TransformError, match=f"nature {nature}: expected {', '.join(allowed)}"):
        apply(code, values, frequency=ANNUAL, nature=nature, **arguments)


def test_ratio_refuses_percent_change() -> None:
    with pytest.raises(TransformError, match="expected lin, chg, ch1, rm"):
        apply("pch", {}, frequency=ANNUAL, nature="ratio")


@pytest.mark.parametrize(
    ("code", "arguments", "message"),
    [
        ("yoy", {}, "is unknown: expected lin"),
        ("idx", {}, "expected index_base, a period of frequency A"),
        ("idx", {"index_base": Period.parse("2018-12")}, "expected index_base"),
        ("rm", {}, "expected window"),
        ("rm", {"window": 0}, "expected window"),
    ],
)
def test_wrong_request_says_what_is_expected(
    code: str, arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(TransformError, match=message):
        apply(code, series("2018=1"), frequency=ANNUAL, nature="stock", **arguments)


@pytest.mark.parametrize(
    ("code", "kind", "expected"),
    [
        ("lin", "count", "count"),
        ("chg", "currency", "currency"),
        ("chg", "percent", "points"),
        ("ch1", "growth", "points"),
        ("pch", "count", "growth"),
        ("cagr", "count", "growth"),
        ("idx", "currency", "index"),
        ("rm", "percent", "percent"),
    ],
)
def test_transform_sets_the_unit_kind(code: str, kind: str, expected: str) -> None:
    assert output_unit_kind(code, kind) == expected
    assert set(OUTPUT_UNIT_KINDS) == set(Transform)


@pytest.mark.parametrize(
    ("code", "figure", "expected"),
    [
        ("rm", Figure(Decimal(5)), Qualifier.EXACT),
        ("pca", Figure(Decimal(5)), Qualifier.EXACT),
        ("pc1", Figure(Decimal(5)), Qualifier.ABOUT),
        ("pc1", Figure(Decimal(5), Decimal(5)), Qualifier.OVER),
    ],
)
def test_output_without_bounds_of_its_own_is_not_about(
    code: str, figure: Figure, expected: Qualifier
) -> None:
    assert output_qualifier(code, figure) is expected


@pytest.mark.parametrize("code", Transform)
def test_only_level_and_change_transforms_give_bounds(code: Transform) -> None:
    values = {
        Period.parse(str(year)): Figure.stated(Decimal(100 + year % 7), Decimal(1))
        for year in (2016, 2017, 2018)
    }
    base = Period.parse("2016")
    last = list(
        apply(code, values, frequency=ANNUAL, nature="stock", index_base=base, window=2).values()
    )[-1]
    has_bounds = last.lower is not None and last.upper is not None
    assert has_bounds is (code in WITH_BOUNDS)
    assert last.value is not None


def test_one_sided_levels_give_one_sided_growth_or_none() -> None:
    over = Figure.stated(Decimal(200), None, Qualifier.OVER)
    exact = Figure.stated(Decimal(100))
    years = [Period.parse(code) for code in ("2016", "2017", "2018")]
    values = dict(zip(years, (exact, over, over), strict=True))
    growth = list(apply("pc1", values, frequency=ANNUAL, nature="stock").values())
    assert growth[1:] == [
        Figure(Decimal(100), Decimal(100), None),
        Figure.missing("not_determinable"),
    ]
    assert told(apply("pca", values, frequency=ANNUAL, nature="stock"))[1] == "not_determinable"
    assert told(apply("log", values, frequency=ANNUAL, nature="stock"))[1] == "not_determinable"
    means = apply("rm", values, frequency=ANNUAL, nature="stock", window=1)
    assert told(means)[1] == "not_determinable"


levels = st.lists(st.decimals("0.1", 10**6, places=2), min_size=2, max_size=6)


def yearly(numbers: list[Decimal], factor: int = 1) -> dict[Period, Figure]:
    return {
        Period.parse(str(2000 + i)): Figure.stated(number * factor, Decimal("0.01"))
        for i, number in enumerate(numbers)
    }


@given(levels, st.sampled_from(["chg", "pch", "pca", "cch", "idx", "rm", "cagr"]))
def test_order_of_rows_does_not_matter(numbers: list[Decimal], code: str) -> None:
    values = yearly(numbers)
    base = Period.parse("2000")
    results = [
        apply(code, rows, frequency=ANNUAL, nature="stock", index_base=base, window=2)
        for rows in (values, dict(reversed(values.items())))
    ]
    assert results[0] == results[1]


@given(levels, st.sampled_from(["pch", "pca", "cch", "cagr"]), st.integers(1, 1000))
def test_scaling_the_levels_keeps_the_rates(numbers: list[Decimal], code: str, factor: int) -> None:
    first = apply(code, yearly(numbers), frequency=ANNUAL, nature="stock")
    second = apply(code, yearly(numbers, factor), frequency=ANNUAL, nature="stock")
    for before, after in zip(first.values(), second.values(), strict=True):
        assert before.null_reason == after.null_reason
        if before.value is not None and after.value is not None:
            assert abs(before.value - after.value) < NEAR * max(1, abs(before.value))


@given(levels, st.sampled_from(sorted(WITH_BOUNDS)))
def test_bounds_contain_the_value(numbers: list[Decimal], code: str) -> None:
    for figure in apply(code, yearly(numbers), frequency=ANNUAL, nature="stock").values():
        if figure.value is not None:
            assert figure.lower is not None
            assert figure.upper is not None
            assert figure.lower <= figure.value <= figure.upper
