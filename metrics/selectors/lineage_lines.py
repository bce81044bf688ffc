"""A lineage tree in a reader's words."""

from dataclasses import dataclass

from django.utils.translation import gettext, override

from metrics.selectors.lineage import method_anchor
from metrics.selectors.lineage_tree import LineageNode
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


def lineage_line(node: LineageNode, language: str) -> LineageLine:
    """The node and all below it, in a language. No query."""
    value, series, source = node.value, node.series, node.source
    number = printed_value(value, series.indicator.unit, language)
    return LineageLine(
        role=_role(node.role, language),
        series_key=series.key,
        series_name=series_name(series, language),
        period=value.period.code,
        period_label=moment(value.period, series.indicator, language, reported_year(value, source)),
        number=number.text if number else "",
        null_text="" if number else reason_text(value.figure.null_reason, language),
        rule_text=rule_text(node.rule, language) if node.rule else "",
        rule_anchor=method_anchor(node.rule) if node.rule else "",
        rule_version=node.rule.number if node.rule else 0,
        source_slug=source.slug if source else "",
        source_title=in_language(source, "title", language) if source else "",
        place=place(value.locator, language),
        stated=value.stated,
        inputs=tuple(lineage_line(one, language) for one in node.inputs),
        further=node.further,
    )


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
        }
    return names.get(role, role)
