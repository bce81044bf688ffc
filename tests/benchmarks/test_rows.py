"""How runs become figures, and figures verdicts."""

import json
from pathlib import Path

import pytest
from django.db.models import Model

from metrics.models import DerivedValue, Observation, SeriesSummary
from tests.benchmarks.report import keep, page
from tests.benchmarks.rounds import Side, refuse_other
from tests.benchmarks.rows import Measured, Reach, Result, Row, round_to
from tests.benchmarks.sides.loading import COLUMNS
from tests.benchmarks.sides.refreshing import DERIVED, SUMMARY

MEASURES = {
    "ours": [
        Measured(4.0, 90_000_000, items=100, queries=2),
        Measured(2.0, 120_000_000, items=100, written=3),
    ],
    "slow": [Measured(6.0, 10, items=10)],
}


def row(figure: str, reach: Reach | None) -> Row:
    return Row("work", "peer", "ours", "slow", reach, figure)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("figure", "reach", "found", "holds"),
    [
        ("time", Reach("≤", 0.5), 0.5, True),  # the median of 4 s and 2 s beside 6 s
        ("time", Reach("≤", 0.4), 0.5, False),
        ("faster", Reach("≥", 20), 20.0, True),  # 0.6 s an item beside 0.03 s
        ("faster", Reach("≥", 30), 20.0, False),
        ("memory", Reach("≤", 200, "MB"), 120.0, True),  # the most of any run
        ("written", Reach("≤", 0, "rows"), 3.0, False),
        ("queries", Reach("≤", 1, "queries"), 2.0, False),
        ("time", None, 0.5, None),
    ],
)
def test_row_of_runs_gives_figure_and_verdict(
    figure: str, reach: Reach | None, found: float, holds: bool | None
) -> None:
    result = row(figure, reach).result(MEASURES)

    assert (result.ratio, result.holds) == (found, holds)


def test_result_that_falls_short_says_so() -> None:
    assert str(row("time", Reach("≤", 0.4)).result(MEASURES)) == (
        "work | peer | 0.5× | ≤ 0.4× | FALLS SHORT"
    )


def test_figures_keep_three_digits() -> None:
    assert [round_to(number) for number in (1234.0, 0.012345, 37.66)] == [1230.0, 0.0123, 37.7]


def test_side_that_wrote_something_else_is_refused() -> None:
    first = Side("ours", "m:f", result="SELECT 1")
    results = {first.result: [(2, 3.0)]}

    refuse_other(results, Side("other", "m:f", result="SELECT 1"), [(2, 3.0000001)])
    with pytest.raises(AssertionError, match="other wrote"):
        refuse_other(results, Side("other", "m:f", result="SELECT 1"), [(2, 3.1)])


def test_results_of_a_suite_replace_its_earlier_ones_only(tmp_path: Path) -> None:
    def result(work: str) -> Result:
        return Result(work, "peer", 2.0, "×", "≥ 1×", True)

    machine = {"processors": "2"}
    keep(tmp_path, "load", [result("old")], machine)
    keep(tmp_path, "chart", [result("chart")], machine)
    keep(tmp_path, "load", [result("new")], machine)

    kept = json.loads((tmp_path / "performance.json").read_text())
    assert [one["work"] for one in kept] == ["new", "chart"]
    assert {"work", "peer", "ratio", "reach", "holds"} <= set(kept[0])
    assert "| new | peer | 2× | ≥ 1× | holds |" in (tmp_path / "performance.md").read_text()


def test_page_in_the_docs_is_made_of_the_kept_figures() -> None:
    docs = Path(__file__).resolve().parents[2] / "docs"
    kept = json.loads((docs / "performance.json").read_text())

    assert (docs / "performance.md").read_text() == page(kept)


def test_memory_of_a_peer_has_its_unit_without_a_reach() -> None:
    result = row("memory", None).result(MEASURES)
    assert (result.ratio, result.unit, result.holds) == (120.0, "MB", None)


@pytest.mark.parametrize(
    ("model", "columns"),
    [(DerivedValue, DERIVED), (SeriesSummary, SUMMARY), (Observation, COLUMNS)],
)
def test_pipelines_beside_ours_fill_every_column_that_must_be(
    model: type[Model], columns: str
) -> None:
    named = {name.strip() for name in columns.split(",")}
    made_by_database = {"id", "published_on"}
    needed = {field.attname for field in model._meta.fields if not field.null}
    assert needed - made_by_database <= named
