"""Checks across files: whatever a record names must be there, and figures must make sense."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cases.services.content.nature_checks import nature_faults
from cases.services.content.problems import Problem
from cases.services.content.record import (
    CASES,
    ENTITIES,
    INDICATORS,
    KINDS,
    OBSERVATIONS,
    SOURCES,
    UNITS,
    Content,
    Record,
)
from cases.services.content.rule_checks import rule_faults
from cases.services.content.schemas import SCHEMAS
from cases.services.content.series_plan import PlannedSeries, SeriesPlan
from cases.services.content.text_files import text_faults
from metrics.stats.figures import StatedFigure, StatedFigureError, parse_stated
from metrics.stats.periods import Period

Fault = tuple[str, str]  # field, message


def check_references(content: Content, plan: SeriesPlan) -> list[Problem]:
    """Every broken reference and contradiction, with file and line."""
    problems = [
        Problem(record.file, record.line_of(name), message)
        for kind in KINDS
        for record in content[kind].values()
        for name, message in (
            list(_faults(content, plan, record)) or nature_faults(content, plan, record)
        )
    ]
    return problems + list(_slot_faults(content)) + list(text_faults(content, plan))


def _faults(content: Content, plan: SeriesPlan, record: Record) -> Iterator[Fault]:
    if record.kind in SCHEMAS:
        yield from _reference_faults(content, plan, record)
    if record.kind == INDICATORS:
        yield from _indicator_faults(content, record)
    elif record.kind == ENTITIES:
        yield from _parent_faults(content, record)
    elif record.kind == CASES:
        yield from _technology_faults(content, record)
    elif record.kind == OBSERVATIONS:
        yield from _row_faults(content, plan, record)
    else:
        yield from rule_faults(content, plan, record)


def _reference_faults(content: Content, plan: SeriesPlan, record: Record) -> Iterator[Fault]:
    for field in SCHEMAS[record.kind].fields:
        value = record.data.get(field.name)
        if not field.refers_to or value is None:
            continue
        known = plan.series if field.refers_to == OBSERVATIONS else content[field.refers_to]
        for name in value if isinstance(value, list) else [value]:
            if name not in known:
                yield field.name, unknown(field.refers_to, name)


def unknown(kind: str, name: str) -> str:
    if kind == OBSERVATIONS:
        return f"unknown series {name!r}; expected one that {OBSERVATIONS} or a rule gives"
    what = SCHEMAS[kind].what
    return f"unknown {what} {name!r}; expected a key of {kind}"


def _indicator_faults(content: Content, record: Record) -> Iterator[Fault]:
    data = record.data
    for name in ("growth_of", "share_part", "share_of"):
        if data.get(name) == record.key:
            yield name, f"{name} is the indicator itself; expected another indicator"
    if ("share_part" in data) != ("share_of" in data):
        name = "share_part" if "share_part" in data else "share_of"
        yield name, "expected share_part and share_of together, or neither"
    unit = content[UNITS].get(data["unit"])
    kind = unit.data["kind"] if unit else "growth"
    if "growth_of" in data and kind not in ("growth", "points"):
        yield "unit", f"a unit of kind {kind}; a growth indicator expects growth or points"


def _parent_faults(content: Content, record: Record) -> Iterator[Fault]:
    """A circle of parents, reported at each of its members."""
    seen: set[str] = set()
    slug = record.data.get("parent")
    while slug in content[ENTITIES] and slug not in seen:
        seen.add(slug)
        slug = content[ENTITIES][slug].data.get("parent")
    if record.key in seen:
        yield "parent", f"{record.key} is its own ancestor; expected parents without a circle"


def _technology_faults(content: Content, record: Record) -> Iterator[Fault]:
    for slug in record.data.get("technologies", []):
        case = content[CASES].get(slug)
        if case is not None and case.data["kind"] != "technology":
            yield "technologies", f"{slug!r} is no technology; expected a case of that kind"


def _row_faults(content: Content, plan: SeriesPlan, record: Record) -> Iterator[Fault]:
    data = record.data
    series = plan.series[data["series"]]
    indicator = content[INDICATORS].get(series.indicator)
    if series.entity not in content[ENTITIES]:
        yield "series", unknown(ENTITIES, series.entity)
    if indicator is None:
        yield "series", unknown(INDICATORS, series.indicator)
    if data["source"] not in content[SOURCES]:
        yield "source", unknown(SOURCES, data["source"])
    yield from _frequency_faults(plan, series, data["period"])
    unit = content[UNITS].get(indicator.data["unit"]) if indicator else None
    if unit is not None and "value" in data:
        yield from _figure_faults(record, unit.data["kind"])


def _frequency_faults(plan: SeriesPlan, series: PlannedSeries, code: str) -> Iterator[Fault]:
    period = Period.parse(code)
    if not period.fits(series.frequency):
        suffix = f"{series.entity}.{series.indicator}.{period.kind.lower()}"
        yield (
            "period",
            f"period {code} does not fit {series.key}, whose frequency is "
            f"{series.frequency.name.lower()}; expected such a period, or the key {suffix}",
        )
    bare = plan.series.get(f"{series.entity}.{series.indicator}")
    if bare is not None and bare.key != series.key and bare.frequency == series.frequency:
        yield "series", f"{bare.key} has the same frequency; expected that key"


def stated_figure(stated: str, unit_kind: str) -> StatedFigure | None:
    """What a stated text says; None where no number can be read (7×24×365, 零线下网点)."""
    try:
        return parse_stated(stated, unit_kind=unit_kind) if stated else None
    except StatedFigureError:
        return None


def _figure_faults(record: Record, unit_kind: str) -> Iterator[Fault]:
    """A stated text that can be read must agree with value and qualifier."""
    stated = record.data.get("stated", "")
    figure = stated_figure(stated, unit_kind)
    if figure is None:
        return
    if figure.value != Decimal(record.data["value"]):
        expected = format(figure.value, "f")
        yield "value", f"value {record.data['value']} contradicts {stated}; expected {expected}"
    qualifier = record.data.get("qualifier", "exact")
    if figure.qualifier.value != qualifier:
        message = f"qualifier {qualifier} contradicts {stated}; expected {figure.qualifier.value}"
        yield "qualifier", message


def _slot_faults(content: Content) -> Iterator[Problem]:
    """Two rows that both speak for a slot."""
    preferred: dict[tuple[str, str], Record] = {}
    for record in content[OBSERVATIONS].values():
        if record.data.get("preferred") == "no":
            continue
        slot = (record.data["series"], record.data["period"])
        first = preferred.setdefault(slot, record)
        if first is not record:
            message = (
                f"{slot[0]} at {slot[1]} has a preferred row on line {first.line}; "
                "expected preferred no in all rows but one"
            )
            yield Problem(record.file, record.line, message)
