"""Registry entries of the summary of a series."""

from __future__ import annotations

from metrics.stats.statistic import Example, Kind, Statistic, Text, summary_example, text

_SAME = text("与序列相同", "that of the series")
_PERCENT = text("百分比;比率为百分点", "percent; percentage points for ratios")
_ONE = text("一个值", "one value")
_LEFT_OUT = text("缺失的值不计入", "missing values are left out")
_NO_HISTORY = text(
    "所比较的一期没有值时为空,原因 insufficient_history",
    "null, insufficient_history, where the period compared with has no value",
)
_DEFINITION = text("定义", "definition")
_VALUES = "2015=100 2016=110 2018=121 2019=145.2"


def _summary(
    key: str,
    name: Text,
    formula: str,
    output: str,
    *,
    unit: Text = _SAME,
    minimum_data: Text = _ONE,
    gaps: Text = _LEFT_OUT,
    source: Text = _DEFINITION,
    has_bounds: bool = True,
) -> Statistic:
    attribute = key.replace("-", "_")
    example = Example(
        {"values": _VALUES}, output, summary_example(lambda summary: getattr(summary, attribute))
    )
    return Statistic(
        key,
        Kind.SUMMARY,
        name,
        formula,
        unit,
        minimum_data,
        gaps,
        example,
        source,
        has_bounds,
    )


SUMMARIES: tuple[Statistic, ...] = (
    _summary("latest", text("最新值", "Latest value"), "x_T", "145.2"),
    _summary("previous", text("上期值", "Previous value"), "x_(T−1)", "121", gaps=_NO_HISTORY),
    _summary(
        "change",
        text("增减", "Change"),
        "x_T − x_(T−1)",
        "24.2",
        unit=text("与序列相同;百分比为百分点", "that of the series; points for a percentage"),
        minimum_data=text("最近两期", "the last two periods"),
        gaps=_NO_HISTORY,
    ),
    _summary(
        "year-on-year",
        text("同比", "Year on year"),
        "(x_T / x_(T−n) − 1) × 100; x_T − x_(T−n)",
        "20",
        unit=_PERCENT,
        minimum_data=text("最新一期与上年同期", "the latest period and the same a year ago"),
        gaps=_NO_HISTORY,
    ),
    _summary(
        "cagr",
        text("年均复合增长率", "Compound annual growth rate"),
        "((x_T / x_1)^(1 / years) − 1) × 100",
        "9.772",
        unit=text("百分比/年", "percent a year"),
        minimum_data=text("首末两期", "the first and the last period"),
        gaps=text("中间缺期不影响", "gaps in between do not matter"),
        source=text("几何平均增长率的定义", "definition of the geometric mean growth rate"),
        has_bounds=False,
    ),
    _summary("minimum", text("最小值", "Minimum"), "min x_i", "100"),
    _summary("maximum", text("最大值", "Maximum"), "max x_i", "145.2"),
    _summary("mean", text("平均值", "Mean"), "(x_1 + … + x_n) / n", "119.05"),
    _summary(
        "volatility",
        text("波动率", "Volatility"),
        "√(Σ (c_i − c̄)² / (n − 1)), c: 各期环比 / changes from period to period",
        "7.0711",
        unit=_PERCENT,
        minimum_data=text("两个相邻期间的变化", "two changes between consecutive periods"),
        gaps=text("跨缺期的变化不计入", "a change across a gap is left out"),
        source=text("样本标准差(贝塞尔校正)", "sample standard deviation, Bessel's correction"),
        has_bounds=False,
    ),
    _summary(
        "count",
        text("数据个数", "Count"),
        "n",
        "4",
        unit=text("个", "values"),
        minimum_data=text("无", "none"),
        has_bounds=False,
    ),
)
