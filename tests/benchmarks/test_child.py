"""A side in a process of its own: timed between its two yields."""

from tests.benchmarks.child import measure


def test_side_reports_seconds_memory_and_what_it_counted() -> None:
    measured = measure("drawing:ours", {})

    assert measured["items"] == 60
    assert 0 < measured["seconds"] < 60
    assert measured["memory"] > 1_000_000
    assert measured["written"] <= 5000  # bytes of a chart
