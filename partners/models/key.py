"""API keys: what is kept of them is a prefix that says what it is, and a hash."""

from datetime import datetime
from typing import Any, ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.crypto import KeyGenerator
from rest_framework_api_key.models import AbstractAPIKey, BaseAPIKeyManager

from partners.models.partner import Partner

MOST_REQUESTS: Final = 10_000_000
_NAME_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # none that is taken for another


class KeyText(KeyGenerator):
    """`fin_live_ab12cd34.<40 letters and digits>`: whose it is and where it is good, then the
    secret of 238 random bits. What has that much needs no slow hash.
    """

    def __init__(self) -> None:
        super().__init__(prefix_length=8, secret_key_length=40)

    def get_prefix(self) -> str:
        name = get_random_string(self.prefix_length, _NAME_LETTERS)
        return f"{settings.API_KEY_PREFIX}_{name}"


class ApiKeyManager(BaseAPIKeyManager):
    key_generator = KeyText()

    def assign_key(self, obj: Any) -> str:
        """The text of a new key, which is nowhere else; the object gets its prefix and hash."""
        key, obj.prefix, obj.hashed_key = self.key_generator.generate()
        return str(key)


class ApiKey(AbstractAPIKey):
    """A key of a partner. Its hash is not part of its own key here: that stands in addresses."""

    class Scope(models.TextChoices):
        READ = "read", _("read data and texts")
        VERIFY = "verify", _("check figures against the record")
        BULK = "bulk", _("take everything at once")

    class State(models.TextChoices):
        GOOD = "good", _("good")
        EXPIRED = "expired", _("expired")
        REVOKED = "revoked", _("revoked")

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    prefix = models.CharField(_("begins with"), max_length=40, unique=True, editable=False)
    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="keys", verbose_name=_("partner")
    )
    scopes = ArrayField(
        models.CharField(max_length=16, choices=Scope.choices), verbose_name=_("scopes")
    )
    quota = models.PositiveIntegerField(
        _("quota"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_REQUESTS)],
        help_text=_("Requests in a window; empty: what the site gives every key."),
    )
    # The first key of a line of rotations: while two of them are good they share its quota.
    counts_as = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rotations",
        verbose_name=_("counts as"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    objects: ClassVar[ApiKeyManager] = ApiKeyManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked=False, revoked_at__isnull=True)
                | Q(revoked=True, revoked_at__isnull=False),
                name="api_key_revoked_has_time",
            ),
            models.CheckConstraint(condition=~Q(scopes=[]), name="api_key_has_scope"),
            models.CheckConstraint(
                condition=Q(quota__isnull=True) | Q(quota__gte=1), name="api_key_quota_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} ({self.name})"

    def state(self, now: datetime) -> State:
        if self.revoked:
            return self.State.REVOKED
        has_expired = self.expiry_date is not None and self.expiry_date <= now
        return self.State.EXPIRED if has_expired else self.State.GOOD
