"""What a rule version is computed from: one edge an input of each output."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from metrics.models import Entity, Indicator, Rule, RuleVersion, Series
from metrics.services.rules.checks import PAIR_ROLES, RuleError, check_formula
from metrics.stats.phrases import Phrase

# (output id, role, input id)
Edge = tuple[int, str, int]


def expand(rule: Rule, version: RuleVersion) -> set[Edge]:
    definition = version.definition
    if rule.kind == Rule.Kind.IMPLIED_PRIOR:
        return _per_entity(definition, output="level", roles=("level", "growth"))
    if rule.indicator_id:
        return _per_entity(definition, output="output", roles=("part", "whole"))
    if rule.kind in PAIR_ROLES:
        keys = definition.get("inputs", {})
        roles = PAIR_ROLES[Rule.Kind(rule.kind)]
        return _expand_named(rule, definition, {role: keys.get(role, "") for role in roles})
    if rule.kind == Rule.Kind.FORMULA:
        return _expand_formula(rule, definition)
    return _expand_group(rule, definition)


def _expand_formula(rule: Rule, definition: dict[str, Any]) -> set[Edge]:
    check_formula(rule.key, definition)
    return _expand_named(rule, definition, definition["inputs"])


def _expand_named(rule: Rule, definition: dict[str, Any], keys: Mapping[str, str]) -> set[Edge]:
    """One edge for each named input."""
    inputs = {name: _series(rule, key) for name, key in keys.items()}
    output = _output(rule, definition, list(inputs.values()))
    return {(output.pk, name, series.pk) for name, series in inputs.items()}


def _output(rule: Rule, definition: dict[str, Any], inputs: Sequence[Series]) -> Series:
    """The one output; all inputs have one frequency, and the output has it too."""
    frequency = inputs[0].frequency if inputs else Series.Frequency.ANNUAL
    output = _series(rule, definition.get("output", ""), frequency)
    for series in (*inputs, output) if inputs else ():
        if series.frequency != frequency:
            reason = _("rule %(key)s: %(series)s is %(found)s; expected %(expected)s as the others")
            names = {"key": rule.key, "series": series.key, "found": series.get_frequency_display()}
            raise RuleError(reason % {**names, "expected": _frequency_name(frequency)})
    return output


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
        raise RuleError(
            Phrase(
                "rule %(key)s: a rule of kind %(kind)s needs a group", key=rule.key, kind=rule.kind
            )
        )
    members = list(group.series.select_related("entity", "indicator").order_by("pk"))
    if rule.kind == Rule.Kind.SUM:
        output = _output(rule, definition, members)
        return {(output.pk, "member", member.pk) for member in members}
    outputs = _member_outputs(rule, definition, members)
    edges: set[Edge] = {(outputs[member.pk], "part", member.pk) for member in members}
    if rule.kind == Rule.Kind.SHARE and group.total_id:
        edges |= {(output, "whole", group.total_id) for output in outputs.values()}
    return edges


def _member_outputs(
    rule: Rule, definition: dict[str, Any], members: Sequence[Series]
) -> dict[int, int]:
    """The output of each member: named one by one, or its entity × the output indicator.

    A fixed number of queries for those that are not named, whatever their number.
    """
    named = definition.get("outputs", {})
    outputs = {m.pk: _series(rule, named[m.key]).pk for m in members if named.get(m.key)}
    rest = [member for member in members if member.pk not in outputs]
    if not rest:
        return outputs
    indicator = Indicator.objects.filter(key=definition.get("output", "")).first()
    if indicator is None:
        reason = Phrase(
            "rule %(key)s: no output for member %(member)s; "
            "expected an indicator under output or a series under outputs",
            key=rule.key,
            member=rest[0].key,
        )
        raise RuleError(reason)
    of_entity = _of_entities([(member.entity, member.frequency) for member in rest], indicator)
    return outputs | {m.pk: of_entity[m.entity_id, m.frequency] for m in rest}


def _of_entities(
    places: Sequence[tuple[Entity, str]], indicator: Indicator
) -> dict[tuple[int, str], int]:
    """The series of an indicator by entity and frequency; those that are new are made."""
    known = {
        (entity_id, frequency): pk
        for entity_id, frequency, pk in Series.objects.filter(indicator=indicator).values_list(
            "entity_id", "frequency", "pk"
        )
    }
    new = {
        (entity.pk, frequency): entity
        for entity, frequency in places
        if (entity.pk, frequency) not in known
    }
    keys = [f"{entity.slug}.{indicator.key}" for entity in new.values()]
    taken = set(Series.objects.filter(key__in=keys).values_list("key", flat=True))
    made = []
    for (_entity_id, frequency), entity in new.items():
        key = f"{entity.slug}.{indicator.key}"
        key = f"{key}.{frequency.lower()}" if key in taken else key
        taken.add(key)
        made.append(Series(key=key, entity=entity, indicator=indicator, frequency=frequency))
    created = Series.objects.bulk_create(made, batch_size=2000)
    return known | {(one.entity_id, one.frequency): one.pk for one in created}


def _series(rule: Rule, key: str, frequency: str = "A") -> Series:
    """The series a rule names; an output that has no series yet gets one."""
    found = Series.objects.filter(key=key).first()
    if found is not None:
        return found
    entity_slug, _, indicator_key = key.partition(".")
    entity = Entity.objects.filter(slug=entity_slug).first()
    indicator = Indicator.objects.filter(key=indicator_key).first()
    if entity is None or indicator is None:
        reason = Phrase(
            "rule %(key)s: unknown series “%(series)s”; expected entity.indicator",
            key=rule.key,
            series=key,
        )
        raise RuleError(reason)
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
