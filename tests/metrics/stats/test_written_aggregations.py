"""Every aggregation from every frequency to every longer one, against sums of written-out days."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from metrics.stats.aggregation import Aggregation, aggregate
from metrics.stats.bounds import Figure
from metrics.stats.periods import Frequency, Period
from metrics.stats.transforms import apply
from tests.metrics.stats.written_calendar import (
    PER_YEAR,
    SPANS,
    code_of,
    codes,
    codes_with_last_days,
    level,
)

ORDER = ["W", "M", "Q", "S", "A"]
PAIRS = [(source, target) for source in ("D", "B") for target in ORDER]
PAIRS += [(source, target) for i, source in enumerate(ORDER) for target in ORDER[i + 1 :]]
NATURES = {"avg": "index", "sum": "flow", "eop": "index"}
ALLOWED = Fraction(1, 10**30)
MARGIN = timedelta(days=400)


def parts_of(source: str, target: str) -> dict[str, list[str]]:
    """Of each longer period all that end in it, those before and after the values too."""
    first, last = SPANS[source]
    listed = codes_with_last_days(source, first - MARGIN, last + MARGIN)
    parts: dict[str, list[str]] = {}
    for code, end in listed.items():
        parts.setdefault(code_of(end, target), []).append(code)
    return parts


def written(method: str, numbers: list[Fraction | None]) -> Fraction | None:
    """None: incomplete."""
    if method == "eop":
        return numbers[-1]
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers):
        return None
    total = sum(known, Fraction(0))
    return total / len(known) if method == "avg" else total


def assert_as_written(source: str, target: str, method: str, x: dict[str, Fraction]) -> int:
    """Compare every longer period that is touched; return how many have a value."""
    values = {
        Period.parse(code): Figure.stated(Decimal(number.numerator) / number.denominator)
        for code, number in x.items()
    }
    made = aggregate(
        values,
        source="D" if source == "B" else source,
        target=target,
        method=method,
        nature=NATURES[method],
    )
    parts = parts_of(source, target)
    touched = [code for code, listed in parts.items() if any(one in x for one in listed)]
    assert [period.code for period in made] == touched
    valued = 0
    for period, figure in made.items():
        truth = written(method, [x.get(one) for one in parts[period.code]])
        if truth is None:
            assert figure.null_reason == "incomplete_period", period
            continue
        assert figure.value is not None, period
        assert abs(Fraction(figure.value) - truth) <= ALLOWED * abs(truth), period
        valued += 1
    return valued


def methods(source: str) -> list[str]:
    return [one for one in Aggregation if not (source == "W" and one == "sum")]


CASES = [(source, target, one) for source, target in PAIRS for one in methods(source)]


@pytest.mark.parametrize(("source", "target", "method"), CASES)
def test_aggregate_is_made_of_all_that_ends_in_the_period(
    source: str, target: str, method: str
) -> None:
    x = {code: level(t) for t, code in enumerate(codes(source))}
    assert assert_as_written(source, target, method, x)


@pytest.mark.parametrize(("source", "target", "method"), CASES)
def test_gap_makes_its_period_incomplete_and_no_other(
    source: str, target: str, method: str
) -> None:
    x = {code: level(t) for t, code in enumerate(codes(source))}
    for gap in codes(source)[7 :: max(1, len(x) // 3)]:
        del x[gap]
    assert_as_written(source, target, method, x)


def test_every_frequency_is_tried() -> None:
    assert {source for source, _ in PAIRS} | {"A"} == set(PER_YEAR)


def test_growth_of_an_aggregate_compares_the_longer_periods() -> None:
    """Aggregation first, then units, as FRED does: growth of yearly sums of months."""
    x = {code: level(t) for t, code in enumerate(codes("M"))}
    values = {
        Period.parse(code): Figure.stated(Decimal(n.numerator) / n.denominator)
        for code, n in x.items()
    }
    years = aggregate(values, source="M", target="A", method="sum", nature="flow")
    found = list(apply("pc1", years, frequency=Frequency.ANNUAL, nature="flow").values())
    sums = [sum(list(x.values())[at : at + 12], Fraction(0)) for at in range(0, len(x), 12)]
    for figure, (before, after) in zip(found[1:], pairwise(sums), strict=True):
        assert figure.value is not None
        assert abs(Fraction(figure.value) - (after / before - 1) * 100) < ALLOWED * 100


def test_week_belongs_where_it_ends() -> None:
    """2018-W01 began on 1 January; 2019-W01 on 31 December 2018 and ended in January 2019."""
    assert code_of(date(2019, 1, 6), "W") == code_of(date(2018, 12, 31), "W") == "2019-W01"
    week = Period.parse("2019-W01")
    made = aggregate({week: Figure(Decimal(1))}, source="W", target="M", method="eop",
                     nature="index")  # fmt: skip
    assert [period.code for period in made] == ["2019-01"]
