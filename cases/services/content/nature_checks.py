"""Whether natures and units allow what a rule or an indicator of the content computes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.utils.translation import override

from cases.services.content.record import GROUPS, INDICATORS, RULES, UNITS, Content, Data, Record
from cases.services.content.series_plan import SeriesPlan, rule_outputs
from metrics.models import Rule
from metrics.services.rules.misfits import rule_refusal
from metrics.stats.natures import Nature
from metrics.stats.quantities import Quantity, UnitKind

Fault = tuple[str, str]  # field, message


def nature_faults(content: Content, plan: SeriesPlan, record: Record) -> Iterator[Fault]:
    """What is forbidden; nothing where a name is unknown, which is told elsewhere."""
    try:
        if record.kind == RULES:
            yield from _rule_faults(content, plan, record)
        elif record.kind == INDICATORS:
            yield from _indicator_faults(content, record)
    except KeyError:
        return


def _rule_faults(content: Content, plan: SeriesPlan, record: Record) -> Iterator[Fault]:
    data, kind = record.data, Rule.Kind(record.data["kind"])
    inputs: dict[str, list[Quantity]] = defaultdict(list)
    for role, key in data.get("inputs", {}).items():
        inputs[role].append(_of_series(content, key))
    if "group" in data:
        group = content[GROUPS][data["group"]].data
        role = "member" if kind == Rule.Kind.SUM else "part"
        inputs[role] = _distinct(_of_series(content, key) for key in group["members"])
        if kind == Rule.Kind.SHARE and "total" in group:
            inputs["whole"] = [_of_series(content, group["total"])]
    outputs = _distinct(_of_series(content, key) for key, _ in rule_outputs(content, record, plan))
    message = _refusal(kind.value, data, inputs, outputs)
    if message:
        yield "formula" if kind == Rule.Kind.FORMULA else "kind", message


def _indicator_faults(content: Content, record: Record) -> Iterator[Fault]:
    data = record.data
    if "growth_of" in data:
        kind, roles, field = "implied-prior", {"level": data["growth_of"]}, "growth_of"
    elif "share_part" in data:
        roles = {"part": data["share_part"], "whole": data["share_of"]}
        kind, field = "share", "share_part"
    else:
        return
    own = _of_indicator(content, record.key)
    inputs = {role: [_of_indicator(content, key)] for role, key in roles.items()}
    if kind == "implied-prior":
        inputs["growth"] = [own]
    message = _refusal(kind, {}, inputs, [own])
    if message:
        yield field, message


def _refusal(
    kind: str, data: Data, inputs: Mapping[str, list[Quantity]], outputs: list[Quantity]
) -> str:
    """Why the rule is refused, in the language of the files' messages; empty where it is not."""
    with override("en"):
        return str(rule_refusal(kind, data, inputs, outputs) or "")


def _of_series(content: Content, key: str) -> Quantity:
    indicator = key.partition(".")[2].partition(".")[0]
    return _of_indicator(content, indicator, key)


def _of_indicator(content: Content, key: str, name: str = "") -> Quantity:
    data = content[INDICATORS][key].data
    unit = content[UNITS][data["unit"]].data
    kind, unit_name = UnitKind(unit["kind"]), unit["name"]["en"]
    return Quantity(name or key, Nature(data["nature"]), data["unit"], kind, unit_name)


def _distinct(quantities: Iterator[Quantity]) -> list[Quantity]:
    """One for each nature and unit: the first."""
    seen: dict[tuple[str, str], Quantity] = {}
    for one in quantities:
        seen.setdefault((one.nature, one.unit), one)
    return list(seen.values())
