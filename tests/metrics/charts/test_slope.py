from itertools import pairwise
from xml.etree import ElementTree as ET

from metrics.charts import ChartSeries
from tests.metrics.charts.builders import SVG, chart, classed, drawn, point, series, texts
from tests.metrics.charts.places import boxes, corners


def pair(name: str, before: str, after: str) -> ChartSeries:
    return series(name, point("2016", before), point("2018", after))


def line_ends(root: ET.Element) -> list[list[tuple[float, float]]]:
    groups = classed(root, "line")
    return [corners(path) for group in groups for path in group.findall(f"{SVG}path")[:1]]


def test_line_leads_from_the_first_period_to_the_second() -> None:
    root = drawn(chart("slope", pair("a", "0", "50"), pair("b", "100", "0")))
    # The values stand between 60 and 300: 0 lowest, 100 highest.
    (left, first), (right, last) = line_ends(root)[0]
    assert (first, last) == (300, 180)
    assert [y for _, y in line_ends(root)[1]] == [60, 300]
    assert root.get("data-x") == f"{left:g}"
    assert right > left


def test_both_ends_are_printed_and_the_second_is_named() -> None:
    root = drawn(
        chart("slope", series("甲", point("2016", "3", text="三"), point("2018", "5", text="五")))
    )
    assert {"2016", "2018", "三", "五", "甲"} <= set(texts(root))
    assert texts(root).count("甲") == 1


def test_value_without_another_is_a_mark_with_a_name() -> None:
    alone = series("乙", point("2016", "3", text="三"), point("2018", None))
    root = drawn(chart("slope", pair("a", "1", "2"), alone))
    assert len(line_ends(root)) == 1
    assert {"乙", "三"} <= set(texts(root))


def test_tentative_end_is_dashed_and_a_change_of_definition_parts() -> None:
    implied = series("a", point("2016", "3", kind="implied"), point("2018", "4"))
    new = series("b", point("2016", "3"), point("2018", "4", is_break=True))
    root = drawn(chart("slope", implied, new))
    dashed = [path for path in root.iter(f"{SVG}path") if path.get("stroke-dasharray") == "3 4"]
    assert len(dashed) == 1
    assert len(classed(root, "break")) == 1
    assert classed(root, "line")[1].find(f"{SVG}path[@stroke-width='2']") is None


def test_labels_that_move_are_led_to_their_values() -> None:
    root = drawn(
        chart("slope", *(pair(f"s{n}", "10", f"10.{n}") for n in range(8)), pair("t", "99", "99"))
    )
    assert len(classed(root, "leader")) > 4
    rows = sorted(box.top for box in boxes(root) if box.text == "10")
    assert all(below - above >= 10 for above, below in pairwise(rows))


def test_values_too_long_for_a_phone_are_drawn_as_bars() -> None:
    long = "超过一万二千三百四十五万人次"
    spec = chart(
        "slope",
        series("a", point("2016", "3", text=long), point("2018", "4", text=long)),
        width="narrow",
    )
    assert len(classed(drawn(spec), "mark")) == 2
