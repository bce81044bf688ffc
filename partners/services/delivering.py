"""Sending messages: signed, tried again with growing gaps for a day, each by one worker at a time.

A worker takes a message by moving its next attempt to when it will surely have ended (LEASE), and
commits; so no row is locked while a stranger's machine answers, and a message whose worker died
is tried again.
"""

import json
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from standardwebhooks.webhooks import Webhook as Signer

from partners.models import Attempt, Delivery, Failure, Webhook
from partners.models.webhook import LONGEST_EXCERPT
from partners.outgoing.posting import Answer, PostError, post
from partners.selectors.messages import message

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=3)
DAY: Final = timedelta(days=1)
GAPS: Final = (
    timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20),
    timedelta(hours=1), timedelta(hours=2), timedelta(hours=4), timedelta(hours=8),
)  # fmt: skip
JITTER: Final = (0.8, 1.2)
LONGEST_WISH: Final = timedelta(hours=1)
KEEP: Final = timedelta(days=90)
USER_AGENT: Final = "fintechsite-webhooks/1"
# The receiver is in trouble, not with this message only.
_TROUBLE: Final = frozenset({429, *range(500, 600)})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt: `error` is "" where the message arrived."""

    status: int | None
    error: str
    excerpt: str
    milliseconds: int
    wish: timedelta = timedelta()

    @property
    def is_trouble(self) -> bool:
        return self.status in _TROUBLE or self.status is None


def deliver_due(clock: Callable[[], datetime] = timezone.now, *, seconds: float = 20.0) -> int:
    """Send what is due, for that long at most; how many attempts. Outside a transaction."""
    begun, count = monotonic(), 0
    while monotonic() - begun < seconds:
        delivery = _taken(clock())
        if delivery is None:
            break
        outcome = _send(delivery, clock())
        _record(delivery, outcome, clock())
        count += 1
    return count


@transaction.atomic
def _taken(now: datetime) -> Delivery | None:
    """The next message that is due, for this worker alone."""
    due = Delivery.objects.filter(
        next_attempt_at__lte=now, webhook__is_active=True, webhook__partner__is_active=True
    )
    rows = due.select_related("webhook").order_by("next_attempt_at", "id")
    delivery: Delivery | None = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if delivery is not None:
        delivery.attempts += 1
        delivery.next_attempt_at = now + LEASE
        delivery.save(update_fields=["attempts", "next_attempt_at"])
    return delivery


def _send(delivery: Delivery, now: datetime) -> Outcome:
    """One attempt; whatever goes wrong is its outcome, and holds up no other message."""
    begun, answer, error = monotonic(), None, ""
    try:
        answer = _posted(delivery, now)
    except PostError as failure:
        error = failure.code
    except Exception:
        logger.exception("webhook_failed", extra={"message_id": delivery.message_id})
        error = Failure.FAILED.value
    milliseconds = round((monotonic() - begun) * 1000)
    if answer is None:
        return Outcome(None, error, "", milliseconds)
    return _outcome(answer, milliseconds)


def _posted(delivery: Delivery, now: datetime) -> Answer:
    body = json.dumps(message(delivery), ensure_ascii=False, separators=(",", ":"))
    kind = {"Content-Type": "application/json", "User-Agent": USER_AGENT}
    return post(
        delivery.webhook.url,
        body.encode(),
        kind | signed(delivery, body, now),
        seconds=settings.WEBHOOK_TIMEOUT_SECONDS,
        is_local_allowed=settings.WEBHOOK_LOCAL,
    )


def signed(delivery: Delivery, body: str, now: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks: id, second, and a signature by each secret in force."""
    webhook = delivery.webhook
    secrets = [webhook.secret]
    if webhook.old_secret_until is not None and now < webhook.old_secret_until:
        secrets.append(webhook.old_secret)
    at = now.astimezone(UTC)
    signatures = [Signer(secret).sign(delivery.message_id, at, body) for secret in secrets]
    return {
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _outcome(answer: Answer, milliseconds: int) -> Outcome:
    error = ""
    if answer.status == 410:
        error = Failure.GONE.value
    elif 300 <= answer.status < 400:
        error = Failure.REDIRECTED.value
    elif not 200 <= answer.status < 300:
        error = Failure.REFUSED.value
    wish = min(timedelta(seconds=answer.retry_after or 0), LONGEST_WISH)
    excerpt = answer.beginning[:LONGEST_EXCERPT]
    return Outcome(answer.status, error, excerpt, milliseconds, wish)


@transaction.atomic
def _record(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """What came of it. Where another worker took the message meanwhile, only the log says so:
    each taking counts one attempt more.
    """
    Attempt.objects.create(
        delivery=delivery,
        at=now,
        milliseconds=outcome.milliseconds,
        status=outcome.status,
        error=outcome.error,
        excerpt=outcome.excerpt,
    )
    mine = Delivery.objects.filter(
        pk=delivery.pk, attempts=delivery.attempts, next_attempt_at__isnull=False
    )
    again_at = next_attempt(delivery, outcome, now)
    ended = "delivered_at" if not outcome.error else "gave_up_at"
    mine.update(
        last_status=outcome.status,
        last_error=outcome.error,
        next_attempt_at=again_at,
        **({} if again_at else {ended: now}),
    )
    _tell_log(delivery, outcome)
    if outcome.error == Failure.GONE:
        _switch_off_gone(delivery.webhook_id, now)
    elif again_at is not None and outcome.is_trouble:
        # Asked once a gap, not once for each message that waits.
        waiting = Delivery.objects.filter(webhook=delivery.webhook_id, next_attempt_at__lt=again_at)
        waiting.update(next_attempt_at=again_at)


def next_attempt(delivery: Delivery, outcome: Outcome, now: datetime) -> datetime | None:
    """When to try again; None where it arrived, is not wanted, or its day is over.

    Gaps grow, and differ by chance so that receivers which come back are not asked all at once;
    the last attempt is made when the day ends.
    """
    last = delivery.started_at + DAY
    if not outcome.error or outcome.error == Failure.GONE or now >= last:
        return None
    gap = GAPS[min(delivery.attempts, len(GAPS)) - 1] * random.uniform(*JITTER)  # noqa: S311
    return min(now + max(gap, outcome.wish), last)


def _switch_off_gone(webhook_id: int, now: datetime) -> None:
    Webhook.objects.filter(pk=webhook_id, is_active=True).update(
        is_active=False, disabled_at=now, disabled_reason=Webhook.Off.GONE
    )


def _tell_log(delivery: Delivery, outcome: Outcome) -> None:
    """By numbers only: addresses may hold what only the partner should know."""
    facts = {
        "webhook": delivery.webhook_id,
        "message_id": delivery.message_id,
        "attempt": delivery.attempts,
        "status": outcome.status,
        "error": outcome.error,
    }
    logger.log(logging.WARNING if outcome.error else logging.INFO, "webhook_attempt", extra=facts)


def clear_log(now: datetime) -> None:
    """Forget what ended long ago."""
    ended = Delivery.objects.filter(next_attempt_at=None, created_at__lt=now - KEEP)
    ended.delete()
