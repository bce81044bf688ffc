"""Every transform at every frequency, against its formula as FRED writes it.

Source: fred.stlouisfed.org/docs/api/fred/series_observations.html (units) and FRED's "What formulas
are used to calculate growth rates?". What is rational is computed in fractions, what is not with 80
digits; periods are those of written_calendar.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

import pytest

from metrics.stats.bounds import Figure
from metrics.stats.periods import Frequency, Period
from metrics.stats.transforms import WITH_BOUNDS, Transform, apply
from tests.metrics.stats.written_calendar import PER_YEAR, codes, level, year_before

WIDE = Context(prec=80)
WINDOW, HUNDRED = 5, 100
# Our 34 digits lose up to 365 units of the last one in a power; a logarithm of a quotient near one
# some more of its own.
ALLOWED = Fraction(1, 10**30)


def decimal(number: Fraction) -> Decimal:
    return WIDE.divide(Decimal(number.numerator), Decimal(number.denominator))


def ln(number: Fraction) -> Fraction:
    return Fraction(WIDE.ln(decimal(number)))


def power(base: Fraction, exponent: Fraction) -> Fraction:
    return Fraction(WIDE.exp(WIDE.multiply(WIDE.ln(decimal(base)), decimal(exponent))))


@dataclass(frozen=True)
class Written:
    """x: the levels in order, n: periods in a year, before: the place a year before."""

    x: dict[int, Fraction]
    n: int
    before: Callable[[int], int | None]
    base: int

    def previous(self, t: int, formula: Callable[[Fraction, Fraction], Fraction]) -> Fraction:
        return formula(self.x[t], self.x[t - 1])

    def yearly(self, t: int, formula: Callable[[Fraction, Fraction], Fraction]) -> Fraction:
        before = self.before(t)
        if before is None:
            raise KeyError(t)
        return formula(self.x[t], self.x[before])


# A KeyError is a period that is not there: insufficient_history.
FORMULAS: dict[str, Callable[[Written, int], Fraction]] = {
    "lin": lambda w, t: w.x[t],
    "chg": lambda w, t: w.previous(t, lambda x, y: x - y),
    "ch1": lambda w, t: w.yearly(t, lambda x, y: x - y),
    "pch": lambda w, t: w.previous(t, lambda x, y: ((x / y) - 1) * 100),
    "pc1": lambda w, t: w.yearly(t, lambda x, y: ((x / y) - 1) * 100),
    "pca": lambda w, t: w.previous(t, lambda x, y: ((x / y) ** w.n - 1) * 100),
    "cch": lambda w, t: w.previous(t, lambda x, y: (ln(x) - ln(y)) * 100),
    "cca": lambda w, t: w.previous(t, lambda x, y: (ln(x) - ln(y)) * 100 * w.n),
    "log": lambda w, t: ln(w.x[t]),
    "idx": lambda w, t: w.x[t] / w.x[w.base] * 100,
    "rm": lambda w, t: sum((w.x[t - lag] for lag in range(WINDOW)), Fraction(0)) / WINDOW,
    "cagr": lambda w, t: (power(w.x[t] / w.x[w.base], Fraction(w.n, t - w.base)) - 1) * 100,
}
EXACT = frozenset({"lin", "chg", "ch1"})


def written(frequency: str, x: dict[int, Fraction]) -> Written:
    listed = codes(frequency)
    places = {code: place for place, code in enumerate(listed)}
    befores = {t: year_before(frequency, listed, t) for t in places.values()}
    return Written(x, PER_YEAR[frequency], befores.__getitem__, base=3)


def transformed(code: str, frequency: str, x: dict[int, Fraction]) -> dict[str, Figure]:
    listed = codes(frequency)
    values = {Period.parse(listed[t]): Figure.stated(decimal(number)) for t, number in x.items()}
    base = Period.parse(listed[3])
    made = apply(
        code,
        values,
        frequency=Frequency("D" if frequency == "B" else frequency),
        nature="stock",
        index_base=base,
        window=WINDOW,
        span_start=base,
    )
    return {period.code: figure for period, figure in made.items()}


def expected(code: str, w: Written, t: int) -> Fraction | None:
    """None where a period that the formula names is not there, or not after the start of cagr."""
    if code == "cagr" and t <= w.base:
        return None
    try:
        return FORMULAS[code](w, t)
    except KeyError:
        return None


def assert_as_written(code: str, frequency: str, x: dict[int, Fraction]) -> int:
    """Compare every period; return how many have a value."""
    w, listed, valued = written(frequency, x), codes(frequency), 0
    for period, figure in transformed(code, frequency, x).items():
        truth = expected(code, w, listed.index(period))
        if truth is None:
            assert figure.null_reason == "insufficient_history", period
            continue
        assert figure.value is not None, period
        found, valued = Fraction(figure.value), valued + 1
        allowed = 0 if code in EXACT else ALLOWED * (HUNDRED + abs(truth))
        assert abs(found - truth) <= allowed, period
        if code in WITH_BOUNDS:  # exact levels have no width: neither has the result
            assert figure.lower is not None
            assert figure.upper is not None
            assert max(abs(Fraction(b) - truth) for b in (figure.lower, figure.upper)) <= allowed
    return valued


def test_every_code_has_its_formula_here() -> None:
    assert set(FORMULAS) == set(Transform)
    assert set(PER_YEAR) - {"B"} == set(Frequency)


@pytest.mark.parametrize("frequency", PER_YEAR)
@pytest.mark.parametrize("code", FORMULAS)
def test_transform_is_its_written_formula(code: str, frequency: str) -> None:
    x = {t: level(t) for t in range(len(codes(frequency)))}
    valued = assert_as_written(code, frequency, x)
    assert valued > len(x) // 4


@pytest.mark.parametrize("frequency", PER_YEAR)
@pytest.mark.parametrize("code", FORMULAS)
def test_gap_leaves_null_just_where_the_formula_names_it(code: str, frequency: str) -> None:
    """One period is not there (in a week of its own, so working days stay recognisable)."""
    x = {t: level(t) for t in range(len(codes(frequency)))}
    del x[7]
    assert_as_written(code, frequency, x)


@pytest.mark.parametrize("frequency", PER_YEAR)
@pytest.mark.parametrize("code", ["pch", "pc1", "pca", "idx", "cagr", "chg", "ch1", "rm", "lin"])
def test_levels_below_zero_follow_the_same_formula(code: str, frequency: str) -> None:
    x = {t: -level(t) for t in range(len(codes(frequency)))}
    assert_as_written(code, frequency, x)


@pytest.mark.parametrize(
    ("frequency", "code", "expected_reason"),
    [("W", "2020-W53", "insufficient_history"), ("D", "2020-02-29", "insufficient_history")],
)
def test_period_that_the_year_before_did_not_have_has_no_growth(
    frequency: str, code: str, expected_reason: str
) -> None:
    x = {t: level(t) for t in range(len(codes(frequency)))}
    assert transformed("pc1", frequency, x)[code].null_reason == expected_reason


# FRED's own arithmetic, by hand: 100 to 110 in a period of each frequency.
BY_HAND = [
    ("pca", "A", "10"),
    ("pca", "S", "21"),
    ("pca", "Q", "46.41"),
    ("pca", "M", "213.8428376721"),
    ("cca", "Q", "38.1240719217"),
    ("cch", "W", "9.5310179804"),
    ("cca", "W", "495.6129349824"),
    ("cca", "B", "2478.0646749121"),
    ("cca", "D", "3478.8215628574"),
]


@pytest.mark.parametrize(("code", "frequency", "told"), BY_HAND)
def test_ten_percent_in_a_period_by_hand(code: str, frequency: str, told: str) -> None:
    x = {t: Fraction(100) for t in range(8)} | {8: Fraction(110)}
    figure = transformed(code, frequency, x)[codes(frequency)[8]]
    assert figure.value is not None
    assert abs(figure.value - Decimal(told)) < Decimal("1e-9")
