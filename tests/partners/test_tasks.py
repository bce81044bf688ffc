"""The tasks that beat names exist, and do what they say."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from fintechsite import celery_app
from partners.models import KeyDay, Webhook, Window
from partners.services.webhooks import send_test
from partners.tasks import deliver, tidy
from tests.metrics.factories import make_series, publish
from tests.partners.conftest import Issued
from tests.partners.outgoing.receiver import Receiver
from tests.partners.services.conftest import receiver, webhook

pytestmark = pytest.mark.django_db
__all__ = ["receiver", "webhook"]


def test_every_task_of_the_schedule_is_known(settings: Any) -> None:
    celery_app.loader.import_default_modules()
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert named <= set(celery_app.tasks)
    assert {"partners.deliver", "partners.tidy"} <= named


def test_delivering_tells_what_was_published(webhook: Webhook, receiver: Receiver) -> None:
    publish((make_series("webank.users"), "2017", "5"))
    send_test(webhook, now=timezone.now())
    for _ in range(2):
        deliver()
    assert len(receiver.requests) == 2


def test_tidying_folds_windows_that_ended(issued: Issued) -> None:
    ended = timezone.now() - timedelta(hours=3)
    Window.objects.create(subject=f"key:{issued.key.pk}", starts_at=ended, used=7)
    for _ in range(2):
        tidy()
    assert list(KeyDay.objects.values_list("key", "requests")) == [(issued.key.pk, 7)]
