from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.periods import Frequency, Period, PeriodError

DAYS = st.dates(date(1900, 1, 8), date(2150, 1, 1))


@pytest.mark.parametrize(
    ("code", "kind", "start", "end"),
    [
        ("2018", "A", date(2018, 1, 1), date(2018, 12, 31)),
        ("2018-S1", "S", date(2018, 1, 1), date(2018, 6, 30)),
        ("2018-S2", "S", date(2018, 7, 1), date(2018, 12, 31)),
        ("2018-Q4", "Q", date(2018, 10, 1), date(2018, 12, 31)),
        ("2016-02", "M", date(2016, 2, 1), date(2016, 2, 29)),
        ("2018-12", "M", date(2018, 12, 1), date(2018, 12, 31)),
        ("2018-W05", "W", date(2018, 1, 29), date(2018, 2, 4)),
        ("2019-W01", "W", date(2018, 12, 31), date(2019, 1, 6)),
        ("2020-W53", "W", date(2020, 12, 28), date(2021, 1, 3)),
        ("2018-12-31", "D", date(2018, 12, 31), date(2018, 12, 31)),
        ("9999", "A", date(9999, 1, 1), date(9999, 12, 31)),
        ("2007/2018", "span", date(2007, 1, 1), date(2018, 12, 31)),
        ("2018-01/2018-06", "span", date(2018, 1, 1), date(2018, 6, 30)),
        ("2016/", "open", date(2016, 1, 1), None),
        ("2004-12/", "open", date(2004, 12, 1), None),
        ("undated", "undated", None, None),
    ],
)
def test_valid_code_gives_kind_and_days(
    code: str, kind: str, start: date | None, end: date | None
) -> None:
    period = Period.parse(code)
    assert (period.code, period.kind, period.start, period.end) == (code, kind, start, end)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "expected 2018, 2018-S1"),
        ("18", "expected 2018"),
        ("2018年", "expected 2018"),
        ("２０１８", "expected 2018"),
        ("2018-13", "month must be in"),
        ("2018-00", "month"),
        ("2018-Q5", "expected 2018"),
        ("2018-S3", "expected 2018"),
        ("2019-W53", "Invalid week"),
        ("2018-W00", "Invalid week"),
        ("2018-02-29", "day"),
        ("0000", "year 0"),
        ("/2018", "expected 2018"),
        ("2018/2007", "must come before"),
        ("2018/2018", "must come before"),
        ("2018/2018-12", "of one kind"),
        ("2018/2019/2020", "expected 2018"),
        ("undated/", "expected 2018"),
        (" 2018", "expected 2018"),
        ("9999-W52", "period '9999-W52'"),
    ],
)
def test_malformed_code_is_refused_with_reason(code: str, reason: str) -> None:
    with pytest.raises(PeriodError, match=reason):
        Period.parse(code)


@pytest.mark.parametrize(
    ("code", "n", "expected"),
    [
        ("2018", 1, "2017"),
        ("2018", 11, "2007"),
        ("2018", -1, "2019"),
        ("2018-S1", 1, "2017-S2"),
        ("2018-Q1", 1, "2017-Q4"),
        ("2018-01", 1, "2017-12"),
        ("2018-01", 13, "2016-12"),
        ("2021-W01", 1, "2020-W53"),
        ("2019-W01", 1, "2018-W52"),
        ("2016-03-01", 1, "2016-02-29"),
        ("2018-01-01", 1, "2017-12-31"),
        ("2018", 0, "2018"),
        ("0001", 1, None),
        ("2007/2018", 1, None),
        ("2016/", 1, None),
        ("undated", 1, None),
    ],
)
def test_previous_is_the_period_before(code: str, n: int, expected: str | None) -> None:
    previous = Period.parse(code).previous(n)
    assert (previous and previous.code) == expected


@pytest.mark.parametrize(
    ("code", "n", "expected"),
    [
        ("2018", 1, "2017"),
        ("2018-S2", 1, "2017-S2"),
        ("2018-Q4", 2, "2016-Q4"),
        ("2018-12", 1, "2017-12"),
        ("2018-W05", 1, "2017-W05"),
        ("2020-W53", 1, None),
        ("2020-W53", 5, "2015-W53"),
        ("2018-12-31", 1, "2017-12-31"),
        ("2016-02-29", 1, None),
        ("2016-02-29", 4, "2012-02-29"),
        ("0001-02", 1, None),
        ("0001-02-01", 1, None),
        ("2007/2018", 1, None),
        ("undated", 1, None),
    ],
)
def test_year_ago_is_the_same_period_of_that_year(code: str, n: int, expected: str | None) -> None:
    earlier = Period.parse(code).year_ago(n)
    assert (earlier and earlier.code) == expected


def test_periods_sort_by_end_longer_first_undated_last() -> None:
    expected = [
        "2016/",  # has no end: its start
        "2016-S1",
        "2017",
        "2017-12",
        "2017-12-31",
        "2007/2018",
        "2018",
        "2018-S2",
        "2018-Q4",
        "2018-12",
        "2019-W01",
        "undated",
    ]
    periods = [Period.parse(code) for code in expected]
    jumbled = periods[1::2] + periods[::2]
    assert [str(period) for period in sorted(jumbled)] == expected
    assert all(left < right and right >= left for left, right in pairwise(periods))


def test_comparison_with_another_type_is_refused() -> None:
    with pytest.raises(TypeError):
        assert Period.parse("2018") < "2019"


def test_equal_codes_are_one_key() -> None:
    assert {Period.parse("2018"): 1}[Period.parse("2018")] == 1
    assert Period.parse("2018") != Period.parse("2018-12")


@pytest.mark.parametrize(
    ("code", "frequency", "fits"),
    [
        ("2018", Frequency.ANNUAL, True),
        ("2018", Frequency.MONTH, False),
        ("2018-12", Frequency.MONTH, True),
        ("2018-W05", Frequency.WEEK, True),
        ("2018-12-31", Frequency.QUARTER, False),
        ("2007/2018", Frequency.ANNUAL, True),
        ("2016/", Frequency.DAY, True),
        ("undated", Frequency.MONTH, True),
    ],
)
def test_period_fits_its_own_frequency_and_spans_fit_all(
    code: str, frequency: Frequency, fits: bool
) -> None:
    assert Period.parse(code).fits(frequency) is fits


@pytest.mark.parametrize(
    ("code", "nature", "chinese", "english"),
    [
        ("2017", "stock", "2017年末", "end of 2017"),
        ("2017", "cumulative", "2017年末", "end of 2017"),
        ("2017", "flow", "2017年", "2017"),
        ("2017", None, "2017年", "2017"),
        ("2018-S1", None, "2018年上半年", "H1 2018"),
        ("2018-S2", None, "2018年下半年", "H2 2018"),
        ("2018-Q4", None, "2018年第4季度", "Q4 2018"),
        ("2018-12", "stock", "2018年12月", "December 2018"),
        ("2019-02", None, "2019年2月", "February 2019"),
        ("2018-W05", None, "2018年第5周", "week 5 of 2018"),
        ("2019-04-20", None, "2019年4月20日", "20 April 2019"),
        ("2007/2018", None, "2007—2018年", "2007–2018"),
        ("2018-01/2018-06", None, "2018年1月—2018年6月", "January 2018 – June 2018"),
        ("2016/", "stock", "2016年起", "since 2016"),
        ("2004-12/", None, "2004年12月起", "since December 2004"),
        ("undated", None, "", ""),
    ],
)
def test_label_tells_the_period_in_both_languages(
    code: str, nature: str | None, chinese: str, english: str
) -> None:
    period = Period.parse(code)
    assert period.label("zh-hans", nature) == chinese
    assert period.label("en", nature) == english


def test_undated_label_tells_the_year_of_the_report() -> None:
    period = Period.parse("undated")
    assert period.label("zh-hans", None, 2019) == "2019年报道"
    assert period.label("en", None, reported_year=2019) == "as reported in 2019"


@given(DAYS, st.sampled_from(Frequency))
def test_periods_of_a_frequency_tile_the_calendar(day: date, frequency: Frequency) -> None:
    period = Period.containing(day, frequency)
    before = period.previous()
    assert period.start <= day <= period.end
    assert before.end + timedelta(days=1) == period.start
    assert before.previous(-1) == period
    assert before < period


@given(DAYS, st.sampled_from(Frequency))
def test_code_of_a_period_parses_back_to_it(day: date, frequency: Frequency) -> None:
    period = Period.containing(day, frequency)
    again = Period.parse(period.code)
    assert (again, again.kind, again.start, again.end) == (
        period,
        frequency.value,
        period.start,
        period.end,
    )


@given(DAYS, st.sampled_from([f for f in Frequency if f is not Frequency.WEEK]))
def test_year_ago_returns_after_a_year_forward(day: date, frequency: Frequency) -> None:
    period = Period.containing(day, frequency)
    earlier = period.year_ago()
    assert earlier is None or earlier.year_ago(-1) == period
