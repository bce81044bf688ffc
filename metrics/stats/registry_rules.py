"""Registry entries of the rules that join figures, and of the bounds."""

from __future__ import annotations

from collections.abc import Callable

from metrics.stats.bounds import Figure
from metrics.stats.consistency import compare_stated
from metrics.stats.formula import evaluate_formula, parse_formula
from metrics.stats.rules import (
    difference,
    growth,
    implied_prior,
    implied_prior_points,
    peer_index,
    rank_of,
    ratio,
    share_of_total,
    sum_of,
)
from metrics.stats.statistic import (
    Example,
    Kind,
    Statistic,
    Text,
    bounds_example,
    listed_example,
    rule_example,
    series,
    stated,
    text,
    told,
)

_INTERVALS = text(
    "定义;区间按区间算术(Moore,1966)", "definition; bounds by interval arithmetic (Moore, 1966)"
)
_TWO = text("两个值", "both figures")
_MISSING = text("缺一个即为空,原因 input_missing", "null, input_missing, where one is missing")
_BASE = text(
    "缺一个为 input_missing,分母为零为 base_zero,无有限边界为 not_determinable",
    "null: input_missing where one is missing, base_zero for a zero denominator, "
    "not_determinable without a finite bound",
)
_SAME = text("与序列相同", "that of the series")
_PERCENT = text("百分比", "percent")


def _rule(
    key: str,
    name: Text,
    formula: str,
    unit: Text,
    gaps: Text,
    example: Example,
    minimum_data: Text = _TWO,
    source: Text = _INTERVALS,
) -> Statistic:
    return Statistic(key, Kind.RULE, name, formula, unit, minimum_data, gaps, example, source, True)


def _pair(
    rule: Callable[[Figure, Figure], Figure], output: str, first: str, second: str, *names: str
) -> Example:
    return Example(dict(zip(names, (first, second), strict=True)), output, rule_example(rule))


def _ranks(values: str) -> str:
    ranks = rank_of({i: stated(value) for i, value in enumerate(values.split())})
    return " ".join(told(rank.value) for rank in ranks.values())


def _peers(values: str) -> str:
    indexes = peer_index({i: stated(value) for i, value in enumerate(values.split())})
    return " ".join(told(index.value) for index in indexes.values())


def _checked(claim: str, part: str, total: str) -> str:
    implied = share_of_total(stated(part), stated(total))
    return str(compare_stated(stated(claim), implied).verdict)


def _formula(written: str, dated: str) -> str:
    values = series(dated)
    return told(evaluate_formula(parse_formula(written), {"x": values}, max(values)).value)


RULES: tuple[Statistic, ...] = (
    _rule(
        "share",
        text("占比", "Share of total"),
        "part / total × 100",
        _PERCENT,
        _BASE,
        _pair(share_of_total, "98.5525", "8.17亿", "8.29亿", "part", "total"),
    ),
    _rule(
        "ratio",
        text("比值", "Ratio"),
        "numerator / denominator",
        text("倍", "times"),
        _BASE,
        _pair(ratio, "2.4", "12000", "5000", "numerator", "denominator"),
    ),
    _rule(
        "difference",
        text("差", "Difference"),
        "a − b",
        text("与两者相同;百分比之差为百分点", "that of both; points for percentages"),
        _MISSING,
        _pair(difference, "1.6", "18.3%", "16.7%", "a", "b"),
    ),
    _rule(
        "sum",
        text("合计", "Sum"),
        "x_1 + … + x_n",
        _SAME,
        _MISSING,
        Example({"members": "18.13亿 10.65亿 1.60亿 0.71亿"}, "3109000000", listed_example(sum_of)),
        text("每个成员的值", "a value of every member"),
    ),
    _rule(
        "growth",
        text("增长率", "Growth"),
        "(current / prior − 1) × 100",
        _PERCENT,
        text(
            "缺一个为 input_missing,基数为零为 base_zero,正负不同为 sign_change,"
            "两个下限之比为 not_determinable",
            "null: input_missing, base_zero, sign_change where the signs differ, "
            "not_determinable for two lower bounds",
        ),
        _pair(growth, "10", "3300", "3000", "current", "prior"),
    ),
    _rule(
        "implied-prior",
        text("推算的前期值", "Implied prior value"),
        "level / (1 + growth / 100)",
        _SAME,
        _BASE,
        _pair(implied_prior, "128510638.2979", "1.51亿", "17.5%", "level", "growth"),
        source=text("由增长率公式反解", "growth solved for the prior value"),
    ),
    _rule(
        "implied-prior-points",
        text("推算的前期比率", "Implied prior ratio"),
        "level − points",
        _PERCENT,
        _MISSING,
        _pair(implied_prior_points, "28.5", "34.6%", "6.1%", "level", "points"),
        source=text("由差的公式反解", "difference solved for the prior value"),
    ),
    _rule(
        "rank",
        text("排名", "Rank"),
        "1 + #{x_j > x_i}",
        text("名次", "rank"),
        text("缺失者不占名次", "a missing member takes no place"),
        Example({"members": "30 20 20 10"}, "1 2 2 4", _ranks),
        text("一个值", "one value"),
        text("标准竞赛排名(1224)", "standard competition ranking (1224)"),
    ),
    _rule(
        "peer-index",
        text("同业指数(同业均值 = 100)", "Peer index (mean of the peers = 100)"),
        "x_i / ((x_1 + … + x_n) / n) × 100",
        text("指数", "index"),
        text(
            "缺失的成员不计入均值;均值为零为 base_zero",
            "a missing member is out of the mean; null, base_zero, for a mean of zero",
        ),
        Example({"members": "50 100 150"}, "50 100 150", _peers),
        text("两个成员的值", "values of two members"),
        text("指数的定义,以同期各成员的算术平均为基", "index number on the cross-section mean"),
    ),
    _rule(
        "formula",
        text("公式", "Formula"),
        "+ − × ÷ ( ) min max abs sum mean, x[-1], x[-1y]",
        text("由公式决定", "what the formula makes of its inputs'"),
        text(
            "从左到右取第一个原因:本期缺值为 input_missing,前期缺值为 insufficient_history,"
            "除数为零为 base_zero",
            "null with the first reason from left to right: input_missing, insufficient_history "
            "for an earlier period, base_zero, not_determinable",
        ),
        Example(
            {"formula": "(x - x[-1]) / mean(x, x[-1])", "x": "2017=90 2018=110"}, "0.2", _formula
        ),
        text("所引用的每个值", "every value it refers to"),
    ),
)

BOUNDS: tuple[Statistic, ...] = (
    Statistic(
        "stated-bounds",
        Kind.BOUND,
        text("报道数字的区间", "Bounds of a stated figure"),
        "x ± r / 2; > x: [x, ∞); < x, ≈↑ x: (−∞, x]; ≈ x: —",
        _SAME,
        text("数字与其末位有效数字", "the figure and its last significant digit"),
        text("“约”没有区间", "about has no bounds"),
        Example({"stated": "8.29亿"}, "828500000 829500000", bounds_example),
        text(
            "四舍五入的定义;整数末尾的零不算有效数字",
            "definition of rounding; trailing zeros of a whole number are not significant",
        ),
        True,
    ),
    Statistic(
        "consistency",
        Kind.BOUND,
        text("一致性检验", "Consistency check"),
        "[stated] ∩ [implied] ≠ ∅",
        text("一致、不一致或无法判定", "consistent, inconsistent or undecidable"),
        text("报道的数字与由独立水平值推算的数字", "a stated figure and one implied by levels"),
        text(
            "缺一个,或一个两侧都没有边界(“约”),则无法判定",
            "undecidable where one is missing or has no bound on either side (about)",
        ),
        Example({"stated": "98.6%", "part": "8.17亿", "total": "8.29亿"}, "consistent", _checked),
        text("区间的交集(Moore,1966)", "overlap of intervals (Moore, 1966)"),
        True,
    ),
)
