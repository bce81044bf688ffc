"""What became of messages: for the pages of webhooks, and for the first page of the admin."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.selectors.dashboard import SHOWN, Line, Summary
from partners.models import Attempt, Delivery, Webhook

LATEST: Final = 20
RECENTLY: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One message as a list shows it; `fault` says why the last attempt failed."""

    pk: int
    what: str
    seq: int | None
    created_at: datetime
    state: str
    attempts: int
    status: int | None
    fault: str
    next_attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One attempt; `answer` is how it began."""

    at: datetime
    milliseconds: int
    status: int | None
    fault: str
    answer: str


def latest_deliveries(webhook: Webhook) -> list[DeliveryLine]:
    """The last messages of a webhook, the newest first. 1 query."""
    return [
        DeliveryLine(
            pk=row.pk,
            what=str(row.get_kind_display()),
            seq=row.seq,
            created_at=row.created_at,
            state=str(row.state.label),
            attempts=row.attempts,
            status=row.last_status,
            fault=str(row.get_last_error_display()),
            next_attempt_at=row.next_attempt_at,
        )
        for row in webhook.deliveries.order_by("-id")[:LATEST]
    ]


def attempts_of(delivery: Delivery) -> list[AttemptLine]:
    """Every attempt of a message, the latest first. 1 query."""
    return [
        AttemptLine(row.at, row.milliseconds, row.status, str(row.get_error_display()), row.excerpt)
        for row in Attempt.objects.filter(delivery=delivery).order_by("-id")
    ]


def failing_webhooks() -> Summary:
    """Messages that were given up in the last week, the latest first. 2 queries."""
    rows = Delivery.objects.filter(gave_up_at__gte=timezone.now() - RECENTLY)
    lines = tuple(
        Line(
            str(row.webhook),
            "partners_delivery_change",
            row.pk,
            row.gave_up_at,
            _("%(what)s: %(why)s") % {"what": row, "why": row.get_last_error_display()},
        )
        for row in rows.select_related("webhook__partner").order_by("-gave_up_at", "-id")[:SHOWN]
    )
    return Summary(rows.count(), lines)
