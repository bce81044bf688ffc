"""Writing a load plan: definitions first, then rows and texts by one release."""

from __future__ import annotations

import re
from typing import Any

from cases.models import ContentRecord
from cases.services.content.conflicts import LoadPlan
from cases.services.content.definitions import WRITERS, write_groups, write_rules
from cases.services.content.fixed import unit_faults
from cases.services.content.job import Job, Loaded
from cases.services.content.pictures import picture_faults, write_pictures
from cases.services.content.problems import ContentError, Problem
from cases.services.content.reading import Shipped
from cases.services.content.record import (
    GROUPS,
    INDICATORS,
    KINDS,
    OBSERVATIONS,
    PICTURES,
    RULES,
    TEXTS,
)
from cases.services.content.redefinitions import redefines, write_redefined
from cases.services.content.series import ensure_series, needed_series
from cases.services.content.staging import stage_rows, stage_texts
from metrics.models import Change, Release, Series
from metrics.services.clock import lock_clock
from metrics.services.publishing import publish_release
from metrics.services.rules import RuleError


class ClockMovedError(Exception):
    """Something was published between the comparison and the publishing lock."""


def apply_plan(shipped: Shipped, plan: LoadPlan, loaded: Loaded, seq: int, job: Job) -> None:
    """Write definitions, stage rows and texts, publish, in the caller's transaction.

    `seq` is that of the comparison; raises ClockMovedError where the clock has moved since.
    """
    faults = unit_faults(plan.changed.get(INDICATORS, []))
    faults += picture_faults(plan.changed.get(PICTURES, []))
    if faults:
        raise ContentError(faults)
    release = _release(plan, job)
    series = _write_definitions(shipped, plan, loaded, job)
    definitions = _write_relations(plan, series)
    _stage(release, shipped, plan, series, job)
    lock_clock()
    if Change.objects.latest_seq() != seq:
        raise ClockMovedError
    is_redefined = bool(loaded.series) or any(
        plan.records(kind) for kind in KINDS if kind not in (OBSERVATIONS, TEXTS)
    )
    loaded.change = _publish(release, shipped, plan, definitions, is_redefined, job)
    loaded.new = {kind: len(plan.new[kind]) for kind in KINDS if kind in plan.new}
    loaded.changed = {kind: len(plan.changed[kind]) for kind in KINDS if kind in plan.changed}
    loaded.withdrawn = len(plan.withdrawn)


def _write_definitions(
    shipped: Shipped, plan: LoadPlan, loaded: Loaded, job: Job
) -> dict[str, Series]:
    """Write what stands by itself, then make the series; the series by key."""
    for kind, write in WRITERS.items():
        if plan.records(kind):
            job.report(f"{kind}: {len(plan.records(kind))} records")
            write(plan.records(kind))
    write_pictures(plan.records(PICTURES), shipped.pictures, job)
    keys = needed_series(shipped, plan)
    series, loaded.series = ensure_series(
        [planned for key, planned in shipped.plan.series.items() if key in keys],
        standing_keys={data["series"] for data in plan.withdrawn.values()},
    )
    return series


def _write_relations(plan: LoadPlan, series: dict[str, Series]) -> dict[str, dict[str, Any]]:
    """Write groups and rules, which name series; the definitions of the rules by key."""
    if plan.records(GROUPS):
        write_groups(plan.records(GROUPS), series)
    return write_rules(plan.records(RULES)) if plan.records(RULES) else {}


def _release(plan: LoadPlan, job: Job) -> Release:
    is_first = not ContentRecord.objects.filter(file__in=KINDS).exists()
    kind = Release.Kind.NEW if is_first else Release.Kind.REVISION
    if plan.withdrawn and not any(plan.records(each) for each in KINDS):
        kind = Release.Kind.WITHDRAWAL
    if redefines(plan.changed.get(INDICATORS, [])):
        kind = Release.Kind.REDEFINITION
    return Release.objects.create(
        title_zh_hans="随附内容",
        title_en="Shipped content",
        reason_zh_hans="随附内容中已不再包含" if plan.withdrawn else "",
        reason_en="No longer in the shipped content" if plan.withdrawn else "",
        kind=kind,
        created_at=job.now,
        created_by=job.actor,
    )


def _stage(
    release: Release, shipped: Shipped, plan: LoadPlan, series: dict[str, Series], job: Job
) -> None:
    rows, texts = plan.records(OBSERVATIONS), plan.records(TEXTS)
    job.report(f"{OBSERVATIONS}: {len(rows)} rows, {len(plan.withdrawn)} withdrawn")
    stage_rows(release, rows, plan.withdrawn, shipped.content, series)
    job.report(f"{TEXTS}: {len(texts)}")
    stage_texts(release, texts, actor=job.actor, now=job.now)


def _publish(
    release: Release,
    shipped: Shipped,
    plan: LoadPlan,
    definitions: dict[str, dict[str, Any]],
    is_redefined: bool,
    job: Job,
) -> Change:
    try:
        return publish_release(
            release,
            actor=job.actor,
            now=job.now,
            definitions_changed=is_redefined,
            rule_definitions=definitions,
            record=lambda _release, change: write_redefined(plan.records(INDICATORS), change),
        )
    except RuleError as error:
        raise ContentError([_rule_problem(shipped, str(error))]) from None


def _rule_problem(shipped: Shipped, message: str) -> Problem:
    """A fault of the rules together, at the line of the first rule it names."""
    words = set(re.findall(r"[\w.-]+", message))
    lines = [r.line for r in shipped.content[RULES].values() if r.key in words]
    return Problem(RULES, min(lines, default=0), message)
