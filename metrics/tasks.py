"""Tasks: five lines each, safe to run twice, nothing lost when one is."""

from celery import shared_task
from django.utils import timezone

from metrics.nudge import nudge
from metrics.services.imports import checking, clearing
from metrics.services.refresh import has_due_marks, refresh_all, refresh_batch
from metrics.services.scheduling import publish_due

# After this long a worker turns to other tasks first.
TURN_SECONDS = 60


@shared_task(name="metrics.refresh_derived", ignore_result=True)
def refresh_derived() -> None:
    """Work off marks for a turn. While more are due, each that starts calls one other worker."""
    if refresh_batch(now=timezone.now()) is None:
        return
    if has_due_marks(timezone.now()):
        nudge("metrics.refresh_derived")
        refresh_all(now=timezone.now(), seconds=TURN_SECONDS)


@shared_task(name="metrics.sweep", ignore_result=True)
def sweep() -> None:
    """Every minute: whatever a lost message or a killed worker left."""
    publish_due_releases()
    refresh_derived()


@shared_task(name="metrics.publish_due", ignore_result=True)
def publish_due_releases() -> None:
    """Every few seconds: scheduled releases whose time has come, unless somebody was quicker."""
    publish_due(timezone.now())


@shared_task(name="metrics.check_import", ignore_result=True)
def check_import(batch_id: int) -> None:
    """Read an uploaded file, tell what is wrong or what would change."""
    checking.check_import(batch_id, now=timezone.now())


@shared_task(name="metrics.resume_imports", ignore_result=True)
def resume_imports() -> None:
    """Every minute: files whose message was lost or whose worker died; rows no longer needed."""
    checking.resume_imports(timezone.now())
    clearing.clear_imports(timezone.now())
