"""How derived values came about: the rule behind each, and the values it took."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from metrics.models import RuleInput, RuleVersion, Series, Source
from metrics.selectors.panel import Panel, origins
from metrics.selectors.printing import moment, printed_value, reported_year, rule_text, series_name
from metrics.selectors.rule_periods import formula_inputs, input_period
from metrics.selectors.values import SeriesValues, Value, series_values
from metrics.stats.bounds import Figure
from metrics.stats.calendars import Calendar, calendar_of
from metrics.stats.periods import Period

MOST_INPUTS = 12


@dataclass(frozen=True, slots=True)
class InputLine:
    """A value that a rule was applied to. `number` is empty where the series has none there."""

    series_key: str
    series_name: str
    period: str
    period_label: str
    number: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """The rule behind a derived value, its inputs, and how many further ones are not listed."""

    rule_key: str
    rule_text: str
    version: int
    anchor: str
    inputs: tuple[InputLine, ...]
    further: int


# rule version → what it takes: (role, series)
Inputs = Mapping[int, Sequence[tuple[str, Series]]]


def rule_inputs(series: Series, seq: int | None = None) -> dict[int, list[tuple[str, Series]]]:
    """The series that each rule version in force at a seq (None: now) takes for this output.

    Each with its role. One query.

    What is made member by member takes every member of its group, a share of a declared total
    only its own.
    """
    in_force = RuleInput.objects.at_seq(seq)
    edges = list(
        in_force.filter(version__in=in_force.filter(output=series).values("version"))
        .select_related("version__rule", "input__entity", "input__indicator__unit")
        .order_by("version_id", "id")
    )
    with_whole = {edge.version_id for edge in edges if edge.role == "whole"}
    inputs: dict[int, list[tuple[str, Series]]] = {}
    for edge in edges:
        is_shared = edge.version.rule.is_group_wide and edge.version_id not in with_whole
        if edge.output_id == series.pk or is_shared:
            inputs.setdefault(edge.version_id, []).append((edge.role, edge.input))
    return inputs


def derivations(
    series: Series,
    panel: Panel,
    inputs: Inputs,
    language: str,
    seq: int | None,
    periods: Iterable[Period],
) -> dict[Period, Derivation]:
    """How the derived values of some periods came about: the rule and its inputs, as of a seq.

    Four queries, and for the past up to three for each level of rules.
    """
    values = series_values({one.pk for taken in inputs.values() for _, one in taken}, seq)
    sources, _ = origins([value for one in values.values() for value in one.values()])
    found = {}
    derived = panel.values_of(series.key)
    for period in periods:
        rule = panel.rule_of(derived[period])
        if rule is not None:
            taken = _taken(rule, period, inputs.get(rule.pk, ()), values)
            lines = tuple(
                _input_line(one, at, values.get(one.pk, {}), sources, language)
                for one, at in taken[:MOST_INPUTS]
            )
            found[period] = _derivation(rule, lines, len(taken) - len(lines), language)
    return found


def _taken(
    rule: RuleVersion, period: Period, inputs: Sequence[tuple[str, Series]], values: SeriesValues
) -> list[tuple[Series, Period]]:
    """The series with the periods that the rule takes of them for a period, each once."""
    if rule.rule.kind == "formula":
        named = dict(inputs)
        calendars = {name: _calendar(values, one) for name, one in inputs}
        taken = formula_inputs(rule, period, calendars)
        pairs = [(named[name], at) for name, at in taken if name in named]
    else:
        levels = [one for role, one in inputs if role == "level"]
        at = input_period(rule, period, _calendar(values, *levels))
        pairs = [(series, at) for _, series in inputs]
    return list({(series.pk, at): (series, at) for series, at in pairs}.values())


def _calendar(values: SeriesValues, *series: Series) -> Calendar:
    return calendar_of({p: v.figure for one in series for p, v in values.get(one.pk, {}).items()})


def _derivation(
    rule: RuleVersion, lines: tuple[InputLine, ...], further: int, language: str
) -> Derivation:
    return Derivation(
        rule_key=rule.rule.key,
        rule_text=rule_text(rule, language),
        version=rule.number,
        anchor=method_anchor(rule),
        inputs=lines,
        further=further,
    )


def method_anchor(rule: RuleVersion) -> str:
    """Where the methods page explains the rule."""
    in_points = rule.definition.get("change") == "points"
    return f"rule-{rule.rule.kind}-points" if in_points else f"rule-{rule.rule.kind}"


def _input_line(
    series: Series,
    period: Period,
    values: Mapping[Period, Value],
    sources: Mapping[int, Source],
    language: str,
) -> InputLine:
    value = values.get(period)
    missing = Value(period, Figure.missing("input_missing"), "exact", "stated")
    source = sources.get(value.source_id) if value and value.source_id else None
    year = reported_year(value, source) if value else None
    number = printed_value(value or missing, series.indicator.unit, language)
    return InputLine(
        series_key=series.key,
        series_name=series_name(series, language),
        period=period.code,
        period_label=moment(period, series.indicator, language, year),
        number=number.text if number else "",
    )
