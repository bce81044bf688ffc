"""Loading the shipped content: checked whole, then published by one release, or nothing at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction

from cases.models import ContentRecord
from cases.services.content.conflicts import LoadPlan, plan_load
from cases.services.content.definitions import WRITERS, write_groups, write_rules
from cases.services.content.folder import read_folder
from cases.services.content.problems import ConflictError, ContentError, Problem
from cases.services.content.reading import Shipped, read_content
from cases.services.content.record import (
    GROUPS,
    KINDS,
    OBSERVATIONS,
    RULES,
    TEXTS,
)
from cases.services.content.series import ensure_series, needed_series
from cases.services.content.staging import stage_rows, stage_texts
from cases.services.roles import ensure_roles, roles_digest
from metrics.models import Change, Release
from metrics.services.clock import lock_clock
from metrics.services.publishing import publish_release
from metrics.services.rules import RuleError

# Changes when records are read or written otherwise, so that the same files are looked at again.
FORMAT: Final = "1"
FOLDER: Final = "folder"
LOADING_LOCK: Final = (0x66696E74, 0x6C6F6164)  # "fint", "load"

Report = Callable[[str], None]


class ClockMovedError(Exception):
    """Something was published between the comparison and the publishing lock."""


@dataclass(slots=True)
class Loaded:
    """What a load did: counts by kind; `change` is None where nothing was published."""

    new: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    withdrawn: int = 0
    series: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    change: Change | None = None

    @property
    def summary(self) -> str:
        """One line, such as “153 observations new, 12 texts published”."""
        if self.change is None:
            return "nothing to load: the database has all of the content"
        parts = [
            _count(n, kind, "published" if kind == TEXTS else "new") for kind, n in self.new.items()
        ]
        parts += [_count(n, kind, "changed") for kind, n in self.changed.items()]
        parts += [f"{self.withdrawn} observations withdrawn"] if self.withdrawn else []
        parts += [f"{self.series} series made"] if self.series else []
        return f"{', '.join(parts)}; published as change {self.change.seq}"


def _count(number: int, kind: str, what: str) -> str:
    return f"{number} {kind.partition('.')[0]} {what}"


def load_content(path: Path, *, now: datetime, actor: Any = None, report: Report = str) -> Loaded:
    """Load the folder; one query where it is as it was at the last load.

    `report` gets a line for every step. Raises ContentError with everything that is wrong, or
    ConflictError for records that changed on both sides; then nothing was written.
    """
    folder = read_folder(path)
    mark = folder.fingerprint(FORMAT, roles_digest())
    if ContentRecord.objects.filter(file=FOLDER, key="", digest=mark).exists():
        return Loaded()
    shipped = read_content(folder)
    report(f"{sum(len(records) for records in shipped.content.values())} records read and checked")
    try:
        return _load(shipped, mark, actor=actor, now=now, report=report)
    except ClockMovedError:
        report("something was published meanwhile; comparing again")
        return _load(shipped, mark, actor=actor, now=now, report=report, is_locked=True)


def _load(
    shipped: Shipped,
    mark: str,
    *,
    actor: Any,
    now: datetime,
    report: Report,
    is_locked: bool = False,
) -> Loaded:
    """One transaction. The clock is locked only to publish, unless it moved the first time."""
    with transaction.atomic():
        _lock_loading()
        if is_locked:
            lock_clock()
        loaded = Loaded(roles=ensure_roles())
        seq = Change.objects.latest_seq()
        plan = plan_load(shipped.content, _remembered())
        if plan.conflicts:
            raise ConflictError(plan.conflicts)
        loaded.left = plan.left
        if plan:
            _apply(shipped, plan, loaded, seq, actor=actor, now=now, report=report)
        _remember(plan, mark)
    return loaded


def _lock_loading() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", LOADING_LOCK)


def _remembered() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    rows = ContentRecord.objects.filter(file__in=KINDS).values_list("file", "key", "digest")
    for file, key, digest in rows:
        found[file][key] = digest
    return found


def _remember(plan: LoadPlan, mark: str) -> None:
    for kind in {kind for kind, _ in plan.forget}:
        keys = [key for other, key in plan.forget if other == kind]
        ContentRecord.objects.filter(file=kind, key__in=keys).delete()
    marks = {**plan.remember, (FOLDER, ""): mark}
    ContentRecord.objects.bulk_create(
        [ContentRecord(file=kind, key=key, digest=digest) for (kind, key), digest in marks.items()],
        update_conflicts=True,
        unique_fields=["file", "key"],
        update_fields=["digest"],
        batch_size=2000,
    )


def _apply(
    shipped: Shipped,
    plan: LoadPlan,
    loaded: Loaded,
    seq: int,
    *,
    actor: Any,
    now: datetime,
    report: Report,
) -> None:
    """Write definitions, stage rows and texts, publish. `seq` is that of the comparison."""
    for kind, write in WRITERS.items():
        if plan.records(kind):
            report(f"{kind}: {len(plan.records(kind))} records")
            write(plan.records(kind))
    keys = needed_series(shipped, plan)
    series, loaded.series = ensure_series(
        [planned for key, planned in shipped.plan.series.items() if key in keys],
        standing_keys={data["series"] for data in plan.withdrawn.values()},
    )
    definitions = {}
    if plan.records(GROUPS):
        write_groups(plan.records(GROUPS), series)
    if plan.records(RULES):
        definitions = write_rules(plan.records(RULES))
    release = _release(plan, seq, actor=actor, now=now)
    rows = plan.records(OBSERVATIONS)
    report(f"{OBSERVATIONS}: {len(rows)} rows, {len(plan.withdrawn)} withdrawn")
    stage_rows(release, rows, plan.withdrawn, shipped.content, series)
    stage_texts(release, plan.records(TEXTS), actor=actor, now=now)
    report(f"{TEXTS}: {len(plan.records(TEXTS))}")
    lock_clock()
    if Change.objects.latest_seq() != seq:
        raise ClockMovedError
    is_redefined = bool(loaded.series) or any(
        plan.records(kind) for kind in KINDS if kind not in (OBSERVATIONS, TEXTS)
    )
    loaded.change = _publish(release, shipped, definitions, is_redefined, actor=actor, now=now)
    loaded.new = {kind: len(plan.new[kind]) for kind in KINDS if kind in plan.new}
    loaded.changed = {kind: len(plan.changed[kind]) for kind in KINDS if kind in plan.changed}
    loaded.withdrawn = len(plan.withdrawn)


def _release(plan: LoadPlan, seq: int, *, actor: Any, now: datetime) -> Release:
    kind = (
        Release.Kind.REVISION
        if ContentRecord.objects.filter(file=FOLDER).exists()
        else (Release.Kind.NEW)
    )
    if plan.withdrawn and not any(plan.records(each) for each in KINDS):
        kind = Release.Kind.WITHDRAWAL
    reasons = {}
    if plan.withdrawn:
        reasons = {
            "reason_zh_hans": "随附内容中已不再包含",
            "reason_en": "No longer in the shipped content",
        }
    return Release.objects.create(
        title_zh_hans="随附内容",
        title_en="Shipped content",
        kind=kind,
        created_at=now,
        created_by=actor,
        **reasons,
    )


def _publish(
    release: Release,
    shipped: Shipped,
    definitions: dict[str, dict[str, Any]],
    is_redefined: bool,
    *,
    actor: Any,
    now: datetime,
) -> Change:
    try:
        return publish_release(
            release,
            actor=actor,
            now=now,
            definitions_changed=is_redefined,
            rule_definitions=definitions,
        )
    except RuleError as error:
        raise ContentError([_rule_problem(shipped, str(error))]) from None


def _rule_problem(shipped: Shipped, message: str) -> Problem:
    """A fault of the rules together, at the line of the first rule it names."""
    words = set(re.findall(r"[\w.-]+", message))
    lines = [r.line for r in shipped.content[RULES].values() if r.key in words]
    return Problem(RULES, min(lines, default=0), message)
