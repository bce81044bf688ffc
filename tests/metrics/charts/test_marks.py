import pytest

from metrics.charts.marks import bar_path, dot, slices, whisker
from metrics.charts.scale import Scale
from tests.metrics.charts.builders import point

SCALE = Scale(0, 100, 0, 100)


def test_exact_bar_is_one_stretch() -> None:
    assert slices(10, 90, "exact") == [(10, 90)]


def test_over_runs_on_beyond_the_value() -> None:
    assert slices(10, 90, "over") == [(10, 90), (93, 96), (99, 102)]


@pytest.mark.parametrize("qualifier", ["under", "nearly"])
def test_upper_bound_never_passes_the_value(qualifier: str) -> None:
    found = slices(10, 90, qualifier)
    assert len(found) == 3
    assert max(end for _, end in found) == 90


def test_negative_bar_runs_on_towards_the_left() -> None:
    assert slices(100, 40, "over")[-1] == (31, 28)


def test_short_bar_under_a_bound_stays_whole() -> None:
    assert slices(10, 20, "under") == [(10, 20)]


def test_about_has_a_torn_end() -> None:
    assert bar_path(0, 80, 0, 20, "about", up=False).count("L") > 5


def test_vertical_bar_swaps_the_axes() -> None:
    assert bar_path(100, 20, 5, 10, "exact", up=True) == "M5 100V20h10V100Z"
    assert bar_path(5, 80, 10, 20, "exact", up=False) == "M5 10H80v20H5Z"


def test_visible_bounds_get_a_whisker() -> None:
    drawn = whisker(point("2018", "50", bounds=("40", "60")), SCALE, 10, up=False)
    assert 'd="M40 10H60M40 6v8M60 6v8"' in drawn


@pytest.mark.parametrize("bounds", [("49.9", "50.1"), ("50", None), (None, "50"), (None, None)])
def test_invisible_or_open_bounds_get_no_whisker(bounds: tuple[str | None, str | None]) -> None:
    assert whisker(point("2018", "50", bounds=bounds), SCALE, 10, up=True) == ""


@pytest.mark.parametrize("qualifier", ["over", "under", "nearly", "about"])
def test_marker_of_an_inexact_value_is_open(qualifier: str) -> None:
    assert 'class="open"' in dot(point("2018", "5", qualifier=qualifier), 10, 10)


def test_marker_of_an_exact_value_is_full() -> None:
    assert 'fill="currentColor"' in dot(point("2018", "5"), 10, 10)


def test_marker_of_an_implied_value_differs_from_a_stated_one() -> None:
    assert dot(point("2018", "5", kind="implied"), 10, 10) != dot(point("2018", "5"), 10, 10)
