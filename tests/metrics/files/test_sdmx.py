import pytest

from metrics.files.sdmx import sdmx_period
from metrics.stats.periods import Period


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("2018", "2018"),
        ("2018-S1", "2018-S1"),
        ("2018-Q4", "2018-Q4"),
        ("2018-12", "2018-12"),
        ("2018-W05", "2018-W05"),
        ("2018-12-31", "2018-12-31"),
        ("2007/2018", "2007-01-01/P12Y"),
        ("2018-S1/2018-S2", "2018-01-01/P12M"),
        ("2018-Q2/2019-Q1", "2018-04-01/P12M"),
        ("2018-01/2018-06", "2018-01-01/P6M"),
        ("2018-W01/2018-W04", "2018-01-01/P28D"),
        ("2018-01-01/2018-01-10", "2018-01-01/P10D"),
        ("2016/", "2016-01-01T00:00:00"),
        ("2004-12/", "2004-12-01T00:00:00"),
        ("undated", "_Z"),
    ],
)
def test_period_is_written_as_sdmx_has_it(code: str, written: str) -> None:
    assert sdmx_period(Period.parse(code)) == written
