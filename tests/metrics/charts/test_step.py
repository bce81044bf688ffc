from xml.etree import ElementTree as ET

import pytest

from metrics.charts.time import spans
from tests.metrics.charts.builders import SVG, chart, classed, drawn, point, series
from tests.metrics.charts.places import corners


def lines(root: ET.Element) -> list[ET.Element]:
    group = classed(root, "line")[0]
    return [item for item in group.findall(f"{SVG}path") if item.get("fill") == "none"]


def test_value_holds_from_the_start_of_its_period_to_the_start_of_the_next() -> None:
    root = drawn(chart("step", series("a", point("2016", "10"), point("2017", "20"))))
    level, rise, last = lines(root)[0].get("d", "").split("M")[1:]
    (x0, y0), x1 = map(float, level.split("H")[0].split()), float(level.split("H")[1])
    assert rise == f"{x1:g} {y0:g}V{last.split('H')[0].split()[1]}"
    x2 = float(last.split("H")[1])
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.11)  # years are equally long
    # The axis runs from 10 to 20 over 280 units that end at 306.
    assert (y0, float(last.split("H")[0].split()[1])) == (306, 26)


def test_mark_stands_in_the_middle_of_its_period() -> None:
    root = drawn(chart("step", series("a", point("2016", "10"), point("2017", "20"))))
    first = classed(root, "line")[0].find(f"{SVG}circle")
    assert first is not None
    start, _, turn = (x for x, _ in corners(lines(root)[0])[:3])
    assert float(first.get("cx", "")) == pytest.approx((start + turn) / 2, abs=0.11)
    assert root.get("data-x") == first.get("cx")


def test_missing_value_and_a_change_of_definition_part_the_steps() -> None:
    gap = series("a", point("2015", "1"), point("2016", None), point("2017", "2"))
    assert lines(drawn(chart("step", gap)))[0].get("d", "").count("V") == 0
    new = series("a", point("2015", "1"), point("2016", "2", is_break=True))
    root = drawn(chart("step", new))
    assert lines(root)[0].get("d", "").count("V") == 0
    marks = corners(classed(root, "break")[0])
    assert marks[0][0] == corners(lines(root)[0])[2][0]  # where the second level begins


def test_implied_level_is_dashed_and_so_is_the_step_from_it() -> None:
    spec = chart("step", series("a", point("2016", "1", kind="implied"), point("2017", "2")))
    solid, dashed = sorted(lines(drawn(spec)), key=lambda one: one.get("stroke-dasharray", ""))
    assert (solid.get("d", "").count("H"), solid.get("d", "").count("V")) == (1, 0)
    assert (dashed.get("d", "").count("H"), dashed.get("d", "").count("V")) == (1, 1)


def test_spans_go_by_count_by_days_or_evenly() -> None:
    assert spans(["2017", "2016"]) == {"2016": (2016, 2017), "2017": (2017, 2018)}
    mixed = spans(["2016", "2017-Q1"])
    assert mixed["2016"][1] - mixed["2016"][0] == 366
    assert mixed["2017-Q1"][1] - mixed["2017-Q1"][0] == 90
    assert mixed["2016"][1] == mixed["2017-Q1"][0]
    assert spans(["undated", "2016"]) == {"2016": (0, 1), "undated": (1, 2)}
    assert sorted(spans(["2018", "2018-Q1"]).values()) == [(0, 1), (1, 2)]
