"""Tasks: five lines each, safe to run twice, nothing lost when one is."""

from celery import shared_task
from django.utils import timezone

from metrics.services.refresh import refresh_all


@shared_task(name="metrics.refresh_derived", ignore_result=True)
def refresh_derived() -> int:
    """Work off the marks that are due."""
    return refresh_all(now=timezone.now())


@shared_task(name="metrics.sweep", ignore_result=True)
def sweep() -> int:
    """Every minute: whatever a lost message or a killed worker left."""
    return refresh_all(now=timezone.now())
