from itertools import pairwise
from xml.etree import ElementTree as ET

from metrics.charts import render_chart
from tests.metrics.charts.builders import SVG, chart, classed, drawn, monthly, point, series, texts


def paths(group: ET.Element) -> list[str]:
    found = group.findall(f"{SVG}path")
    return [item.get("d", "") for item in found if item.get("fill") == "none"]


def test_three_lines_of_sixty_points_weigh_at_most_5_kb() -> None:
    spec = chart("line", monthly("微众银行", 1), monthly("平安普惠", 2), monthly("行业", 3))
    assert len(render_chart(spec).encode()) <= 5 * 1024


def test_null_value_leaves_a_gap() -> None:
    spec = chart(
        "line",
        series("a", *(point(str(y), None if y == 2015 else "5") for y in range(2012, 2019))),
    )
    line = classed(drawn(spec), "line")[0]
    assert paths(line)[0].count("M") == 2


def test_period_a_series_does_not_have_is_bridged() -> None:
    spec = chart(
        "line",
        series("a", point("2010", "1"), point("2014", "2")),
        series("b", *(point(str(y), "3") for y in range(2010, 2015))),
    )
    assert paths(classed(drawn(spec), "line")[0])[0].count("M") == 1


def test_change_of_definition_parts_the_line_and_is_marked() -> None:
    root = drawn(
        chart(
            "line",
            series("a", *(point(str(y), "5", is_break=y == 2015) for y in range(2012, 2019))),
        )
    )
    assert paths(classed(root, "line")[0])[0].count("M") == 2
    assert len(classed(root, "break")) == 1


def test_lines_are_named_at_their_ends_with_the_last_value() -> None:
    spec = chart(
        "line",
        series("甲", point("2017", "5", text="五"), point("2018", "6", text="六")),
        series("乙", point("2017", "7", text="七"), point("2018", "6.1", text="六点一")),
    )
    root = drawn(spec)
    assert {"甲", "乙", "六", "六点一"} <= set(texts(root))
    names = [item for item in root.iter(f"{SVG}text") if item.text in {"甲", "乙"}]
    heights = sorted(float(item.get("y", "")) for item in names)
    assert all(below - above >= 30 for above, below in pairwise(heights))


def test_lone_series_is_named_by_the_title_only() -> None:
    assert "用户" not in texts(drawn(chart("line", series("用户", point("2018", "6")))))


def test_segment_to_an_implied_value_is_dashed() -> None:
    spec = chart("line", series("a", point("2016", "1", kind="implied"), point("2017", "2")))
    dashed = [item for item in drawn(spec).iter(f"{SVG}path") if item.get("stroke-dasharray")]
    assert len(dashed) == 1


def test_relative_steps_add_up_to_the_last_point() -> None:
    spec = chart("line", monthly("a", 1))
    line = classed(drawn(spec), "line")[0]
    start, steps = paths(line)[0][1:].split("l")
    numbers = [float(text) for text in steps.replace("-", " -").split()]
    x, y = (float(text) for text in start.split())
    last = line.findall(f"{SVG}circle")[-1]
    assert round(x + sum(numbers[::2]), 1) == float(last.get("cx", ""))
    assert round(y + sum(numbers[1::2]), 1) == float(last.get("cy", ""))


def test_long_line_has_a_dot_at_its_end_and_on_qualified_values_only() -> None:
    plain = monthly("a", 1)
    over = point("2019-01", "3", qualifier="over", bounds=("3", None))
    root = drawn(chart("line", series("a", *plain.points, over)))
    assert len(classed(root, "open")) == 1
    assert not root.findall(f".//{SVG}circle")


def test_even_periods_are_given_as_first_place_and_step() -> None:
    root = drawn(chart("line", monthly("a", 1)))
    assert root.get("data-count") == "60"
    assert " " not in root.get("data-x", "")
    assert float(root.get("data-step", "")) > 0


def test_uneven_periods_are_listed() -> None:
    spec = chart("line", series("a", point("2008", "1"), point("2010", "2"), point("2018", "3")))
    root = drawn(spec)
    assert len(root.get("data-x", "").split()) == 3
    assert root.get("data-step") is None


def test_first_and_last_period_are_labelled() -> None:
    shown = texts(drawn(chart("line", monthly("a", 1), width="narrow")))
    assert {"2014年1月", "2018年12月"} <= set(shown)


def test_names_of_eight_low_lines_stand_inside_the_plot() -> None:
    lines = [series(f"s{n}", point("2017", "1"), point("2018", f"1.{n}")) for n in range(8)]
    high = series("high", point("2017", "90"), point("2018", "90", text="90"))
    for width in ("wide", "narrow"):
        root = drawn(chart("line", *lines[:7], high, width=width))
        heights = sorted(
            float(item.get("y", ""))
            for item in root.iter(f"{SVG}text")
            if not item.get("font-size")
        )
        bottom = {"wide": 306, "narrow": 256}[width]
        assert heights[0] > 0
        assert heights[-1] <= bottom + 6
        assert all(below - above >= 16 for above, below in pairwise(heights))


def test_last_value_is_never_cut() -> None:
    spec = chart(
        "line", series("用户", point("2018", "6", text="超过6,000万元人民")), width="narrow"
    )
    assert "超过6,000万元人民" in texts(drawn(spec))
