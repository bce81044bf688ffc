import pytest

from metrics.charts.spec import Width
from tests.metrics.charts.builders import SVG, chart, classed, drawn, point, series, texts


def lines(count: int) -> list:  # type: ignore[type-arg]
    return [series(f"s{n}", point("2017", "10"), point("2018", f"{20 + n}")) for n in range(count)]


@pytest.mark.parametrize(
    ("count", "width", "across"),
    [(1, "wide", 1), (2, "wide", 2), (3, "wide", 3), (4, "wide", 2), (6, "wide", 3), (8, "wide", 4),
     (1, "narrow", 1), (3, "narrow", 2), (8, "narrow", 2)],
)  # fmt: skip
def test_panels_stand_side_by_side(count: int, width: Width, across: int) -> None:
    root = drawn(chart("multiples", *lines(count), width=width))
    plots = [plot.split(",") for plot in root.get("data-plots", "").split(" ")]
    assert len(plots) == count
    assert len({plot[0] for plot in plots}) == across
    assert len({plot[1] for plot in plots}) == -(-count // across)


def test_panels_share_their_axes() -> None:
    low = series("low", point("2017", "10"), point("2018", "20"))
    high = series("high", point("2017", "50"), point("2018", "100"))
    root = drawn(chart("multiples", low, high))
    ends = [classed(root, "line")[n].findall(f"{SVG}circle")[-1] for n in (0, 1)]
    assert ends[0].get("cx") == ends[1].get("cx")  # in the room of their panels
    # The axis runs from 0 to 100 over 150 units that end at 210.
    assert [float(end.get("cy", "")) for end in ends] == [180, 60]


def test_only_the_first_panel_of_a_row_has_ticks() -> None:
    root = drawn(chart("multiples", *lines(4)))
    assert texts(root).count("0") == 2


def test_each_panel_is_named_over_its_last_value() -> None:
    root = drawn(
        chart("multiples", series("甲", point("2017", "5"), point("2018", "6", text="六")))
    )
    assert {"甲", "2018 · 六", "2017", "2018"} <= set(texts(root))


def test_panel_without_a_value_says_so() -> None:
    root = drawn(chart("multiples", *lines(1), series("x", point("2018", None))))
    assert "无数据" in texts(root)


def test_change_of_definition_is_marked_in_its_own_panel() -> None:
    broken = series("x", point("2017", "1"), point("2018", "2", is_break=True))
    root = drawn(chart("multiples", *lines(1), broken))
    assert len(classed(root, "break")) == 1
