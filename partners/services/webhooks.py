"""Webhooks as staff change them: made, given other secrets, switched, tried, replayed."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from metrics.models import Change
from metrics.nudge import nudge
from partners.models import Delivery, Partner, Webhook
from partners.services.queueing import make_missing, new_message_id

DELIVER_TASK: Final = "partners.deliver"
SECRET_BYTES: Final = 32
# How long both secrets sign after a rotation.
SECRET_OVERLAP: Final = timedelta(days=1)
MOST_REPLAYED: Final = 1_000


class WebhookStateError(ValidationError):
    """What was asked for does not go with how the webhook stands."""


def create_webhook(
    partner: Partner, *, url: str, kinds: Sequence[str], actor: Any, now: datetime
) -> tuple[Webhook, str]:
    """A webhook that is told of what is published from now on, and its secret, to show once."""
    secret = _new_secret()
    webhook = Webhook.objects.create(
        partner=partner,
        url=url,
        kinds=sorted(set(kinds)),
        secret=secret,
        seen_seq=Change.objects.latest_seq(),
        created_at=now,
        created_by=actor if getattr(actor, "pk", None) else None,
    )
    return webhook, secret


def change_webhook(webhook: Webhook, *, url: str, kinds: Sequence[str]) -> None:
    """Another address, or other kinds from now on."""
    webhook.url, webhook.kinds = url, sorted(set(kinds))
    webhook.save(update_fields=["url", "kinds"])


@transaction.atomic
def rotate_secret(webhook: Webhook, *, now: datetime) -> str:
    """A new secret, to show once; for a day what is sent is signed with the old one as well."""
    locked = _locked(webhook)
    locked.old_secret, locked.old_secret_until = locked.secret, now + SECRET_OVERLAP
    locked.secret = _new_secret()
    locked.save(update_fields=["secret", "old_secret", "old_secret_until"])
    return locked.secret


@transaction.atomic
def switch_off(webhook: Webhook, *, reason: str, now: datetime) -> None:
    """Send nothing any more. What waits stays waiting."""
    locked = _locked(webhook)
    if locked.is_active:
        locked.is_active, locked.disabled_at, locked.disabled_reason = False, now, reason
        locked.save(update_fields=["is_active", "disabled_at", "disabled_reason"])


@transaction.atomic
def switch_on(webhook: Webhook, *, now: datetime) -> None:
    """Send again; what was published meanwhile follows, and what waited has its day anew."""
    locked = _locked(webhook)
    if locked.is_active:
        return
    locked.is_active, locked.disabled_at, locked.disabled_reason = True, None, ""
    locked.save(update_fields=["is_active", "disabled_at", "disabled_reason"])
    waiting = locked.deliveries.filter(next_attempt_at__isnull=False)
    waiting.update(started_at=now, next_attempt_at=now)
    nudge(DELIVER_TASK)


@transaction.atomic
def send_test(webhook: Webhook, *, now: datetime) -> Delivery:
    """A message that tells of nothing. Raises WebhookStateError for one that is off."""
    locked = _locked(webhook)
    if not locked.is_active:
        raise WebhookStateError(_("The webhook is off."))
    delivery: Delivery = Delivery.objects.create(
        webhook=locked,
        kind=Delivery.Kind.TEST,
        message_id=new_message_id(),
        created_at=now,
        started_at=now,
        next_attempt_at=now,
    )
    nudge(DELIVER_TASK)
    return delivery


@transaction.atomic
def replay_delivery(delivery: Delivery, *, now: datetime) -> None:
    """Send a message that ended once more, under the id it has: who got it knows it by that.

    Raises WebhookStateError where the webhook is off or the message still waits.
    """
    if not _locked(delivery.webhook).is_active:
        raise WebhookStateError(_("The webhook is off."))
    ended = Delivery.objects.filter(pk=delivery.pk, next_attempt_at=None)
    if not _begin_anew(ended, now):
        raise WebhookStateError(_("The message still waits to be sent."))
    nudge(DELIVER_TASK)


@transaction.atomic
def replay_since(webhook: Webhook, *, seq: int, now: datetime) -> int:
    """Send everything since a change once more, that change included; how many messages.

    Messages that were never made (of before the webhook, or of kinds that it was not told of) are
    made; those that wait, wait on. At most MOST_REPLAYED, the latest. Raises WebhookStateError.
    """
    locked = _locked(webhook)
    if not locked.is_active:
        raise WebhookStateError(_("The webhook is off."))
    made = make_missing(locked, since=seq, now=now, most=MOST_REPLAYED)
    ended = locked.deliveries.filter(seq__gte=seq, next_attempt_at=None)
    newest = ended.order_by("-seq").values_list("pk", flat=True)[: MOST_REPLAYED - made]
    count = made + _begin_anew(Delivery.objects.filter(pk__in=list(newest)), now)
    nudge(DELIVER_TASK)
    return count


def _begin_anew(rows: Any, now: datetime) -> int:
    return int(
        rows.update(
            attempts=0, started_at=now, next_attempt_at=now, delivered_at=None, gave_up_at=None
        )
    )


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _locked(webhook: Webhook) -> Webhook:
    locked: Webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    return locked
