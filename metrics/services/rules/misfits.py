"""Why a rule does not suit what it joins, in the reader's language; refusing it when saved."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from django.db.models import Exists, Min, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.models import Change, Indicator, Rule, RuleInput, RuleVersion, Unit
from metrics.services.rules.checks import RuleError
from metrics.services.rules.formula_errors import FormulaRefusal, refused, worded
from metrics.stats.formula import FormulaError, parse_formula
from metrics.stats.formula_meaning import check_meaning
from metrics.stats.natures import Nature
from metrics.stats.quantities import Misfit, Quantity, UnitKind
from metrics.stats.suitability import rule_misfits

_REASONS: Final[Mapping[str, Promise]] = {
    "not-summable": gettext_lazy("%(name)s is of nature %(nature)s, which is not summed"),
    "not-ranked": gettext_lazy("%(name)s is of nature %(nature)s, which is not ranked"),
    "no-ratio": gettext_lazy("%(name)s is of nature %(nature)s, of which no ratio is taken"),
    "no-index": gettext_lazy("%(name)s is of nature %(nature)s, of which no index is made"),
    "no-growth": gettext_lazy("%(name)s is of nature %(nature)s, whose growth is not told"),
    "two-units": gettext_lazy(
        "%(first)s is in %(found)s and %(second)s in %(expected)s: expected one unit"
    ),
    "two-natures": gettext_lazy(
        "%(first)s is of nature %(found)s and %(second)s of nature %(expected)s: expected one "
        "nature"
    ),
    "output-unit": gettext_lazy("%(name)s is in %(found)s: expected %(expected)s"),
    "output-kind": gettext_lazy(
        "%(name)s is in %(found)s: expected a unit of the kind %(expected)s"
    ),
    "output-nature": gettext_lazy("%(name)s is of nature %(found)s: expected %(expected)s"),
    "growth-kind": gettext_lazy(
        "%(level)s is of nature %(nature)s and its growth told in %(growth)s: expected a unit of "
        "the kind %(expected)s for %(name)s, not %(found)s"
    ),
}

# What a later change may put right: two quantities that do not match each other.
PASSING: Final = frozenset(
    {"two-units", "two-natures", "output-unit", "output-kind", "output-nature", "units"}
)


def misfit_text(misfit: Misfit) -> str:
    """A misfit in the language in force."""
    return str(_REASONS[misfit.code]) % {n: worded(v) for n, v in misfit.values.items()}


def quantity_of(indicator: Indicator, name: str = "") -> Quantity:
    """What the checks know of an indicator with its unit; `name`: how it is called there."""
    return Quantity(
        name or indicator.key,
        Nature(indicator.nature),
        indicator.unit.key,
        UnitKind(indicator.unit.kind),
        str(indicator.unit.name),
    )


def refuse_misfits(change: Change) -> None:
    """Raise RuleError where natures or units forbid what a rule in force computes.

    Looks at the indicators of each rule's current inputs and outputs: a query for each side
    whatever their number. A rule that the change neither made nor gave an input is refused only
    for what no nature table allows: of two indicators that are both to change one must be first.
    """
    names = {unit.key: str(unit.name) for unit in Unit.objects.all()}
    units = ("unit", "growth_of__unit", "share_part__unit", "share_of__unit")
    added = RuleInput.objects.filter(version=OuterRef("pk"), seq_from=change.seq)
    versions = RuleVersion.objects.current().order_by("rule__key")
    for version in versions.annotate(is_extended=Exists(added)).select_related(
        *(f"rule__indicator__{unit}" for unit in units)
    ):
        is_new = version.is_extended or version.seq_from == change.seq
        _refuse_misfit(version.rule, version, names, () if is_new else PASSING)


def _refuse_misfit(
    rule: Rule, version: RuleVersion, names: Mapping[str, str], excused: Collection[str]
) -> None:
    if rule.indicator is not None:
        reason: str | FormulaRefusal | None = indicator_refusal(rule.indicator, excused)
    else:
        inputs = _quantities(version, "input", names)
        made = [one for listed in _quantities(version, "output", names).values() for one in listed]
        reason = rule_refusal(rule.kind, version.definition, inputs, made, excused)
    if reason is not None:
        raise RuleError(_("rule %(key)s: %(reason)s") % {"key": rule.key, "reason": reason})


def rule_refusal(
    kind: str,
    definition: Mapping[str, Any],
    inputs: Mapping[str, list[Quantity]],
    outputs: list[Quantity],
    excused: Collection[str] = (),
) -> str | FormulaRefusal | None:
    """Why a rule does not suit its quantities, in the language in force; None where it does.

    `excused`: codes that do not count.
    """
    if kind == Rule.Kind.FORMULA:
        return meaning_refusal(definition, inputs, outputs, excused)
    return _first(rule_misfits(kind, inputs, outputs), excused)


def indicator_refusal(indicator: Indicator, excused: Collection[str] = ()) -> str | None:
    """Why an indicator is no growth of its level or no share of its whole; None where it is."""
    own = quantity_of(indicator)
    if indicator.growth_of is not None:
        both = {"level": [quantity_of(indicator.growth_of)], "growth": [own]}
        return _first(rule_misfits("implied-prior", both, []), excused)
    if indicator.share_part is not None and indicator.share_of is not None:
        pair = {"part": indicator.share_part, "whole": indicator.share_of}
        inputs = {role: [quantity_of(one)] for role, one in pair.items()}
        return _first(rule_misfits("share", inputs, [own]), excused)
    return None


def _first(misfits: Iterable[Misfit], excused: Collection[str]) -> str | None:
    return next((misfit_text(misfit) for misfit in misfits if misfit.code not in excused), None)


def meaning_refusal(
    definition: Mapping[str, Any],
    inputs: Mapping[str, list[Quantity]],
    outputs: Iterable[Quantity],
    excused: Collection[str] = (),
) -> FormulaRefusal | None:
    """Why a formula that can be read does not suit its quantities, and where."""
    text = definition["formula"]
    try:
        for output in outputs:
            single = {name: listed[0] for name, listed in inputs.items()}
            check_meaning(parse_formula(text), single, output)
    except FormulaError as error:
        return None if error.code in excused else refused(text, error)
    return None


def _quantities(
    version: RuleVersion, side: str, names: Mapping[str, str]
) -> dict[str, list[Quantity]]:
    """By role one quantity for each nature and unit, called by the first of its series."""
    fields = ("indicator__nature", "indicator__unit__key", "indicator__unit__kind")
    rows = (
        version.inputs.current()
        .values_list("role", *(f"{side}__{name}" for name in fields))
        .annotate(name=Min(f"{side}__key"))
        .order_by("role", "name")
    )
    found: dict[str, list[Quantity]] = defaultdict(list)
    for role, nature, unit, kind, name in rows:
        found[role].append(Quantity(name, Nature(nature), unit, UnitKind(kind), names[unit]))
    return dict(found)
