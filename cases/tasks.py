"""Tasks: safe to run twice, nothing lost when one is."""

from celery import shared_task
from django.utils import timezone

from cases.services import drift_mail


@shared_task(name="cases.mail_drift", ignore_result=True)
def mail_drift() -> None:
    """After a change and every few minutes: what the owners of cases were not told yet."""
    drift_mail.mail_drift(timezone.now())
