"""Expanding rules into inputs, versioned by seq; refusing circles."""

from collections import defaultdict
from typing import Any

from django.db.models import F

from metrics.models import (
    Change,
    Entity,
    Indicator,
    Rule,
    RuleInput,
    RuleVersion,
    Series,
)
from metrics.services.stale import EVERY_PERIOD, Targets

# (output id, role, input id)
Edge = tuple[int, str, int]

PAIR_ROLES = {
    Rule.Kind.RATIO: ("numerator", "denominator"),
    Rule.Kind.DIFFERENCE: ("minuend", "subtrahend"),
}


class RuleError(Exception):
    """A rule that cannot be expanded: the message names the rule and what is expected."""


def sync_rules(change: Change) -> Targets:
    """Bring rule versions and inputs in line with indicators, groups and definitions.

    Growth and share indicators make their own rules; a rule whose definition changed gets a new
    version; inputs that no longer hold are closed at `change.seq`, new ones open there. Returns
    the outputs (or group rules) to compute again. Raises RuleError for a circle, a missing series
    or two explicit rules for one output.
    """
    _make_indicator_rules()
    targets = Targets()
    for rule in Rule.objects.select_related("indicator__unit", "group__total").order_by("key"):
        targets.add(_sync_rule(rule, change))
    _refuse_circles()
    targets.series |= _summarised_by_another_nature()
    return targets


def _summarised_by_another_nature() -> set[int]:
    """Series whose indicator was given another nature since their summary was made."""
    outdated = Series.objects.exclude(summary__nature=F("indicator__nature"))
    return set(outdated.filter(summary__isnull=False).values_list("pk", flat=True))


def save_definition(rule: Rule, definition: dict[str, Any], change: Change) -> RuleVersion:
    """Make the definition the current version of the rule, if it differs from the one in force."""
    current: RuleVersion | None = rule.versions.current().first()
    if current is not None and current.definition == definition:
        return current
    number = 1
    if current is not None:
        number = current.number + 1
        if current.seq_from == change.seq:
            current.definition = definition
            current.save(update_fields=["definition"])
            return current
        current.seq_to = change.seq
        current.save(update_fields=["seq_to"])
        current.inputs.current().update(seq_to=change.seq)
    version: RuleVersion = rule.versions.create(
        number=number, definition=definition, seq_from=change.seq
    )
    return version


def _make_indicator_rules() -> None:
    """One rule per growth indicator (implied prior) and per share indicator (share)."""
    standing = {pk for pk in Rule.objects.values_list("indicator_id", flat=True) if pk}
    for indicator in Indicator.objects.exclude(pk__in=standing):
        if indicator.growth_of_id or indicator.share_of_id:
            kind = Rule.Kind.IMPLIED_PRIOR if indicator.growth_of_id else Rule.Kind.SHARE
            Rule.objects.create(
                key=f"{kind.value}.{indicator.key}",
                kind=kind,
                indicator=indicator,
                name_zh_hans=indicator.name_zh_hans,
                name_en=indicator.name_en,
            )


def _sync_rule(rule: Rule, change: Change) -> Targets:
    current = rule.versions.current().first()
    definition = _definition(rule, current)
    if definition is None:
        return _close(rule, current, change)
    version = save_definition(rule, definition, change)
    standing = {
        (edge.output_id, edge.role, edge.input_id): edge.pk for edge in version.inputs.current()
    }
    wanted = _expand(rule, version)
    RuleInput.objects.filter(pk__in=[standing[e] for e in set(standing) - wanted]).update(
        seq_to=change.seq
    )
    new = wanted - set(standing)
    RuleInput.objects.bulk_create(
        RuleInput(version=version, output_id=out, role=role, input_id=inp, seq_from=change.seq)
        for out, role, inp in sorted(new)
    )
    closed = RuleInput.objects.filter(version__rule=rule, seq_to=change.seq)
    return _targets(rule, new | set(closed.values_list("output_id", "role", "input_id")))


def _close(rule: Rule, current: RuleVersion | None, change: Change) -> Targets:
    """An indicator that is no longer a growth or share keeps its rule, without a version."""
    if current is None:
        return Targets()
    edges = set(current.inputs.current().values_list("output_id", "role", "input_id"))
    current.inputs.current().update(seq_to=change.seq)
    current.seq_to = change.seq
    current.save(update_fields=["seq_to"])
    return _targets(rule, edges)


def _targets(rule: Rule, edges: set[Edge]) -> Targets:
    targets = Targets()
    if edges and rule.is_group_wide:
        targets.rules[rule.pk].add(EVERY_PERIOD)
    targets.series |= {output for output, _, _ in edges}
    return targets


def _definition(rule: Rule, current: RuleVersion | None) -> dict[str, Any] | None:
    """What is in force: as written, or as the indicator of the rule says."""
    indicator = rule.indicator
    if indicator is None:
        return current.definition if current is not None else None
    if rule.kind == Rule.Kind.IMPLIED_PRIOR and indicator.growth_of is not None:
        points = indicator.unit.kind == "points"
        return {
            "level": indicator.growth_of.key,
            "growth": indicator.key,
            "basis": indicator.growth_basis,
            "change": "points" if points else "percent",
        }
    whole, part = indicator.share_of, indicator.share_part
    if rule.kind == Rule.Kind.SHARE and whole is not None and part is not None:
        return {
            "output": indicator.key,
            "part": part.key,
            "whole": whole.key,
        }
    return None


def _expand(rule: Rule, version: RuleVersion) -> set[Edge]:
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
    return _expand_group(rule, definition)


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


def _series(rule: Rule, key: str) -> Series:
    """The series a rule names; an output that has no series yet gets one."""
    found = Series.objects.filter(key=key).first()
    if found is not None:
        return found
    entity_slug, _, indicator_key = key.partition(".")
    entity = Entity.objects.filter(slug=entity_slug).first()
    indicator = Indicator.objects.filter(key=indicator_key).first()
    if entity is None or indicator is None:
        raise RuleError(f"rule {rule.key}: unknown series “{key}”; expected entity.indicator")
    return series_for(entity, indicator, "A")


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


def _refuse_circles() -> None:
    """Depth-first over output ← input; the implied prior reads observations only and closes none.

    Raises RuleError with the series of the circle in order, and where two explicit rules make
    one output.
    """
    graph: dict[int, set[int]] = defaultdict(set)
    makers: dict[int, set[str]] = defaultdict(set)
    rows = RuleInput.objects.current().exclude(version__rule__kind=Rule.Kind.IMPLIED_PRIOR)
    for output, inp, key in rows.values_list("output_id", "input_id", "version__rule__key"):
        graph[output].add(inp)
        makers[output].add(key)
    for output, keys in makers.items():
        if len(keys) > 1:
            name = Series.objects.get(pk=output).key
            raise RuleError(f"series {name} is made by two rules: {', '.join(sorted(keys))}")
    circle = _circle(graph)
    if circle:
        names = Series.objects.in_bulk(circle)
        raise RuleError("rules go in a circle: " + " ← ".join(names[pk].key for pk in circle))


def _circle(graph: dict[int, set[int]]) -> list[int]:
    """A circle in the graph, its first node repeated at the end; empty where there is none."""
    done: set[int] = set()
    for start in list(graph):
        path: list[int] = []
        stack: list[tuple[int, bool]] = [(start, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                path.pop()
                done.add(node)
            elif node in path:
                return [*path[path.index(node) :], node]
            elif node not in done:
                path.append(node)
                stack.append((node, True))
                stack.extend((child, False) for child in sorted(graph.get(node, ())))
    return []
