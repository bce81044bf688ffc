"""Webhooks: where partners are told of releases, and what became of each message."""

from typing import Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.partner import Partner

LONGEST_URL: Final = 500
LONGEST_EXCERPT: Final = 500


class EventKind(models.TextChoices):
    """What a partner may be told of."""

    RELEASE = "release", pgettext_lazy("kind of message", "release")
    CORRECTION = "correction", _("correction")
    WITHDRAWAL = "withdrawal", _("withdrawal")
    REDEFINITION = "redefinition", _("redefinition")


class Failure(models.TextChoices):
    """Why a message did not arrive; with a status where there was an answer."""

    REFUSED = "refused", _("the answer is no success")
    REDIRECTED = "redirected", _("a redirect, which is not followed")
    GONE = "gone", _("the answer is 410: it is not wanted any more")
    FORBIDDEN = "forbidden", _("the address is not a public one")
    UNKNOWN_NAME = "unknown-name", _("the name of the host leads nowhere")
    TIMEOUT = "timeout", _("no answer in time")
    UNREACHABLE = "unreachable", _("no connection")
    UNSAFE = "unsafe", _("the connection is not safe (certificate)")
    UNREADABLE = "unreadable", _("the answer is no HTTP")
    FAILED = "failed", _("it could not be made")


class Webhook(models.Model):
    """An address of a partner that is told of changes after `seen_seq`, of the kinds it wants.

    The secret signs what is sent, so it cannot be a hash; it is shown once. After a rotation
    messages carry the signatures of both secrets until `old_secret_until`.
    """

    class Off(models.TextChoices):
        STAFF = "staff", _("switched off by staff")
        GONE = "gone", _("the answer was 410: it is not wanted any more")

    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="webhooks", verbose_name=_("partner")
    )
    url = models.CharField(_("address"), max_length=LONGEST_URL)
    kinds = ArrayField(
        models.CharField(max_length=16, choices=EventKind.choices), verbose_name=_("is told of")
    )
    secret = models.CharField(max_length=80, editable=False)
    old_secret = models.CharField(max_length=80, blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    disabled_at = models.DateTimeField(_("switched off at"), null=True, blank=True)
    disabled_reason = models.CharField(
        _("why it is off"), max_length=16, choices=Off.choices, blank=True
    )
    seen_seq = models.BigIntegerField(_("told up to change"))
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["partner", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(kinds=[]), name="webhook_has_kind"),
            models.CheckConstraint(
                condition=Q(is_active=True, disabled_at__isnull=True, disabled_reason="")
                | (Q(is_active=False, disabled_at__isnull=False) & ~Q(disabled_reason="")),
                name="webhook_off_says_why",
            ),
        ]

    def __str__(self) -> str:
        """Without the path: an address may hold what only the partner should know."""
        return f"{self.partner} · {self.url.split('/')[2]}"


class Delivery(models.Model):
    """One message to one webhook: waiting, arrived, or given up.

    `started_at` is when its day of attempts began. The message is made of the Change when it is
    sent, so the record keeps no copy of it.
    """

    class Kind(models.TextChoices):
        RELEASE = "release", pgettext_lazy("kind of message", "release")
        CORRECTION = "correction", _("correction")
        WITHDRAWAL = "withdrawal", _("withdrawal")
        REDEFINITION = "redefinition", _("redefinition")
        TEST = "test", _("test")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ARRIVED = "arrived", _("arrived")
        GIVEN_UP = "given-up", _("given up")

    webhook = models.ForeignKey(
        Webhook, models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    seq = models.BigIntegerField(_("change"), null=True, blank=True)
    message_id = models.CharField(_("message"), max_length=40, unique=True)
    created_at = models.DateTimeField(_("created at"))
    started_at = models.DateTimeField(_("tried since"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    gave_up_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    last_error = models.CharField(_("fault"), max_length=16, choices=Failure.choices, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(next_attempt_at__isnull=False),
                name="delivery_due",
            ),
            models.Index(fields=["webhook", "-id"], name="delivery_of_webhook"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "seq"], name="delivery_once", condition=Q(seq__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(next_attempt_at__isnull=False, delivered_at=None, gave_up_at=None)
                | Q(next_attempt_at=None, delivered_at__isnull=False, gave_up_at=None)
                | Q(next_attempt_at=None, delivered_at=None, gave_up_at__isnull=False),
                name="delivery_waits_or_ended",
            ),
        ]

    def __str__(self) -> str:
        what = self.get_kind_display()
        return f"{what} {self.seq}" if self.seq is not None else str(what)

    @property
    def state(self) -> State:
        if self.next_attempt_at is not None:
            return self.State.WAITING
        return self.State.ARRIVED if self.delivered_at is not None else self.State.GIVEN_UP


class Attempt(models.Model):
    """One request of a delivery: what was answered, the first characters of it, or what failed."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="log")
    at = models.DateTimeField(_("at"))
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    error = models.CharField(_("fault"), max_length=16, choices=Failure.choices, blank=True)
    excerpt = models.CharField(_("answer"), max_length=LONGEST_EXCERPT, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.status or self.error}"
