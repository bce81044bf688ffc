from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from metrics.charts import ChartSeries, ChartSpec
from metrics.charts.spec import Width
from metrics.charts.stacked import partial_periods, parts_of
from tests.metrics.charts.builders import SVG, chart, classed, drawn, point, series, texts
from tests.metrics.charts.places import corners

PARTS = (
    series("证券", point("2017", "30"), point("2018", "40", text="四十")),
    series("基金", point("2017", "10"), point("2018", "60", text="六十")),
)


def heights(root: ET.Element) -> list[tuple[float, float]]:
    """Lower and upper edge of each part."""
    found = []
    for mark in classed(root, "mark"):
        ys = [y for _, y in corners(mark)]
        found.append((max(ys), min(ys)))
    return found


def test_parts_stand_on_each_other() -> None:
    parts = parts_of(chart("stacked", *PARTS))
    assert [(part.start, part.end) for part in parts] == [(0, 30), (0, 40), (30, 40), (40, 100)]
    first, last, upper, top = heights(drawn(chart("stacked", *PARTS)))
    # The axis runs from 0 to 100 over 260 units that end at 284.
    assert first == (284, 206)
    assert last == (284, 180)
    assert upper == (206, 180)
    assert top == (180, 24)


def test_negative_parts_hang_below_zero() -> None:
    parts = parts_of(
        chart(
            "stacked",
            series("a", point("2018", "-30")),
            series("b", point("2018", "50")),
            series("c", point("2018", "-20")),
        )
    )
    assert [(part.start, part.end) for part in parts] == [(0, -30), (0, 50), (-30, -50)]


def test_last_column_is_named_beside_its_parts_on_a_desk() -> None:
    root = drawn(chart("stacked", *PARTS))
    assert not root.findall(f"{SVG}rect")  # no legend
    named = {item.text: float(item.get("y", "")) for item in root.iter(f"{SVG}text")}
    assert named["基金"] < named["六十"] < named["证券"] < named["四十"]
    assert texts(root).count("六十") == 1


def test_phone_has_a_legend_instead() -> None:
    root = drawn(chart("stacked", *PARTS, width="narrow"))
    assert len(root.findall(f"{SVG}rect")) == 2


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "不全"), ("en", "partial")])
def test_column_that_lacks_a_part_says_so(language: str, word: str) -> None:
    lacking = series("支付", point("2018", None, text="未公布"))
    spec = chart("stacked", *PARTS, lacking, language=language)
    assert partial_periods(spec) == {"2017", "2018"}
    root = drawn(spec)
    assert texts(root).count(word) == 2
    assert len(classed(root, "mark")) == 4
    assert "未公布" in classed(root, "point")[-1].get("data-label", "")


def test_whole_column_says_nothing() -> None:
    assert partial_periods(chart("stacked", *PARTS)) == set()


def test_tentative_part_is_hatched_and_its_value_stands_on_paper() -> None:
    part = series("a", point("2017", "50", kind="implied"), point("2018", "60"))
    root = drawn(chart("stacked", part, width="narrow"))
    assert classed(root, "mark")[0].get("fill") == "url(#c-hatch-1)"
    assert len(classed(root, "paper")) == 1


def test_qualifier_and_bounds_are_marked_at_the_end_of_the_part() -> None:
    over = point("2017", "50", qualifier="over")
    wide = point("2018", "50", bounds=("40", "60"))
    root = drawn(chart("stacked", series("a", point("2017", "30"), point("2018", "30")),
                       series("b", over, wide)))  # fmt: skip
    assert len(classed(root, "open")) == 1
    bound = corners(classed(root, "bound")[0])
    # On 30, the bounds of 40 and 60 stand at 70 and 90 of an axis to 80, whose end holds them.
    assert bound[0][1] == pytest.approx(284 - 260 * 70 / 80, abs=0.1)
    assert bound[1][1] == pytest.approx(24, abs=0.1)


def test_order_of_series_is_the_order_from_the_axis() -> None:
    parts = parts_of(chart("stacked", *reversed(PARTS)))
    assert parts[0].end == Decimal(10)
    assert parts[2].start == Decimal(10)


def totalled(*members: ChartSeries, total: str, width: Width = "wide") -> ChartSpec:
    """A stack whose periods all come to the same text."""
    periods = sorted({one.period for member in members for one in member.points})
    totals = tuple(point(period, "100", text=total, label=f"{period}年") for period in periods)
    return replace(chart("stacked", *members, width=width), totals=totals)


def test_total_stands_above_each_column_and_is_read() -> None:
    root = drawn(totalled(*PARTS, total="共一百"))
    above = classed(root, "total")
    assert [item.text for item in above] == ["共一百", "共一百"]
    tops = [min(ys) for ys in ([y for _, y in corners(m)] for m in classed(root, "mark"))]
    assert float(above[1].get("y", "")) == min(tops) - 8
    said = [item.get("data-label") for item in classed(root, "point")]
    assert said[-2:] == ["合计 · 2017年：共一百", "合计 · 2018年：共一百"]


def test_totals_that_have_no_room_are_left_to_the_table() -> None:
    years = [point(str(year), "5") for year in range(2000, 2012)]
    spec = totalled(
        series("a", *years), series("b", *years), total="超过一亿五千万", width="narrow"
    )
    assert classed(drawn(spec), "total") == []


def test_column_without_a_part_or_with_one_below_zero_has_no_total_above() -> None:
    lacking = (series("a", point("2017", "3"), point("2018", "3")), series("b", point("2018", "4")))
    assert len(classed(drawn(totalled(*lacking, total="7")), "total")) == 1
    hanging = (series("a", point("2018", "9")), series("b", point("2018", "-4")))
    assert classed(drawn(totalled(*hanging, total="5")), "total") == []


def test_total_stands_clear_of_the_bounds_of_the_highest_part() -> None:
    members = (
        series("a", point("2018", "40")),
        series("b", point("2018", "40", bounds=("20", "60"))),
    )
    root = drawn(totalled(*members, total="80"))
    (total,) = classed(root, "total")
    ends = [y for path in classed(root, "bound") for _, y in corners(path)]
    assert float(total.get("y", "")) < min(ends)
