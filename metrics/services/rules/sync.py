"""Bringing rule versions and their inputs in line with what is defined, by seq."""

from typing import Any

from django.db.models import F, Max

from metrics.models import Change, Indicator, Rule, RuleInput, RuleVersion, Series
from metrics.services.rules.circles import refuse_circles
from metrics.services.rules.expansion import Edge, expand
from metrics.services.rules.misfits import refuse_misfits
from metrics.services.stale import EVERY_PERIOD, Targets


def sync_rules(change: Change) -> Targets:
    """Bring rule versions and inputs in line with indicators, groups and definitions.

    Growth and share indicators make their own rules; a rule whose definition changed gets a new
    version; inputs that no longer hold are closed at `change.seq`, new ones open there. Returns
    the outputs (or group rules) to compute again. Raises RuleError for a circle, a missing series,
    two explicit rules for one output, or what natures and units forbid.
    """
    _make_indicator_rules()
    targets = Targets()
    for rule in Rule.objects.select_related("indicator__unit", "group__total").order_by("key"):
        targets.add(_sync_rule(rule, change))
    refuse_circles()
    refuse_misfits(change)
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
    if current is not None:
        if current.seq_from == change.seq:
            current.definition = definition
            current.save(update_fields=["definition"])
            return current
        current.seq_to = change.seq
        current.save(update_fields=["seq_to"])
        current.inputs.current().update(seq_to=change.seq)
    last = rule.versions.aggregate(last=Max("number"))["last"] or 0  # also of what was closed
    version: RuleVersion = rule.versions.create(
        number=last + 1, definition=definition, seq_from=change.seq
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
    wanted = expand(rule, version)
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
