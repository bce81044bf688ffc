"""What a rule must say to be computed."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from metrics.models import Rule
from metrics.services.rules.formula_errors import FormulaRefusal, refused
from metrics.stats.formula import FormulaError, names, parse_formula, references

PAIR_ROLES: Final = {
    Rule.Kind.RATIO: ("numerator", "denominator"),
    Rule.Kind.DIFFERENCE: ("minuend", "subtrahend"),
}
# One output for each member of a group.
MEMBERWISE: Final = (Rule.Kind.SHARE, Rule.Kind.RANK, Rule.Kind.PEER_INDEX)
GROUP_KINDS: Final = (*MEMBERWISE, Rule.Kind.SUM)
# A name becomes the role of an edge.
LONGEST_NAME: Final = 40
PARTS: Final = ("output", "inputs", "outputs", "formula", "nonnegative")
# Kinds that can be told that no input is ever below zero, which narrows one-sided quotients.
QUOTIENTS: Final = frozenset({Rule.Kind.RATIO, Rule.Kind.SHARE})


class RuleError(Exception):
    """A rule that cannot be computed: the message names the rule and what is expected."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def check_formula(key: str, definition: Mapping[str, Any]) -> None:
    """Raise RuleError for a formula that cannot be read or does not take exactly its inputs."""
    text, inputs = definition.get("formula", ""), definition.get("inputs", {})
    refusal = formula_refusal(text, inputs)
    if refusal is not None:
        raise RuleError(_("rule %(key)s: %(reason)s") % {"key": key, "reason": refusal})


def formula_refusal(text: str, inputs: Mapping[str, str]) -> FormulaRefusal | None:
    """Why a formula over named inputs is refused, and where; None where it is not."""
    try:
        formula = parse_formula(text)
    except FormulaError as error:
        return refused(text, error)
    if formula.is_predicate:
        return FormulaRefusal(_("expected a value, not a comparison"), text)
    if not names(formula):
        return FormulaRefusal(_("expected at least one input in the formula"), text)
    for one in references(formula):
        if len(one.name) > LONGEST_NAME:
            reason = _("expected a name of at most %(limit)s characters") % {"limit": LONGEST_NAME}
            return FormulaRefusal(reason, text, one.position)
        if one.name not in inputs:
            known = ", ".join(sorted(inputs)) or "—"
            reason = _("unknown input “%(name)s”; expected one of %(known)s")
            return FormulaRefusal(reason % {"name": one.name, "known": known}, text, one.position)
    unused = sorted(set(inputs) - names(formula))
    if unused:
        reason = _("the formula does not take %(names)s; expected every input in it")
        return FormulaRefusal(reason % {"names": ", ".join(unused)}, text)
    return None
