"""A lineage tree in a reader's words."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, override

from metrics.models import Series, Unit
from metrics.selectors.lineage import method_anchor
from metrics.selectors.lineage_node import LineageNode, Rival
from metrics.selectors.printing import (
    in_language,
    moment,
    place,
    printed_value,
    reason_text,
    reported_year,
    rule_text,
    series_name,
)
from metrics.stats.registry import STATISTICS

# units:pc1, aggregation:sum → what computes it.
STEPS = {
    f"{'units' if one.kind == 'transform' else one.kind}:{one.key}": one
    for one in STATISTICS
    if one.kind in ("transform", "aggregation")
}


@dataclass(frozen=True, slots=True)
class LineageLine:
    """A value of a tree as a list shows it, with the lines below it."""

    role: str
    series_key: str
    series_name: str
    period: str
    period_label: str
    number: str
    null_text: str
    rule_text: str
    rule_anchor: str
    rule_version: int
    source_slug: str
    source_title: str
    place: str
    stated: str
    inputs: tuple["LineageLine", ...]
    further: int
    rivals: tuple["RivalLine", ...] = ()
    days: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class RivalLine:
    """What another source states, where it is not the preferred one."""

    number: str
    source_slug: str
    source_title: str
    place: str


def lineage_line(node: LineageNode, language: str) -> LineageLine:
    """The node and all below it, in a language. No query."""
    value, series, source = node.value, node.series, node.source
    number = printed_value(value, node.unit or Unit(kind="index"), language)
    return LineageLine(
        role=_role(node.role, language),
        series_key=series.key,
        series_name=series_name(series, language),
        period=value.period.code,
        period_label=moment(value.period, series.indicator, language, reported_year(value, source)),
        number=number.text if number else "",
        null_text="" if number else reason_text(value.figure.null_reason, language),
        rule_text=_what(node, language),
        rule_anchor=_anchor(node),
        rule_version=node.rule.number if node.rule else 0,
        source_slug=source.slug if source else "",
        source_title=in_language(source, "title", language) if source else "",
        place=place(value.locator, language),
        stated=value.stated,
        inputs=tuple(lineage_line(one, language) for one in node.inputs),
        further=node.further,
        rivals=tuple(_rival(one, series, language) for one in node.rivals),
        days=node.days,
    )


def _rival(rival: Rival, series: Series, language: str) -> RivalLine:
    number = printed_value(rival.value, series.indicator.unit, language)
    reason = reason_text(rival.value.figure.null_reason, language)
    return RivalLine(
        number=number.text if number else reason,
        source_slug=rival.source.slug,
        source_title=in_language(rival.source, "title", language),
        place=place(rival.value.locator, language),
    )


def _what(node: LineageNode, language: str) -> str:
    """The rule, or the statistic, that computes the value."""
    if node.rule:
        return rule_text(node.rule, language)
    return STEPS[node.step].name[language] if node.step else ""


def _anchor(node: LineageNode) -> str:
    if node.rule:
        return method_anchor(node.rule)
    return f"{STEPS[node.step].kind}-{STEPS[node.step].key}" if node.step else ""


def _role(role: str, language: str) -> str:
    """The part a value has in the rule above it; a name of an input as it is."""
    with override(language):
        names = {
            "part": gettext("part"),
            "whole": gettext("whole"),
            "member": gettext("member"),
            "numerator": gettext("numerator"),
            "denominator": gettext("denominator"),
            "minuend": gettext("minuend"),
            "subtrahend": gettext("subtrahend"),
            "level": gettext("level"),
            "growth": gettext("growth"),
            "value": gettext("value"),
            "base": gettext("base"),
        }
    return names.get(role, role)
