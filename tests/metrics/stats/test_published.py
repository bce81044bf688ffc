"""Our transforms against figures that a publisher computed from the same levels.

tests/data/us-cpi-monthly.csv: the United States consumer price index by month, and its publisher's
change on the month in percent. The publisher computes in binary floats, rounds with Python's
``round`` to two decimals and compares each row with the row before it.
"""

import csv
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from metrics.stats.bounds import Figure
from metrics.stats.periods import Frequency, Period
from metrics.stats.transforms import apply

TABLE = Path(__file__).resolve().parents[2] / "data" / "us-cpi-monthly.csv"
CENT = Decimal("0.01")


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def ours(code: str = "pch") -> dict[str, Figure]:
    values = {Period.parse(row["Date"][:7]): Figure.stated(Decimal(row["Index"])) for row in rows()}
    made = apply(code, values, frequency=Frequency.MONTH, nature="index")
    return {period.code: figure for period, figure in made.items()}


def published() -> dict[str, Decimal]:
    return {row["Date"][:7]: Decimal(row["Inflation"]) for row in rows() if row["Inflation"]}


# Two changes lie exactly on a half, so any rule for halves disagrees with floats on one of them.
# 1942-04: 16.1 / 16.0 is 1.00625, a change of exactly 0.625. The floats give 0.6250000000000089,
# which rounds up to 0.63; half to even, our rule, gives 0.62 and half up 0.63.
# 1997-04: 160.2 / 160.0 is 1.00125, a change of exactly 0.125. The floats give 0.1249999999999973…,
# which rounds down to 0.12; half to even gives 0.12 and half up 0.13.
@pytest.mark.parametrize(
    ("rounding", "month", "change"),
    [(ROUND_HALF_EVEN, "1942-04", "0.625"), (ROUND_HALF_UP, "1997-04", "0.125")],
)
def test_percent_change_agrees_with_every_row_but_one_exact_half(
    rounding: str, month: str, change: str
) -> None:
    figures, expected = ours(), published()
    # 2025-10 was never published, so 2025-11 has no previous period; see the next test.
    compared = {code: figures[code] for code in expected if code != "2025-11"}
    assert len(compared) == 1358
    differing = {
        code: figure.value
        for code, figure in compared.items()
        if figure.value is None or figure.value.quantize(CENT, rounding) != expected[code]
    }
    assert differing == {month: Decimal(change)}


def test_month_after_the_one_never_published_has_no_change() -> None:
    """The publisher compares 2025-11 with the row before it, which is 2025-09: two months."""
    figures = ours()
    assert "2025-10" not in figures
    assert figures["2025-11"] == Figure.missing("insufficient_history")
    two_months = (Decimal("324.122") / Decimal("324.8") - 1) * 100
    assert two_months.quantize(CENT) == published()["2025-11"] == Decimal("-0.21")


def test_first_month_has_no_change_here_nor_there() -> None:
    assert ours()["1913-01"] == Figure.missing("insufficient_history")
    assert "1913-01" not in published()


def test_publisher_rounds_binary_floats() -> None:
    """What the explanations above rest on: every row is Python's round of a float quotient."""
    for before, row in pairwise(rows()):
        change = (float(row["Index"]) / float(before["Index"]) - 1) * 100
        assert round(change, 2) == float(row["Inflation"])


def test_year_on_year_change_of_a_known_month() -> None:
    """April 1980: 14.7%, the peak rate that the Bureau of Labor Statistics announced."""
    value = ours("pc1")["1980-04"].value
    assert value is not None
    assert value.quantize(Decimal("0.1")) == Decimal("14.7")


def test_only_a_whole_year_of_months_makes_a_yearly_change() -> None:
    figures = ours("pc1")
    missing = [code for code, figure in figures.items() if figure.value is None]
    assert missing == [f"1913-{month:02d}" for month in range(1, 13)]
