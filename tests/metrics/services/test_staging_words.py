"""What a staged value is refused with: in English for commands, in Chinese for whoever reads it."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from metrics.models import Release
from metrics.services.staging import StagingError, read_stated, stage_observation
from metrics.translation import translated
from tests.metrics.factories import SourceFactory, make_series


@pytest.mark.parametrize(
    ("given", "english", "chinese"),
    [
        ({"stated": "许多"}, "expected a number", "'许多' 第 1 个字符处：应为数字"),
        ({"stated": ""}, "no value; expected", "没有数值；应填数字或原文写法"),
        (
            {"stated": "1亿", "value": Decimal(2)},
            "2 contradicts “1亿”; expected 100000000",
            "2 与“1亿”不符；应为 100000000",
        ),
        (
            {"stated": "1亿", "qualifier": "over"},
            "“over” contradicts “1亿”; expected “exact”",
            "“over” 与“1亿”不符；应为 “exact”",
        ),
        ({"stated": "超过1亿多 以下"}, "expected", "'超过1亿多 以下' 第 "),
    ],
)
def test_stated_text_that_is_refused_says_why(
    given: dict[str, Any], english: str, chinese: str
) -> None:
    with pytest.raises(StagingError) as caught:
        read_stated(unit_kind="count", **given)
    assert english in caught.value.message
    with override("zh-hans"):
        assert translated(caught.value.message).startswith(chinese)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "chinese"),
    [
        ({"period": "20l8"}, "时期 '20l8'：应为 2018、"),
        ({"period": "2018-Q1"}, "2018-Q1 不符合 e.users 的频率（A）"),
        ({"value": Decimal(1), "null_reason": "not_reported"}, "写明无值原因的一行不应有数值"),
        ({"value": Decimal(1), "resolution": Decimal(-1)}, "精度应为零或更大"),
        ({"value": Decimal("1e40")}, "1.000000e+40 有 1 位；最多 34 位，介于 1e-30 与 1e30 之间"),
    ],
)
def test_row_that_is_refused_says_why(given: dict[str, Any], chinese: str) -> None:
    row = {"series": make_series("e.users"), "period": "2018", "source": SourceFactory(), **given}
    with pytest.raises(StagingError) as caught:
        stage_observation(Release(), **row)
    with override("zh-hans"):
        assert translated(caught.value.message).startswith(chinese)
