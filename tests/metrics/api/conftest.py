"""The figures that the API's tests ask for."""

from datetime import UTC, date, datetime

import pytest

from metrics.models import Source
from metrics.services.refresh import refresh_all
from tests.metrics.factories import (
    IndicatorFactory,
    SourceFactory,
    UnitFactory,
    make_series,
    publish,
)

LATER = datetime(2026, 11, 23, 9, 30, 0, 250000, tzinfo=UTC)


@pytest.fixture
def cnnic(db: None) -> Source:
    return SourceFactory(
        slug="cnnic-43",
        title_zh_hans="第43次报告",
        title_en="43rd report",
        publisher_zh_hans="中国互联网络信息中心",
        publisher_en="CNNIC",
        kind="statistics",
        published_on=date(2019, 4, 20),
        url="https://example.org/cnnic-43",
        licence_en="CC BY 4.0",
        redistributable=True,
    )


@pytest.fixture
def users(cnnic: Source) -> str:
    """china-internet.users: a stated level and growth, hence an implied prior; a span; undated."""
    level = make_series("china-internet.users", nature="stock")
    percent = UnitFactory(key="percent-growth", kind="growth", name_zh_hans="%", name_en="%")
    names = {"name_zh_hans": "用户增长率", "name_en": "Growth of users"}
    IndicatorFactory(
        key="users-growth", unit=percent, nature="ratio", growth_of=level.indicator, **names
    )
    growth = make_series("china-internet.users-growth")
    rows = [
        (level, "2018", "8.29亿"),
        (growth, "2018", "7.3%"),
        (level, "2007/2008", "超过1亿"),
        (level, "undated", "约5亿"),
    ]
    publish(*rows, source=cnnic, definitions_changed=True)
    refresh_all(now=LATER)
    return level.key


@pytest.fixture
def yearly(cnnic: Source) -> str:
    """webank.users, 2014 to 2018: 100, 110, 121, 0 and 50."""
    series = make_series("webank.users", nature="stock")
    values = {"2014": "100", "2015": "110", "2016": "121", "2017": "0", "2018": "50"}
    publish(*[(series, period, stated) for period, stated in values.items()], source=cnnic)
    return series.key


@pytest.fixture
def rank(cnnic: Source) -> str:
    series = make_series("webank.app-rank", unit="rank", nature="rank")
    publish((series, "2018", "第3"), source=cnnic)
    return series.key
