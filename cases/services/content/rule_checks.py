"""Whether a rule names what its kind needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import override

from cases.services.content.record import ENTITIES, GROUPS, INDICATORS, RULES, Content, Data, Record
from cases.services.content.series_plan import SeriesPlan
from metrics.models import Rule
from metrics.services.rules.checks import MEMBERWISE, PAIR_ROLES, QUOTIENTS, formula_refusal
from metrics.stats.formula import FormulaError, parse_formula, references

Fault = tuple[str, str]
_SUM, _FORMULA = Rule.Kind.SUM, Rule.Kind.FORMULA


def rule_faults(content: Content, plan: SeriesPlan, record: Record) -> Iterator[Fault]:
    if record.kind != RULES:
        return
    kind = Rule.Kind(record.data["kind"])
    if kind in PAIR_ROLES:
        yield from _pair_faults(plan, record, PAIR_ROLES[kind])
    elif kind == _FORMULA:
        yield from _formula_faults(plan, record)
    elif "group" not in record.data:
        yield "kind", f"a rule of kind {kind.value}; expected the key 'group'"
    elif kind == _SUM and "." not in record.data.get("output", ""):
        yield "output", "a sum; expected the key 'output' with a series key"
    elif kind in MEMBERWISE:
        yield from _member_faults(content, record)
    yield from _misplaced(kind, record)
    for name in ("output", "outputs"):
        value = record.data.get(name, {})
        for key in value.values() if isinstance(value, dict) else [value]:
            yield from ((name, message) for message in _output_faults(content, key))


def _misplaced(kind: Rule.Kind, record: Record) -> Iterator[Fault]:
    """Parts that only other kinds have."""
    if kind != _FORMULA and "formula" in record.data:
        yield "formula", f"a rule of kind {kind.value}; expected no formula"
    if kind not in QUOTIENTS and "nonnegative" in record.data:
        yield "nonnegative", f"a rule of kind {kind.value}; only a ratio or a share has it"


def _pair_faults(plan: SeriesPlan, record: Record, roles: tuple[str, ...]) -> Iterator[Fault]:
    inputs = record.data.get("inputs", {})
    if set(inputs) != set(roles) or "." not in record.data.get("output", ""):
        message = f"expected 'output' with a series key and 'inputs' with {' and '.join(roles)}"
        yield "inputs", f"a rule of kind {record.data['kind']}; {message}"
    yield from _input_faults(plan, record)


def _input_faults(plan: SeriesPlan, record: Record) -> Iterator[Fault]:
    for key in record.data.get("inputs", {}).values():
        if key not in plan.series:
            yield "inputs", f"unknown series {key!r}; expected one that a row or a rule gives"


def _formula_faults(plan: SeriesPlan, record: Record) -> Iterator[Fault]:
    data = record.data
    if "." not in data.get("output", "") or "inputs" not in data or "formula" not in data:
        message = "expected 'output' with a series key, 'inputs' by name and 'formula'"
        yield "kind", f"a rule of kind {data['kind']}; {message}"
    elif "group" in data:
        yield "group", f"a rule of kind {data['kind']}; expected no group"
    else:
        with override("en"):
            refusal = formula_refusal(data["formula"], data["inputs"])
            if refusal is not None:
                yield "formula", str(refusal)
    yield from _input_faults(plan, record)


def _member_faults(content: Content, record: Record) -> Iterator[Fault]:
    output, outputs = record.data.get("output", ""), record.data.get("outputs", {})
    if "." in output:
        yield "output", f"{output!r} is a series; expected an indicator, one series per member"
    group = content[GROUPS].get(record.data["group"])
    members = group.data["members"] if group else []
    for key in outputs:
        if group and key not in members:
            yield "outputs", f"{key!r} is no member of {group.key}; expected one of its members"
    for member in members:
        if not output and member not in outputs:
            yield "kind", f"no output for member {member}; expected 'output' or it under 'outputs'"


def _output_faults(content: Content, key: str) -> Iterator[str]:
    entity, dot, indicator = key.partition(".")
    if dot and entity not in content[ENTITIES]:
        yield f"unknown entity {entity!r} in {key}; expected a key of {ENTITIES}"
    name = indicator.partition(".")[0] if dot else entity
    if key and name not in content[INDICATORS]:
        yield f"unknown indicator {name!r}; expected a key of {INDICATORS}"


def ordered_pairs(data: Data, members: Sequence[str]) -> dict[str, Any]:
    """The rule with its inputs in the order of their roles, its outputs in that of the members."""
    roles = PAIR_ROLES.get(Rule.Kind(data["kind"])) or _names(data.get("formula", ""))
    order = {"inputs": list(roles), "outputs": list(members)}
    return {
        name: _arranged(value, order[name]) if name in order else value
        for name, value in data.items()
    }


def _names(formula: str) -> Sequence[str]:
    """The names in the order in which a formula takes them; none where it cannot be read."""
    try:
        taken = references(parse_formula(formula))
    except FormulaError:
        return ()
    return list(dict.fromkeys(one.name for one in taken))


def _arranged(pairs: Mapping[str, str], order: Sequence[str]) -> dict[str, str]:
    keys = [key for key in order if key in pairs]
    return {key: pairs[key] for key in [*keys, *sorted(set(pairs) - set(keys))]}
