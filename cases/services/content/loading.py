"""Loading the shipped content: checked whole, then published by one release, or nothing at all."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction

from cases.models import ContentRecord
from cases.services.content.applying import ClockMovedError, apply_plan
from cases.services.content.conflicts import LoadPlan, plan_load
from cases.services.content.folder import read_folder
from cases.services.content.job import Job, Loaded, Report, say_nothing
from cases.services.content.problems import ConflictError
from cases.services.content.reading import Shipped, read_content
from cases.services.content.record import KINDS
from cases.services.roles import ensure_roles, roles_digest
from metrics.models import Change
from metrics.services.clock import lock_clock

# Changes when records are read or written otherwise, so that the same files are looked at again.
FORMAT: Final = "1"
FOLDER: Final = "folder"
LOADING_LOCK: Final = (0x66696E74, 0x6C6F6164)  # "fint", "load"


def load_content(
    path: Path, *, now: datetime, actor: Any = None, report: Report = say_nothing
) -> Loaded:
    """Load the folder; one query where it is as it was at the last load.

    Raises ContentError with everything that is wrong, or ConflictError for records that changed
    on both sides; then nothing was written.
    """
    folder = read_folder(path)
    mark = folder.fingerprint(FORMAT, roles_digest())
    if ContentRecord.objects.filter(file=FOLDER, key="", digest=mark).exists():
        return Loaded()
    shipped = read_content(folder)
    report(f"{sum(len(records) for records in shipped.content.values())} records read and checked")
    job = Job(actor, now, report)
    try:
        return _load(shipped, mark, job)
    except ClockMovedError:
        report("something was published meanwhile; comparing again")
        return _load(shipped, mark, job, is_locked=True)


def _load(shipped: Shipped, mark: str, job: Job, *, is_locked: bool = False) -> Loaded:
    """One transaction. The clock is locked only to publish, unless it moved the first time."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", LOADING_LOCK)
        if is_locked:
            lock_clock()
        seq = Change.objects.latest_seq()
        plan = plan_load(shipped.content, _remembered())
        if plan.conflicts:
            raise ConflictError(plan.conflicts)
        loaded = Loaded(left=plan.left, roles=ensure_roles())
        if plan:
            apply_plan(shipped, plan, loaded, seq, job)
        _remember(plan, mark)
    return loaded


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
