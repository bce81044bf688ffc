import pytest

from tests.metrics.charts.builders import SVG, chart, classed, drawn, point, series, texts
from tests.metrics.charts.places import corners


def test_marks_stand_at_their_values() -> None:
    spec = chart("dots", *(series(f"s{v}", point("2018", v)) for v in ("0", "50", "100")))
    xs = [float(mark[0].get("cx", "")) for mark in classed(drawn(spec), "mark")]
    assert xs[1] == pytest.approx((xs[0] + xs[2]) / 2, abs=0.1)


def test_bounds_are_a_bar_from_lower_to_upper() -> None:
    wide = point("2018", "50", bounds=("20", "100"))
    root = drawn(chart("dots", series("a", point("2018", "0")), series("b", wide)))
    zero = float(classed(root, "mark")[0][0].get("cx", ""))
    (start, y), (end, _) = corners(classed(root, "span")[0])
    assert (end - zero) == pytest.approx((start - zero) * 5, abs=0.6)
    assert y == float(classed(root, "mark")[1][0].get("cy", ""))


@pytest.mark.parametrize(
    ("bounds", "qualifier", "is_right"),
    [(("50", None), "over", True), ((None, "50"), "under", False)],
)
def test_open_bound_runs_to_the_edge_with_an_arrow(
    bounds: tuple[str | None, str | None], qualifier: str, is_right: bool
) -> None:
    one_sided = point("2018", "50", qualifier=qualifier, bounds=bounds)
    others = (series("a", point("2018", "0")), series("c", point("2018", "100")))
    root = drawn(chart("dots", *others, series("b", one_sided)))
    (start, _), (end, _) = corners(classed(root, "span")[0])
    low, high = (float(classed(root, "mark")[n][0].get("cx", "")) for n in (0, 1))
    assert (end == high + 8) if is_right else (start == low - 8)
    group = classed(root, "point")[-1]
    assert len(group.findall(f"{SVG}path")) == 2
    assert [item.get("class") for item in group.iter() if item.get("class") == "open"] == ["open"]


def test_narrow_bounds_are_left_to_the_mark() -> None:
    exact = point("2018", "50", bounds=("49.99", "50.01"))
    root = drawn(chart("dots", series("a", point("2018", "0")), series("b", exact)))
    assert classed(root, "span") == []


def test_values_stand_in_a_column_of_their_own() -> None:
    spec = chart(
        "dots",
        series("甲", point("2018", "5", text="五")),
        series("乙", point("2018", None, text="未公布")),
    )
    root = drawn(spec)
    assert {"甲", "乙", "五", "未公布"} <= set(texts(root))
    xs = {item.get("x") for item in root.iter(f"{SVG}text") if item.text in ("五", "未公布")}
    assert len(xs) == 1


def test_reading_says_that_a_value_is_forecast() -> None:
    spec = chart("dots", series("甲", point("2020", "5", kind="forecast")), language="en")
    assert classed(drawn(spec), "point")[0].get("data-label") == "甲, 2020: 5 (forecast)"
