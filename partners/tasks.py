"""Tasks: safe to run twice, nothing lost when one is."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from partners.services import delivering, queueing, windows


@shared_task(name="partners.deliver", ignore_result=True)
def deliver() -> None:
    """Every few seconds: messages of what was published, and those that are due once more."""
    queueing.queue_changes(timezone.now())
    delivering.deliver_due()


@shared_task(name="partners.tidy", ignore_result=True)
def tidy() -> None:
    """Every few minutes: windows of quotas that ended, and what is not kept any longer."""
    now = timezone.now()
    windows.close_windows(now=now, window_seconds=settings.API_WINDOW_SECONDS)
    delivering.clear_log(now)
