"""Which series the content has, with their frequencies: from rows, groups' rules and indicators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cases.services.content.record import GROUPS, INDICATORS, OBSERVATIONS, RULES, Content, Record
from metrics.stats.periods import Frequency, Period


@dataclass(frozen=True, slots=True)
class PlannedSeries:
    """A series as the content needs it. `key` is entity.indicator, or with a frequency's suffix."""

    key: str
    entity: str
    indicator: str
    frequency: Frequency


@dataclass(slots=True)
class SeriesPlan:
    """`series` by key; `cells` are the observed ones; `derivable` have values made by a rule."""

    series: dict[str, PlannedSeries] = field(default_factory=dict)
    cells: set[tuple[str, str]] = field(default_factory=set)
    derivable: set[str] = field(default_factory=set)

    def has_value(self, key: str, period: str) -> bool:
        """Whether the cell is observed, or may be derived."""
        return key in self.derivable or (key, period) in self.cells


def plan_series(content: Content) -> SeriesPlan:
    """Every series of the content. Keys that make no sense are planned all the same."""
    plan = SeriesPlan()
    codes: dict[str, list[str]] = defaultdict(list)
    for record in content[OBSERVATIONS].values():
        key, period = record.data["series"], record.data["period"]
        codes[key].append(period)
        plan.cells.add((key, period))
    for key, periods in codes.items():
        plan.series[key] = planned(key, _frequency(key, periods))
    _plan_outputs(content, plan)
    _plan_indicator_rules(content, plan)
    return plan


def planned(key: str, frequency: Frequency) -> PlannedSeries:
    entity, _, rest = key.partition(".")
    return PlannedSeries(key, entity, rest.partition(".")[0], frequency)


def _frequency(key: str, periods: Iterable[str]) -> Frequency:
    """The key's suffix, else the kind of the first regular period, else annual."""
    suffix = key.partition(".")[2].partition(".")[2]
    if suffix:
        return Frequency(suffix.upper())
    kinds = (Period.parse(code) for code in periods)
    return next((Frequency(p.kind) for p in kinds if p.is_regular), Frequency.ANNUAL)


def _plan_outputs(content: Content, plan: SeriesPlan) -> None:
    """Outputs take the frequency of their inputs, which may be outputs of other rules."""
    waiting = list(content[RULES].values())
    while waiting:
        ready = [r for r in waiting if all(key in plan.series for key in _inputs(content, r))]
        # A rule that waits for what nobody makes is reported elsewhere: it is annual here.
        for record in ready or waiting:
            for key, source in rule_outputs(content, record, plan):
                found = plan.series.get(source)
                frequency = found.frequency if found else Frequency.ANNUAL
                plan.series.setdefault(key, planned(key, frequency))
                plan.derivable.add(key)
        waiting = [record for record in waiting if record not in ready] if ready else []


def _inputs(content: Content, record: Record) -> list[str]:
    group = content[GROUPS].get(record.data.get("group", ""))
    members = group.data["members"] if group else []
    return [*members, *record.data.get("inputs", {}).values()]


def rule_outputs(content: Content, record: Record, plan: SeriesPlan) -> Iterator[tuple[str, str]]:
    """Pairs of an output's series key and the input whose frequency it has."""
    inputs = _inputs(content, record)
    output = record.data.get("output", "")
    named = record.data.get("outputs", {})
    if "." in output and inputs:
        yield output, inputs[0]
        return
    for member in inputs if "group" in record.data else []:
        if member in named:
            yield named[member], member
        elif output:
            yield _member_output(member, output, plan), member


def _member_output(member: str, indicator: str, plan: SeriesPlan) -> str:
    """Entity × indicator at the member's frequency: the bare key, unless another one has it."""
    key = f"{member.partition('.')[0]}.{indicator}"
    source, taken = plan.series.get(member), plan.series.get(key)
    if source is None or taken is None or taken.frequency == source.frequency:
        return key
    return f"{key}.{source.frequency.value.lower()}"


def _plan_indicator_rules(content: Content, plan: SeriesPlan) -> None:
    """Growth implies prior levels, a share is computed: where the entity has all that takes."""
    slots = {(s.entity, s.indicator, s.frequency): s.key for s in plan.series.values()}
    for (entity, indicator, frequency), key in slots.items():
        record = content[INDICATORS].get(indicator)
        data = record.data if record else {}
        level = slots.get((entity, data.get("growth_of", ""), frequency))
        if level:
            plan.derivable.add(level)
        parts = [
            slots.get((entity, data.get(n, ""), frequency)) for n in ("share_part", "share_of")
        ]
        if all(parts):
            plan.derivable.add(key)
