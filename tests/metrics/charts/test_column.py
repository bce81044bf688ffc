from tests.metrics.charts.builders import SVG, chart, classed, drawn, point, series, texts

USERS = (
    series(
        "网民", point("2017", "772000000", text="7.72亿"), point("2018", "829000000", text="8.29亿")
    ),
    series(
        "手机", point("2017", "753000000", text="7.53亿"), point("2018", "817000000", text="8.17亿")
    ),
)


def test_columns_stand_in_groups_with_a_legend_and_values() -> None:
    root = drawn(chart("column", *USERS))
    assert len(classed(root, "point")) == 4
    assert {"网民", "手机", "2017", "2018", "8.29亿", "7.53亿"} <= set(texts(root))


def test_single_series_has_no_legend() -> None:
    assert "网民" not in texts(drawn(chart("column", USERS[0])))


def test_crowded_values_are_left_to_the_axis() -> None:
    points = [point(str(year), "5", text="超过5,000万人") for year in range(1990, 2019)]
    root = drawn(chart("column", series("用户", *points)))
    assert "超过5,000万人" not in texts(root)
    assert len(classed(root, "point")) == 29


def test_few_columns_without_room_are_turned_on_a_phone() -> None:
    points = [point(str(year), "5", text="超过5,000万人") for year in range(2012, 2019)]
    narrow = drawn(chart("column", series("用户", *points), width="narrow"))
    assert texts(narrow).count("超过5,000万人") == 7


def test_columns_of_one_moment_become_bars() -> None:
    spec = chart("column", series("甲", point("2018", "1")), series("乙", point("2018", "2")))
    assert "H" in classed(drawn(spec), "mark")[0].get("d", "")


def test_negative_column_hangs_below_the_axis() -> None:
    spec = chart("column", series("利润", point("2016", "-50"), point("2017", "100")))
    root = drawn(spec)
    zero = float(classed(root, "axis")[0].get("d", "").split(" ")[1].split("H")[0])
    bottom = float(classed(root, "mark")[0].get("d", "").split("V")[1].split("h")[0])
    assert bottom > zero


def test_missing_column_is_a_dash() -> None:
    spec = chart("column", series("利润", point("2016", "50"), point("2017", None)))
    root = drawn(spec)
    assert "—" in texts(root)
    assert len(classed(root, "mark")) == 1


def test_forecast_column_is_hatched() -> None:
    spec = chart("column", series("利润", point("2016", "5"), point("2017", "6", kind="forecast")))
    assert classed(drawn(spec), "mark")[1].get("fill") == "url(#c-hatch-1)"


def test_change_of_definition_is_marked_between_columns() -> None:
    points = [point(str(year), "5", is_break=year == 2016) for year in (2015, 2016, 2017)]
    root = drawn(chart("column", series("用户", *points)))
    assert len(classed(root, "break")) == 1


def test_value_below_zero_stands_above_the_periods() -> None:
    root = drawn(chart("column", series("利润", point("2017", "50"), point("2018", "-50"))))
    heights = {item.text: float(item.get("y", "")) for item in root.iter(f"{SVG}text")}
    assert heights["2018"] - heights["-50"] >= 14


def test_high_first_column_leaves_the_unit_its_place() -> None:
    later = [point(str(year), "2") for year in range(2010, 2018)]
    users = series("用户", point("2009", "1500", text="1,500"), *later)
    root = drawn(chart("column", users, unit_text="registered persons", language="en"))
    heights = {
        item.text: float(item.get("y", ""))
        for item in root.iter(f"{SVG}text")
        if item.get("text-anchor") != "end"
    }
    assert heights["1,500"] > heights["2,000 registered persons"] + 14
