"""Which periods of its inputs a rule takes for a period of its output."""

from collections.abc import Mapping

from metrics.models import RuleVersion
from metrics.stats.calendars import EVERY_PERIOD, Calendar
from metrics.stats.formula import parse_formula, references
from metrics.stats.periods import Period


def formula_inputs(
    rule: RuleVersion, period: Period, calendars: Mapping[str, Calendar]
) -> list[tuple[str, Period]]:
    """Each name with each period of it that the formula takes, in the order written."""
    taken = references(parse_formula(rule.definition["formula"]))
    pairs = [
        (one.name, one.source_of(period, calendars.get(one.name, EVERY_PERIOD))) for one in taken
    ]
    return list(dict.fromkeys((name, at) for name, at in pairs if at is not None))


def input_period(rule: RuleVersion, period: Period, calendar: Calendar) -> Period:
    """The period of the inputs: for an implied prior the one that implies it."""
    if rule.rule.kind != "implied-prior":
        return period
    is_previous = rule.definition.get("basis") == "previous"
    base = calendar.previous if is_previous else calendar.year_ago
    return base(period, -1) or period
