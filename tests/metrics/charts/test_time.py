from metrics.charts.time import in_order, positions
from tests.metrics.charts.builders import point


def test_years_stand_as_far_apart_as_they_are() -> None:
    places = positions(["2018", "2008", "2010"])
    assert list(places) == ["2008", "2010", "2018"]
    assert places["2018"] - places["2010"] == 4 * (places["2010"] - places["2008"])


def test_months_are_even_though_their_days_differ() -> None:
    places = list(positions(["2018-01", "2018-02", "2018-03"]).values())
    assert places[1] - places[0] == places[2] - places[1]


def test_mixed_kinds_are_spaced_by_day() -> None:
    places = positions(["2018", "2019-01-10"])
    assert places["2019-01-10"] - places["2018"] == 10


def test_undated_period_spaces_all_evenly() -> None:
    assert list(positions(["undated", "2017", "2012"]).values()) == [0, 1, 2]


def test_periods_that_end_together_do_not_collide() -> None:
    places = positions(["2018", "2018-12", "2018-12-31"])
    assert len(set(places.values())) == 3


def test_points_are_put_in_order_of_time() -> None:
    ordered = in_order((point("2018", "1"), point("undated", "3"), point("2016", "2")))
    assert [item.period for item in ordered] == ["2016", "2018", "undated"]
