"""Registry entries of the aggregations from a shorter to a longer period."""

from __future__ import annotations

from collections.abc import Callable

from metrics.stats.aggregation import Aggregation, aggregate
from metrics.stats.natures import NATURES
from metrics.stats.periods import Frequency
from metrics.stats.statistic import Example, Kind, Statistic, Text, series, text, told

_FRED = text(
    "美国圣路易斯联储 FRED 接口的 aggregation_method 参数",
    "FRED API, parameter aggregation_method (St. Louis Fed)",
)
_SAME = text("与序列相同", "that of the series")
_EVERY = text("期内各分期都有值", "a value of every sub-period")
_INCOMPLETE = text(
    "缺一个分期即为空,原因 incomplete_period;周归入其最后一天所在的期间;"
    "工作日序列(某周一至周五都有值,周末从无值)不计周末,来源列为未报告的节假日也不计",
    "null, incomplete_period, where one sub-period has no value; a week belongs to the period "
    "that holds its last day; a series of working days (values on all five days of some week and "
    "never on a weekend) needs no weekends, nor holidays that the source lists as not reported",
)


def _aggregation(
    method: Aggregation,
    name: Text,
    formula: str,
    output: str,
    minimum_data: Text = _EVERY,
    gaps: Text = _INCOMPLETE,
) -> Statistic:
    example = Example({"values": "2018-10=1 2018-11=2 2018-12=6"}, output, _quarterly(method))
    kind = Kind.AGGREGATION
    return Statistic(
        method.value, kind, name, formula, _SAME, minimum_data, gaps, example, _FRED, True
    )


def _quarterly(method: Aggregation) -> Callable[[str], str]:
    """Aggregate months to quarters by a method that a nature allows, and tell the last."""

    def compute(dated: str) -> str:
        nature = next(n for n, rules in NATURES.items() if method in rules.aggregations)
        made = aggregate(
            series(dated),
            source=Frequency.MONTH,
            target=Frequency.QUARTER,
            method=method,
            nature=nature,
        )
        return told(made[max(made)].value)

    return compute


AGGREGATIONS: tuple[Statistic, ...] = (
    _aggregation(
        Aggregation.AVG, text("期内平均", "Average of a period"), "(x_1 + … + x_n) / n", "3"
    ),
    _aggregation(Aggregation.SUM, text("期内合计", "Sum of a period"), "x_1 + … + x_n", "9"),
    _aggregation(
        Aggregation.EOP,
        text("期末值", "End of period"),
        "x_n",
        "6",
        text("期内最后一个分期", "the last sub-period"),
        text(
            "缺最后一个分期即为空,原因 incomplete_period;工作日序列取最后一个工作日",
            "null, incomplete_period, where the last sub-period is not there; of working days the "
            "last one that is no holiday",
        ),
    ),
)
