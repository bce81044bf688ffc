"""What a rule version is computed from: one edge an input of each output."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from metrics.models import Entity, Indicator, Rule, RuleVersion, Series
from metrics.services.rules.checks import PAIR_ROLES, RuleError, check_formula

# (output id, role, input id)
Edge = tuple[int, str, int]


def expand(rule: Rule, version: RuleVersion) -> set[Edge]:
    definition = version.definition
    if rule.kind == Rule.Kind.IMPLIED_PRIOR:
        return _per_entity(definition, output="level", roles=("level", "growth"))
    if rule.indicator_id:
        return _per_entity(definition, output="output", roles=("part", "whole"))
    if rule.kind in PAIR_ROLES:
        output = _series(rule, definition.get("output", ""))
        inputs = definition.get("inputs", {})
        return {
            (output.pk, role, _series(rule, inputs.get(role, "")).pk)
            for role in PAIR_ROLES[Rule.Kind(rule.kind)]
        }
    if rule.kind == Rule.Kind.FORMULA:
        return _expand_formula(rule, definition)
    return _expand_group(rule, definition)


def _expand_formula(rule: Rule, definition: dict[str, Any]) -> set[Edge]:
    """One edge for each name; all inputs have one frequency, and the output has it too."""
    check_formula(rule.key, definition)
    inputs = {name: _series(rule, key) for name, key in definition["inputs"].items()}
    frequency = next(iter(inputs.values())).frequency
    output = _series(rule, definition.get("output", ""), frequency)
    for series in (*inputs.values(), output):
        if series.frequency != frequency:
            reason = _("rule %(key)s: %(series)s is %(found)s; expected %(expected)s as the others")
            names = {"key": rule.key, "series": series.key, "found": series.get_frequency_display()}
            raise RuleError(reason % {**names, "expected": _frequency_name(frequency)})
    return {(output.pk, name, series.pk) for name, series in inputs.items()}


def _frequency_name(code: str) -> str:
    return str(Series.Frequency(code).label)


def _per_entity(definition: dict[str, str], *, output: str, roles: tuple[str, ...]) -> set[Edge]:
    """One set of inputs for every entity and frequency that has all the indicators."""
    names = {output, *roles}
    wanted = {definition[name] for name in names}
    found: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    rows = Series.objects.filter(indicator__key__in=wanted).values_list(
        "entity_id", "frequency", "indicator__key", "pk"
    )
    for entity_id, frequency, indicator_key, pk in rows:
        found[entity_id, frequency][indicator_key] = pk
    return {
        (series[definition[output]], role, series[definition[role]])
        for series in found.values()
        if wanted <= set(series)
        for role in roles
    }


def _expand_group(rule: Rule, definition: dict[str, Any]) -> set[Edge]:
    group = rule.group
    if group is None:
        raise RuleError(f"rule {rule.key}: a rule of kind {rule.kind} needs a group")
    members = list(group.series.select_related("entity", "indicator").order_by("pk"))
    if rule.kind == Rule.Kind.SUM:
        output = _series(rule, definition.get("output", ""))
        return {(output.pk, "member", member.pk) for member in members}
    edges: set[Edge] = set()
    for member in members:
        output = _member_output(rule, definition, member)
        edges.add((output.pk, "part", member.pk))
        if rule.kind == Rule.Kind.SHARE and group.total_id:
            edges.add((output.pk, "whole", group.total_id))
    return edges


def _member_output(rule: Rule, definition: dict[str, Any], member: Series) -> Series:
    """The output of a member: named one by one, or its entity × the output indicator."""
    named = definition.get("outputs", {}).get(member.key)
    if named:
        return _series(rule, named)
    indicator = Indicator.objects.filter(key=definition.get("output", "")).first()
    if indicator is None:
        raise RuleError(
            f"rule {rule.key}: no output for member {member.key}; "
            "expected an indicator under output or a series under outputs"
        )
    return series_for(member.entity, indicator, member.frequency)


def _series(rule: Rule, key: str, frequency: str = "A") -> Series:
    """The series a rule names; an output that has no series yet gets one."""
    found = Series.objects.filter(key=key).first()
    if found is not None:
        return found
    entity_slug, _, indicator_key = key.partition(".")
    entity = Entity.objects.filter(slug=entity_slug).first()
    indicator = Indicator.objects.filter(key=indicator_key).first()
    if entity is None or indicator is None:
        raise RuleError(f"rule {rule.key}: unknown series “{key}”; expected entity.indicator")
    return series_for(entity, indicator, frequency)


def series_for(entity: Entity, indicator: Indicator, frequency: str) -> Series:
    """The series of an entity, indicator and frequency, made where it is new.

    The first frequency has the bare key, a further one the suffix of its frequency.
    """
    found = Series.objects.filter(entity=entity, indicator=indicator, frequency=frequency).first()
    if found is not None:
        return found
    key = f"{entity.slug}.{indicator.key}"
    if Series.objects.filter(key=key).exists():
        key = f"{key}.{frequency.lower()}"
    return Series.objects.create(key=key, entity=entity, indicator=indicator, frequency=frequency)
