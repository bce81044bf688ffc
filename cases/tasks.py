"""Tasks: safe to run twice, nothing lost when one is."""

from celery import shared_task
from django.utils import timezone

from cases.services import drift_mail, exporting


@shared_task(name="cases.mail_drift", ignore_result=True)
def mail_drift() -> None:
    """After a change and every few minutes: what the owners of cases were not told yet."""
    drift_mail.mail_drift(timezone.now())


@shared_task(name="cases.export_if_due", ignore_result=True)
def export_if_due() -> None:
    """Every minute: the file of everything, once a release has settled."""
    exporting.export_if_due(timezone.now())


@shared_task(name="cases.export", ignore_result=True)
def export() -> None:
    """Every night: the file of everything, if anything changed since the last."""
    exporting.build_export(timezone.now())
