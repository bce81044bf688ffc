"""Tasks: safe to run twice, nothing lost when one is."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from partners.services import windows


@shared_task(name="partners.close_windows", ignore_result=True)
def close_windows() -> None:
    """Every few minutes: windows of quotas that ended."""
    windows.close_windows(now=timezone.now(), window_seconds=settings.API_WINDOW_SECONDS)
