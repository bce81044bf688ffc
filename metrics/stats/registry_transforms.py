"""Registry entries of the transforms."""

from __future__ import annotations

from metrics.stats.periods import Frequency
from metrics.stats.statistic import Example, Kind, Statistic, Text, text, transform_example
from metrics.stats.transforms import WITH_BOUNDS, Transform

_FRED = text("美国圣路易斯联储 FRED 接口的 units 参数", "FRED API, parameter units (St. Louis Fed)")
_SAME = text("与序列相同;百分比的变化为百分点", "that of the series; points for a percentage")
_PERCENT = text("百分比", "percent")
_LOG_PERCENT = text("百分比(连续复利)", "percent, continuously compounded")
_BOTH = text("该期与所比较的一期", "the period and the one it is compared with")
_NO_HISTORY = text(
    "所比较的一期没有数据时为空,原因 insufficient_history;口径变更则为 break",
    "null: insufficient_history where the period compared with is not there, break where the "
    "definition changed in between",
)
_SIGNS = text(
    "所比较的一期缺失为 insufficient_history,口径变更为 break,为零为 base_zero,"
    "正负不同为 sign_change",
    "null: insufficient_history without the earlier period, break where the definition changed in "
    "between, base_zero where the earlier value is zero, "
    "sign_change where the signs differ",
)
_YEARS = {"values": "2017=110 2018=121"}
_QUARTERS = {"values": "2018-Q3=100 2018-Q4=101"}


def _transform(
    code: Transform,
    name: Text,
    formula: str,
    unit: Text,
    minimum_data: Text,
    gaps: Text,
    example: Example,
    source: Text = _FRED,
) -> Statistic:
    has_bounds = code in WITH_BOUNDS
    return Statistic(
        code.value,
        Kind.TRANSFORM,
        name,
        formula,
        unit,
        minimum_data,
        gaps,
        example,
        source,
        has_bounds,
    )


def _annual(code: str, output: str) -> Example:
    return Example(_YEARS, output, transform_example(code))


def _quarterly(code: str, output: str) -> Example:
    return Example(_QUARTERS, output, transform_example(code, Frequency.QUARTER))


TRANSFORMS: tuple[Statistic, ...] = (
    _transform(
        Transform.LIN,
        text("原值", "Level"),
        "x_t",
        text("与序列相同", "that of the series"),
        text("一个值", "one value"),
        text("空值保留原因", "a null keeps its reason"),
        _annual("lin", "121"),
    ),
    _transform(
        Transform.CHG,
        text("比上期增减", "Change from the previous period"),
        "x_t − x_(t−1)",
        _SAME,
        _BOTH,
        _NO_HISTORY,
        _annual("chg", "11"),
    ),
    _transform(
        Transform.CH1,
        text("比上年同期增减", "Change from a year ago"),
        "x_t − x_(t−n), n: 一年前的同期(工作日 260)/ the same period a year ago (working days 260)",
        _SAME,
        _BOTH,
        _NO_HISTORY,
        Example(
            {"values": "2017-12=500 2018-11=530 2018-12=531"},
            "31",
            transform_example("ch1", Frequency.MONTH),
        ),
    ),
    _transform(
        Transform.PCH,
        text("环比增长率", "Percent change"),
        "(x_t / x_(t−1) − 1) × 100",
        _PERCENT,
        _BOTH,
        _SIGNS,
        _quarterly("pch", "1"),
    ),
    _transform(
        Transform.PC1,
        text("同比增长率", "Percent change from a year ago"),
        "(x_t / x_(t−n) − 1) × 100",
        _PERCENT,
        _BOTH,
        _SIGNS,
        _annual("pc1", "10"),
    ),
    _transform(
        Transform.PCA,
        text("环比折年率", "Compounded annual rate of change"),
        "((x_t / x_(t−1))^n − 1) × 100, n = 1, 2, 4, 12, 52, 365;工作日 / working days 260",
        _PERCENT,
        _BOTH,
        _SIGNS,
        _quarterly("pca", "4.0604"),
    ),
    _transform(
        Transform.CCH,
        text("连续复利变化率", "Continuously compounded rate of change"),
        "(ln x_t − ln x_(t−1)) × 100",
        _LOG_PERCENT,
        _BOTH,
        _SIGNS,
        _quarterly("cch", "0.995"),
    ),
    _transform(
        Transform.CCA,
        text("连续复利年化变化率", "Continuously compounded annual rate of change"),
        "(ln x_t − ln x_(t−1)) × 100 × n",
        _LOG_PERCENT,
        _BOTH,
        _SIGNS,
        _quarterly("cca", "3.9801"),
    ),
    _transform(
        Transform.LOG,
        text("自然对数", "Natural logarithm"),
        "ln x_t",
        text("无单位", "none"),
        text("一个正值", "one positive value"),
        text("不为正时为空,原因 not_determinable", "null, not_determinable, unless positive"),
        _annual("log", "4.7958"),
    ),
    _transform(
        Transform.IDX,
        text("指数(基期 = 100)", "Index (base period = 100)"),
        "x_t / x_base × 100",
        text("指数", "index"),
        text(
            "该期与基期;基期可长于序列的一期(如月度序列的 2015 年,或 1982/1984),取其平均",
            "the period and the base period; a longer base (2015 of months, 1982/1984) is the "
            "average over it",
        ),
        text(
            "基期没有数据为 insufficient_history,基期不完整为 incomplete_period,口径变更为 break,"
            "基期为零为 base_zero,正负不同为 sign_change",
            "null: insufficient_history without the base, incomplete_period where a longer base "
            "lacks a part, break where the definition changed in between, base_zero, sign_change",
        ),
        Example({**_YEARS, "index_base": "2017"}, "110", transform_example("idx")),
        text("指数的定义", "definition of an index number"),
    ),
    _transform(
        Transform.RM,
        text("移动平均", "Rolling mean"),
        "(x_t + … + x_(t−w+1)) / w",
        text("与序列相同", "that of the series"),
        text("连续 w 期", "w consecutive periods"),
        text(
            "窗口内缺一期即为空,原因 insufficient_history",
            "null, insufficient_history, where one period of the window is not there",
        ),
        Example({**_YEARS, "window": "2"}, "115.5", transform_example("rm")),
        text("算术平均的定义", "definition of the arithmetic mean"),
    ),
    _transform(
        Transform.CAGR,
        text("年均复合增长率", "Compound annual growth rate"),
        "((x_t / x_s)^(1 / years) − 1) × 100",
        text("百分比/年", "percent a year"),
        text("起点与之后的一期", "the start and a later period"),
        _SIGNS,
        Example(
            {"values": "2016=100 2018=121", "span_start": "2016"}, "10", transform_example("cagr")
        ),
        text("几何平均增长率的定义", "definition of the geometric mean growth rate"),
    ),
)
