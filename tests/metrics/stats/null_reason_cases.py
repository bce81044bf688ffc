"""How each statistic is made to give each reason for no value that the registry declares."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from metrics.stats.aggregation import aggregate
from metrics.stats.bounds import Figure
from metrics.stats.breaks import NO_BREAKS, Breaks
from metrics.stats.derivation import derive
from metrics.stats.periods import Frequency, Period
from metrics.stats.reasons import Reason
from metrics.stats.registry import Kind
from metrics.stats.rules import growth
from metrics.stats.transforms import apply
from metrics.stats.wording import Qualifier

Figures = Mapping[Period, Figure]
MIDYEAR = Breaks((date(2018, 7, 1),))
# What every transform compares: 2017-Q4 and 2018-Q4, or the quarter before.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "idx": {"index_base": Period.parse("2018-Q3")},
    "rm": {"window": 2},
    "cagr": {"span_start": Period.parse("2018-Q3")},
}
YEARLY = ("ch1", "pc1")


def figure(told: str) -> Figure:
    """``5``, ``>5`` (over), ``<5`` (under), or the reason why there is none."""
    if told.isidentifier():
        return Figure.missing(told)
    qualifier = {">": Qualifier.OVER, "<": Qualifier.UNDER}.get(told[0], Qualifier.EXACT)
    return Figure.stated(Decimal(told.lstrip("<>")), None, qualifier)


def series(told: str) -> Figures:
    pairs = (item.split("=") for item in told.split())
    return {Period.parse(code): figure(value) for code, value in pairs}


def transformed(code: str, told: str, breaks: Breaks = NO_BREAKS, **changed: Any) -> str:
    """The reason of the last period."""
    before = "2017-Q4" if code in YEARLY else "2018-Q3"
    values = series(told.replace("before", before).replace("now", "2018-Q4"))
    arguments = {**ARGUMENTS.get(code, {}), **changed}
    made = apply(code, values, frequency=Frequency.QUARTER, nature="stock", breaks=breaks,
                 **arguments)  # fmt: skip
    return made[max(made)].null_reason


def aggregated(method: str, told: str, breaks: Breaks = NO_BREAKS) -> str:
    nature = "flow" if method == "sum" else "index"
    made = aggregate(series(told), source="S", target="A", method=method, nature=nature,
                     breaks=breaks)  # fmt: skip
    return made[Period.parse("2018")].null_reason


def derived(kind: str, roles: Mapping[str, str], **given: Any) -> str:
    """The reason that a rule gives for its last period; each role has a series of its own."""
    ids = {role: number for number, role in enumerate(roles, start=1)}
    edges = {9: {role: [pk] for role, pk in ids.items()}}
    panel = {ids[role]: series(told) for role, told in roles.items()}
    made = derive(kind, edges, panel, definition=given.pop("definition", {}), **given)[9]
    return made[max(made)].null_reason


def of_members(kind: str, role: str, *members: str) -> str:
    """The reason that a rule over a group gives for its first member (a sum: for the sum)."""
    panel = {pk: series(f"2018={told}") for pk, told in enumerate(members)}
    edges = (
        {100: {role: list(panel)}} if kind == "sum" else {100 + pk: {role: [pk]} for pk in panel}
    )
    return derive(kind, edges, panel, definition={})[100][Period.parse("2018")].null_reason


def pair(kind: str, first: str, second: str) -> Callable[[str, str], str]:
    return lambda x, y: derived(kind, {first: f"2018={x}", second: f"2018={y}"})


def of_formula(formula: str, told: str, breaks: Breaks = NO_BREAKS) -> str:
    return derived("formula", {"x": told}, definition={"formula": formula}, breaks={1: breaks})


def implied(change: str, level: str, stated: str, breaks: Breaks = NO_BREAKS) -> str:
    roles = {"level": f"2018={level}", "growth": f"2018={stated}"}
    definition = {"change": change} if change else {}
    return derived("implied-prior", roles, definition=definition, breaks={1: breaks})


Cases = dict[Reason, Callable[[], str]]
R = Reason


def compared(code: str) -> Cases:
    return {
        R.INPUT_MISSING: lambda: transformed(code, "before=1 now=withdrawn"),
        R.INSUFFICIENT_HISTORY: lambda: transformed(code, "2016-Q1=1 now=2"),
        R.BREAK: lambda: transformed(code, "before=1 now=2", Breaks((date(2018, 10, 1),))),
        R.NOT_DETERMINABLE: lambda: transformed(code, "before=>1 now=>2"),
    }


def grown(code: str) -> Cases:
    return {
        **compared(code),
        R.BASE_ZERO: lambda: transformed(code, "before=0 now=2"),
        R.SIGN_CHANGE: lambda: transformed(code, "before=-1 now=2"),
    }


def divided(rule: Callable[[str, str], str]) -> Cases:
    return {
        R.INPUT_MISSING: lambda: rule("1", "not_reported"),
        R.BASE_ZERO: lambda: rule("1", "0"),
        R.NOT_DETERMINABLE: lambda: rule(">2", ">1"),
    }


def passed_on(give: Callable[[str], str]) -> Cases:
    return {reason: lambda reason=reason: give(str(reason)) for reason in Reason}


def averaged(method: str) -> Cases:
    return {
        R.INCOMPLETE_PERIOD: lambda: aggregated(method, "2018-S1=1 2018-S2=not_yet_due"),
        R.BREAK: lambda: aggregated(method, "2018-S1=1 2018-S2=2", MIDYEAR),
        R.NOT_DETERMINABLE: lambda: aggregated(method, "2018-S1=>1 2018-S2=<2"),
    }


def told_growth(x: str, y: str) -> str:
    return growth(figure(x), figure(y)).null_reason


CASES: dict[tuple[Kind, str], Cases] = {
    (Kind.TRANSFORM, "lin"): passed_on(lambda reason: transformed("lin", f"now={reason}")),
    (Kind.TRANSFORM, "chg"): compared("chg"),
    (Kind.TRANSFORM, "ch1"): compared("ch1"),
    (Kind.TRANSFORM, "rm"): compared("rm"),
    **{(Kind.TRANSFORM, code): grown(code) for code in ("pch", "pc1", "pca", "cch", "cca")},
    (Kind.TRANSFORM, "log"): {
        R.INPUT_MISSING: lambda: transformed("log", "now=restricted"),
        R.NOT_DETERMINABLE: lambda: transformed("log", "now=0"),
    },
    (Kind.TRANSFORM, "idx"): {
        **grown("idx"),
        R.INCOMPLETE_PERIOD: lambda: transformed(
            "idx", "2018-Q1=1 now=2", index_base=Period.parse("2018-S1")
        ),
    },
    (Kind.TRANSFORM, "cagr"): grown("cagr"),
    (Kind.AGGREGATION, "avg"): averaged("avg"),
    (Kind.AGGREGATION, "sum"): averaged("sum"),
    (Kind.AGGREGATION, "eop"): passed_on(
        lambda reason: aggregated("eop", f"2018-S1=1 2018-S2={reason}")
    ),
    (Kind.RULE, "share"): divided(pair("share", "part", "whole")),
    (Kind.RULE, "ratio"): divided(pair("ratio", "numerator", "denominator")),
    (Kind.RULE, "difference"): {
        R.INPUT_MISSING: lambda: pair("difference", "minuend", "subtrahend")("1", "restricted"),
        R.NOT_DETERMINABLE: lambda: pair("difference", "minuend", "subtrahend")(">2", ">1"),
    },
    (Kind.RULE, "sum"): {
        R.INPUT_MISSING: lambda: of_members("sum", "member", "1", "not_reported"),
        R.NOT_DETERMINABLE: lambda: of_members("sum", "member", ">1", "<2"),
    },
    (Kind.RULE, "growth"): {**divided(told_growth), R.SIGN_CHANGE: lambda: told_growth("1", "-1")},
    (Kind.RULE, "implied-prior"): {
        R.INPUT_MISSING: lambda: implied("", "1", "not_reported"),
        R.BASE_ZERO: lambda: implied("", "1", "-100"),
        R.NOT_DETERMINABLE: lambda: implied("", ">1", ">5"),
        R.BREAK: lambda: implied("", "1", "5", MIDYEAR),
    },
    (Kind.RULE, "implied-prior-points"): {
        R.INPUT_MISSING: lambda: implied("points", "1", "withdrawn"),
        R.NOT_DETERMINABLE: lambda: implied("points", ">1", ">5"),
        R.BREAK: lambda: implied("points", "1", "5", MIDYEAR),
    },
    (Kind.RULE, "rank"): {
        R.INPUT_MISSING: lambda: of_members("rank", "part", "restricted", "1"),
    },
    (Kind.RULE, "peer-index"): {
        R.INPUT_MISSING: lambda: of_members("peer-index", "part", "not_yet_due", "1", "2"),
        R.BASE_ZERO: lambda: of_members("peer-index", "part", "1", "-1"),
        R.NOT_DETERMINABLE: lambda: of_members("peer-index", "part", ">1", "<2"),
    },
    (Kind.RULE, "formula"): {
        R.INPUT_MISSING: lambda: of_formula("x + 1", "2018=restricted"),
        R.INSUFFICIENT_HISTORY: lambda: of_formula("x - x[-1]", "2018=1"),
        R.BREAK: lambda: of_formula("x - x[-1]", "2017=1 2018=2", MIDYEAR),
        R.BASE_ZERO: lambda: of_formula("1 / x", "2018=0"),
        R.NOT_DETERMINABLE: lambda: of_formula("mean(x, 0 - x)", "2018=>1"),
    },
}
