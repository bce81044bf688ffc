"""Which messages there are to send: made of the Change log, one a change and webhook."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from metrics.models import Change
from partners.models import Delivery, EventKind, Webhook

MOST_WEBHOOKS: Final = 100
MOST_CHANGES: Final = 500

_KINDS: Final = {
    Change.Kind.NEW: EventKind.RELEASE,
    Change.Kind.REVISION: EventKind.RELEASE,
    Change.Kind.CORRECTION: EventKind.CORRECTION,
    Change.Kind.WITHDRAWAL: EventKind.WITHDRAWAL,
    Change.Kind.REDEFINITION: EventKind.REDEFINITION,
    # What was taken out of the record is to be taken out of copies as well.
    Change.Kind.REDACTION: EventKind.WITHDRAWAL,
}


def new_message_id() -> str:
    return f"msg_{secrets.token_hex(16)}"


@transaction.atomic
def queue_changes(now: datetime) -> int:
    """Make the messages of what was published since each webhook was told; how many.

    Any number of workers may do this at once: a webhook is taken by one, and a change is queued
    for it once. Refreshes of derived values and edits of definitions are told to nobody.
    """
    latest = Change.objects.latest_seq()
    behind = Webhook.objects.filter(is_active=True, partner__is_active=True, seen_seq__lt=latest)
    locked = behind.select_for_update(skip_locked=True, of=("self",)).order_by("seen_seq", "pk")
    return sum(_queue(webhook, latest, now) for webhook in locked[:MOST_WEBHOOKS])


def make_missing(webhook: Webhook, *, since: int, now: datetime, most: int) -> int:
    """Make the messages since a change that were never made, the latest `most`; how many.

    The caller holds the webhook.
    """
    had = webhook.deliveries.filter(seq__isnull=False).values("seq")
    changes = Change.objects.filter(seq__gte=since, seq__lte=webhook.seen_seq, kind__in=_KINDS)
    found = changes.exclude(seq__in=had).order_by("-seq").values_list("seq", "kind")
    return _make(webhook, found[:most], now)


def _queue(webhook: Webhook, latest: int, now: datetime) -> int:
    told = Change.objects.filter(seq__gt=webhook.seen_seq, seq__lte=latest, kind__in=_KINDS)
    found = list(told.order_by("seq").values_list("seq", "kind")[:MOST_CHANGES])
    webhook.seen_seq = found[-1][0] if len(found) == MOST_CHANGES else latest
    webhook.save(update_fields=["seen_seq"])
    return _make(webhook, found, now)


def _make(webhook: Webhook, changes: Iterable[tuple[int, str]], now: datetime) -> int:
    rows = [
        Delivery(
            webhook=webhook,
            kind=_KINDS[Change.Kind(kind)].value,
            seq=seq,
            message_id=new_message_id(),
            created_at=now,
            started_at=now,
            next_attempt_at=now,
        )
        for seq, kind in changes
        if _KINDS[Change.Kind(kind)].value in webhook.kinds
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
