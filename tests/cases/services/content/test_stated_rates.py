"""Every growth rate and share that the shipped content states is checked, or says why it cannot."""

import csv
from collections import Counter
from pathlib import Path

import pytest
import yaml

from cases.services.content.loading import load_content
from metrics.selectors.consistency import consistency
from tests.metrics.factories import NOW

CONTENT = Path(__file__).parents[4] / "cases" / "content"


def records(name: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load((CONTENT / name).read_text(encoding="utf-8"))
    return found


def stated_rates() -> set[tuple[str, str]]:
    """(series, period) of the rows in a unit of growth, percent or points, from the files alone."""
    indicators, units = records("indicators.yaml"), records("units.yaml")
    with (CONTENT / "observations.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["series"], row["period"]) for row in csv.DictReader(file) if row["stated"]]
    kinds = {key: units[indicator["unit"]]["kind"] for key, indicator in indicators.items()}
    return {
        (series, period)
        for series, period in rows
        if kinds[series.split(".")[1]] in ("growth", "percent", "points")
    }


@pytest.mark.django_db
def test_every_stated_rate_is_listed_with_its_verdict() -> None:
    load_content(CONTENT, now=NOW)
    lines = consistency("en")
    listed = {(line.series_key, line.check.period.code): line for line in lines}
    assert stated_rates() <= set(listed)
    assert len(listed) == len(lines)
    for line in lines:
        assert bool(line.why) == (line.verdict == "undecidable")
    assert Counter(line.verdict.value for line in lines)["inconsistent"] == 0
