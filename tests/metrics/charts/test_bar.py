import pytest

from tests.metrics.charts.builders import SVG, chart, classed, drawn, point, series, texts

NPL = chart(
    "bar",
    series("微众银行", point("2017", "0.64", text="0.64%")),
    series("银行业平均", point("2017", "1.74", text="1.74%")),
    unit_text="%",
)


def test_series_of_one_moment_are_rows_with_names_and_values() -> None:
    shown = texts(drawn(NPL))
    assert {"微众银行", "银行业平均", "0.64%", "1.74%"} <= set(shown)
    assert [item.get("class") for item in classed(drawn(NPL), "point")] == [
        "point series-1",
        "point series-2",
    ]


def test_bar_lengths_are_in_the_ratio_of_their_values() -> None:
    lengths = []
    for mark in classed(drawn(NPL), "mark"):
        start, end = mark.get("d", "")[1:].split(" ")[0], mark.get("d", "").split("H")[1]
        lengths.append(float(end.split("v")[0]) - float(start))
    assert lengths[0] / lengths[1] == pytest.approx(0.64 / 1.74, rel=0.01)


def test_reading_names_series_period_and_value() -> None:
    assert classed(drawn(NPL), "point")[0].get("data-label") == "微众银行 · 2017：0.64%"


def test_one_series_gives_a_row_per_period_in_order() -> None:
    spec = chart(
        "bar", series("用户", point("2018", "2", text="二"), point("2016", "1", text="一"))
    )
    assert [item.get("data-label") for item in classed(drawn(spec), "point")] == [
        "用户 · 2016：一",
        "用户 · 2018：二",
    ]


def test_long_ranking_has_one_colour() -> None:
    spec = chart("bar", *(series(f"机构{index}", point("2018", "5")) for index in range(6)))
    assert len(classed(drawn(spec), "series-1")) == 6


def test_missing_value_prints_its_reason_and_no_bar() -> None:
    spec = chart("bar", series("用户", point("2017", "3"), point("2018", None, text="未公布")))
    root = drawn(spec)
    assert "未公布" in texts(root)
    assert len(classed(root, "mark")) == 1


def test_implied_value_is_hatched() -> None:
    spec = chart("bar", series("用户", point("2016", "3", kind="implied"), point("2017", "6")))
    root = drawn(spec)
    fills = [mark.get("fill") for mark in classed(root, "mark")]
    assert fills == ["url(#c-hatch-1)", "currentColor"]
    assert [item.get("id") for item in root.iter(f"{SVG}pattern")] == ["c-hatch-1"]


def test_negative_value_lies_left_of_the_axis_with_its_label_outside() -> None:
    spec = chart("bar", series("利润", point("2016", "-350", text="−350"), point("2017", "120")))
    root = drawn(spec)
    label = next(item for item in root.iter(f"{SVG}text") if item.text == "−350")
    zero = float(classed(root, "axis")[0].get("d", "")[1:].split(" ")[0])
    assert label.get("text-anchor") == "end"
    assert float(label.get("x", "")) < zero


def test_long_names_stand_above_their_bars_on_a_phone() -> None:
    name = "零售业务通过代理人渠道新增"
    members = series(name, point("2018", "36")), series("信用卡", point("2018", "34"))
    root = drawn(chart("bar", *members, width="narrow"))
    assert not classed(root, "grid")
    assert name in texts(root)


def test_english_axis_names_its_scale_on_the_last_tick_shown() -> None:
    spec = chart("bar", series("Lufax", point("2018", "39400000000")), language="en")
    assert any(text.endswith(" billion") for text in texts(drawn(spec)))


def test_values_that_leave_no_room_for_bars_stand_beside_the_names() -> None:
    long = "超过一万二千三百四十五万"
    spec = chart(
        "bar",
        series("盈利的公司", point("2018", "50", text=long)),
        series("亏损的公司", point("2018", "-50", text=long)),
        width="narrow",
    )
    root = drawn(spec)
    values = [item for item in root.iter(f"{SVG}text") if item.text == long]
    assert [item.get("text-anchor") for item in values] == ["end", "end"]
    assert {item.get("x") for item in values} == {"340"}


def test_change_of_definition_is_marked_between_rows() -> None:
    rows = series("用户", point("2016", "5"), point("2017", "6", is_break=True))
    mark = classed(drawn(chart("bar", rows)), "break")
    assert len(mark) == 1
    assert "H" in mark[0].get("d", "")
